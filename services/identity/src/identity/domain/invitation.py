"""서브회원 초대: rows that a master enters, and the invitation that each good one becomes (IDN-15 … IDN-17)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from identity.domain.contact import parse_email, parse_phone
from identity.domain.deadline import end_of_days_after
from identity.domain.errors import (
    CodeNotRequestedError,
    InvalidValueError,
    InvitationNotFoundError,
    InvitationTooSoonError,
    PhoneNotProvenError,
    StaleChangeError,
)

NAME_LENGTH_MAX = 50


@dataclass(frozen=True)
class InvitationRules:
    """Rows at once (IDN-15), days that an invitation lives (IDN-17), and the least time between two mails of one."""

    rows_max: int
    lifetime_days: int
    resend: timedelta


@dataclass(frozen=True)
class InvitationRow:
    """One row as typed."""

    email: str = field(repr=False)
    name: str = field(repr=False)
    phone: str = field(repr=False)


class RowFault(StrEnum):
    """Why a row fails by itself (IDN-15)."""

    EMAIL_INVALID = "email_invalid"
    NAME_INVALID = "name_invalid"
    PHONE_INVALID = "phone_invalid"
    REPEATED = "repeated"
    REGISTERED = "registered"
    PENDING = "pending"

    @property
    def texts(self) -> tuple[str, str]:
        """What the master is told, in Korean and English."""
        return _FAULT_TEXTS[self]


_FAULT_TEXTS = {
    RowFault.EMAIL_INVALID: ("이메일주소 형식이 올바르지 않습니다.", "This is not the form of an email address."),
    RowFault.NAME_INVALID: ("이름을 50자 이내로 입력해 주세요.", "A name has 1 to 50 characters."),
    RowFault.PHONE_INVALID: ("휴대전화번호 형식이 올바르지 않습니다.", "This is not a Korean mobile phone number."),
    RowFault.REPEATED: ("목록에 같은 이메일주소가 있습니다.", "The list has this address already."),
    RowFault.REGISTERED: ("이미 등록되어 있는 이메일주소입니다.", "This address is registered already."),
    RowFault.PENDING: ("이미 초대되어 가입을 기다리는 이메일주소입니다.", "This address is invited already."),
}


def judge_rows(
    rows: Sequence[InvitationRow], *, registered: Collection[str], pending: Collection[str]
) -> Iterator[InvitationRow | RowFault]:
    """Each row in its normal form, or why it fails; rows do not hinder one another (IDN-15)."""
    seen: set[str] = set()
    for row in rows:
        judged = _judge(row, seen, registered, pending)
        if isinstance(judged, InvitationRow):
            seen.add(judged.email)
        yield judged


def _judge(
    row: InvitationRow, seen: Collection[str], registered: Collection[str], pending: Collection[str]
) -> InvitationRow | RowFault:
    try:
        email = parse_email(row.email)
    except InvalidValueError:
        return RowFault.EMAIL_INVALID
    name = " ".join(row.name.split())
    if not 1 <= len(name) <= NAME_LENGTH_MAX:
        return RowFault.NAME_INVALID
    try:
        phone = parse_phone(row.phone)
    except InvalidValueError:
        return RowFault.PHONE_INVALID
    for fault, addresses in (
        (RowFault.REPEATED, seen),
        (RowFault.REGISTERED, registered),
        (RowFault.PENDING, pending),
    ):
        if email in addresses:
            return fault
    return InvitationRow(email, name, phone)


@dataclass(frozen=True)
class Invitation:
    """가입대기: who is invited into which company, as the master entered it. The member will have the same id."""

    id: UUID
    company_id: UUID
    invited_by: UUID
    email: str = field(repr=False)
    name: str = field(repr=False)
    phone: str = field(repr=False)
    token_hash: bytes = field(repr=False)
    sent_at: datetime
    expires_at: datetime
    sendings: int = 1
    """How often it was mailed; also the version of its timer."""
    code_id: UUID | None = None
    phone_proven_at: datetime | None = None

    def send_again(self, token_hash: bytes, at: datetime, rules: InvitationRules) -> "Invitation":
        """Mailed anew, under a new link, for the full time (IDN-17). Raises `InvitationTooSoonError`."""
        wait = self.sent_at + rules.resend - at
        if wait > timedelta(0):
            raise InvitationTooSoonError(wait)
        return replace(
            self,
            token_hash=token_hash,
            sent_at=at,
            expires_at=end_of_days_after(at, rules.lifetime_days),
            sendings=self.sendings + 1,
            code_id=None,
            phone_proven_at=None,
        )

    def is_over(self, at: datetime) -> bool:
        """Whether its days are over; from then on it opens nothing, also before it is deleted."""
        return at >= self.expires_at

    def require_open(self, at: datetime) -> None:
        """Raises `InvitationNotFoundError` when its days are over."""
        if self.is_over(at):
            raise InvitationNotFoundError

    def sent_code(self, code_id: UUID) -> "Invitation":
        """A code is on its way to the phone that the master entered; an earlier proof no longer counts."""
        return replace(self, code_id=code_id, phone_proven_at=None)

    def require_code(self) -> UUID:
        """The code that was sent last. Raises `CodeNotRequestedError`."""
        if self.code_id is None:
            raise CodeNotRequestedError
        return self.code_id

    def prove_phone(self, code_id: UUID, at: datetime) -> "Invitation":
        """The code was right. Raises `StaleChangeError` when a later one was sent meanwhile."""
        if self.code_id != code_id:
            raise StaleChangeError
        return replace(self, phone_proven_at=at)

    def require_proven(self) -> None:
        """Raises `PhoneNotProvenError`: who joins proves the very number that the master entered (IDN-16)."""
        if self.phone_proven_at is None:
            raise PhoneNotProvenError
