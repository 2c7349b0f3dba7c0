"""What the provider's notices need of the world outside the use cases."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True)
class Notice:
    """What the provider sent by itself, as it came: a hint, for its payment notices are not signed."""

    id: UUID
    transmission_id: str | None
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class Hint:
    """What a notice is about. A deposit notice has to carry the secret that the virtual account was issued with."""

    charge_id: UUID
    of_deposit: bool = False
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class ClaimedNotice:
    """A notice that is being worked on."""

    id: UUID
    body: bytes
    tries: int


class Notices(Protocol):
    """The provider's notices: kept raw, worked on later."""

    def keep(self, notice: Notice) -> None:
        """Keep a notice; one of the same transmission is kept once."""

    def claim_due(self, lease: timedelta) -> ClaimedNotice | None:
        """Claim one notice that is due; None when there is none."""

    def postpone(self, notice_id: UUID, delay: timedelta, note: str) -> None:
        """Let a notice come again after the delay."""

    def close(self, notice_id: UUID, note: str) -> None:
        """Be done with a notice."""
