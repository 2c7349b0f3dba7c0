"""What messaging refuses."""

from collections.abc import Mapping, Sequence
from uuid import UUID


class MessagingError(Exception):
    """Any refusal of messaging."""


class TemplateNotFound(MessagingError):
    """No template has this id and version."""

    def __init__(self, template_id: UUID, version: int | None = None) -> None:
        super().__init__(f"no template {template_id} version {version}")
        self.template_id = template_id
        self.version = version


class ValueMissing(MessagingError):
    """A used variable has no value."""

    def __init__(self, variables: Sequence[str]) -> None:
        super().__init__("no value for a used variable")
        self.variables = tuple(variables)


class MessageTooLong(MessagingError):
    """The filled text passes a limit, or both: the form's in bytes, the provider's in letters (ORD-13).

    `passed` names those limits, each as its unit with the count and what it may be.
    """

    def __init__(self, passed: Mapping[str, tuple[int, int]]) -> None:
        self.passed = {unit: {"count": count, "at_most": at_most} for unit, (count, at_most) in passed.items()}
        self.shown = ", ".join(f"{count:,}/{at_most:,} {unit}" for unit, (count, at_most) in passed.items())
        super().__init__(self.shown)


class IllegalTransition(MessagingError):
    """A delivery cannot take this step from where it stands."""

    def __init__(self, state: str, step: str) -> None:
        super().__init__(f"a delivery that is {state} cannot be {step}")
        self.state = state
        self.step = step


class PhoneNotAllowed(MessagingError):
    """The text is no mobile number."""
