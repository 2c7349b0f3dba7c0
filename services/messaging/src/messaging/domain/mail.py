"""A mail on its way."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True)
class Mail:
    """A mail with HTML and text part. The id makes its Message-ID, so that a repetition is seen as one."""

    id: UUID
    to: str = field(repr=False)
    subject: str
    text: str = field(repr=False)
    html: str = field(repr=False)
