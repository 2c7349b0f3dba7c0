"""What messaging refuses."""

from collections.abc import Sequence
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
    """The filled text is longer than the provider takes."""

    def __init__(self, letters: int, letters_max: int) -> None:
        super().__init__(f"{letters} letters, {letters_max} at most")
        self.letters = letters
        self.letters_max = letters_max


class IllegalTransition(MessagingError):
    """A delivery cannot take this step from where it stands."""

    def __init__(self, state: str, step: str) -> None:
        super().__init__(f"a delivery that is {state} cannot be {step}")
        self.state = state
        self.step = step


class PhoneNotAllowed(MessagingError):
    """The text is no mobile number."""
