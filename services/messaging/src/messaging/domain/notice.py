"""A notification's alimtalk on its way to a member: sent at most once, forgotten when sent (MSG-07)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from messaging.domain.template import filled


@dataclass(frozen=True)
class NoticeText:
    """An alimtalk of the service's own: the text that the provider approved under a code, and the MMS's title."""

    provider_code: str
    title: str
    body: str

    def filled(self, values: Mapping[str, str]) -> str:
        """The text with every variable replaced. Raises `ValueMissing`, `MessageTooLong`."""
        return filled(self.body, values)


@dataclass(frozen=True)
class Notice:
    """An alimtalk to a member. The id is our key at the provider."""

    id: UUID
    to: str = field(repr=False)
    provider_code: str
    title: str
    body: str
    """The approved text with its variables: some providers fill them themselves."""
    text: str = field(repr=False)
