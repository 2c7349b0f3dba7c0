"""What the use cases of notifications need from the outside (MSG-07)."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from contracts.identity import MemberState
from contracts.values import PaymentMethod, Sealed
from messaging.application.ports import Mails
from messaging.domain.code import PostState
from messaging.domain.notice import Notice
from messaging.domain.notification import NotificationChoice, NotificationKind, Occasion


@dataclass(frozen=True)
class Addressee:
    """Our copy of a member; how to reach it stays sealed, and is not kept of one who has withdrawn."""

    id: UUID
    version: int
    company_id: UUID
    is_master: bool
    state: MemberState
    name: str
    email: Sealed[str] | None
    phone: Sealed[str] | None


@dataclass(frozen=True)
class Addressor:
    """Our copy of a company."""

    id: UUID
    version: int
    name: str
    master_id: UUID
    method: PaymentMethod


class Early(Exception):
    """News of a member or company that nothing was heard of yet; `key` names whom it waits for."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Addressees(Protocol):
    """Copies of members and companies, each kept at its highest version."""

    def member(self, member_id: UUID) -> Addressee:
        """Raises `Early`."""

    def company(self, company_id: UUID) -> Addressor:
        """Raises `Early`."""

    def keep_member(self, member: Addressee) -> None:
        """Keep a member's present state, and let news in that came before it."""

    def keep_company(self, company: Addressor) -> None:
        """Keep a company's present state, and let news in that came before it."""


class Choices(Protocol):
    """What members chose."""

    def of(self, member_id: UUID) -> Mapping[NotificationKind, NotificationChoice]:
        """Every kind's choice; the default where the member chose nothing."""

    def put(self, member_id: UUID, choices: Sequence[NotificationChoice], now: datetime) -> None:
        """Keep these in place of what was chosen of the same kinds."""


class Notices(Protocol):
    """Alimtalks to members on their way."""

    def add(self, notice: Notice, held_until: datetime | None) -> bool:
        """Queue a notice, to go at once unless held; False when it is there already."""

    def claim(self, rows_max: int, now: datetime) -> Sequence[Notice]:
        """Queued notices that are due, noted as sent so that each leaves at most once."""

    def settle(self, notice_id: UUID, state: PostState, reason: str) -> None:
        """Note the end and forget text and target."""

    def postpone(self, notice_id: UUID, reason: str, next_try_at: datetime) -> None:
        """Queue a notice again that surely did not leave."""


class NotificationTexts(Protocol):
    """The alimtalk of each occasion, and reasons in words."""

    def notice(self, occasion: Occasion, to: str, notice_id: UUID, values: Mapping[str, str]) -> Notice:
        """The alimtalk of an occasion."""

    def reason(self, code: str) -> str:
        """Why something did not come about, and what the member can do."""


class NotificationWork(Protocol):
    """One transaction on notifications."""

    @property
    def addressees(self) -> Addressees: ...
    @property
    def choices(self) -> Choices: ...
    @property
    def mails(self) -> Mails: ...
    @property
    def notices(self) -> Notices: ...

    def now(self) -> datetime:
        """The business clock, aware and UTC."""


NotificationTransaction = Callable[[], AbstractContextManager[NotificationWork]]
"""Opens a transaction that commits at the end of its block."""
