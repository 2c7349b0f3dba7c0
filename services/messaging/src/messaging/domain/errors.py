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


class TemplateStepNotAllowed(MessagingError):
    """A version of a template cannot take this step from where it stands (MSG-04)."""

    def __init__(self, state: str, step: str) -> None:
        super().__init__(f"a template that is {state} cannot {step}")
        self.state = state
        self.step = step


class TemplateChanged(MessagingError):
    """Somebody made a newer version meanwhile."""

    def __init__(self, version: int) -> None:
        super().__init__(f"version {version} is the newest")
        self.version = version


class ProviderCodeTaken(MessagingError):
    """The code stands for another text at the provider."""

    def __init__(self, provider_code: str) -> None:
        super().__init__(provider_code)
        self.provider_code = provider_code


class SubmissionNotOffered(MessagingError):
    """The message provider in use has no way of submitting templates here."""


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
