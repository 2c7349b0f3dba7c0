"""A one-time code on its way: dropped when late, forgotten when sent."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class CodeChannel(StrEnum):
    """The way a code goes."""

    SMS = "sms"
    MAIL = "mail"


class PostState(StrEnum):
    """Where a code or a mail stands."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    EXPIRED = "expired"


@dataclass(frozen=True)
class OutgoingCode:
    """A code to deliver. Neither code nor target shows in a representation."""

    id: UUID
    purpose: str
    channel: CodeChannel
    to: str = field(repr=False)
    code: str = field(repr=False)
    expires_at: datetime = field(repr=True)

    def is_late(self, now: datetime) -> bool:
        """Whether the code would arrive when it no longer counts."""
        return now >= self.expires_at
