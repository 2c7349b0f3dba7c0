"""What identity says: companies, members, applications and sessions."""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from contracts.event import Event, EventKind, StateEvent
from contracts.values import (
    CompanyId,
    Count,
    Krw,
    MemberId,
    MemberRole,
    PaymentMethod,
    PhoneNumber,
    Sealed,
    UtcTime,
    Version,
)


class CompanyState(StrEnum):
    """Whether a company may use the service; while its payment method changes, it takes nothing new (IDN-28)."""

    APPROVED = "approved"
    CHANGING_PAYMENT = "changing_payment"
    SUSPENDED = "suspended"


class MemberState(StrEnum):
    """정상, 이용중지, 휴면, 탈퇴대기, 탈퇴 (IDN-18); a pending invitation is not yet a member."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    DORMANT = "dormant"
    WITHDRAWAL_REQUESTED = "withdrawal_requested"
    WITHDRAWN = "withdrawn"


class CompanyChanged(StateEvent):
    """The whole present state of an approved company."""

    type: ClassVar[str] = "identity.company_changed.v1"
    summary: ClassVar[str] = "A company was approved or its data changed; carries all of it."

    company_id: CompanyId
    version: Version
    state: CompanyState
    name: str
    representative_name: str
    business_number: str
    payment_method: PaymentMethod
    master_id: MemberId
    approved_at: UtcTime

    @property
    def subject(self) -> str:
        return str(self.company_id)


class MemberStateChanged(StateEvent):
    """The whole present state of a member; how to reach the member travels sealed."""

    type: ClassVar[str] = "identity.member_state_changed.v1"
    summary: ClassVar[str] = "A member joined or changed; carries all of it."

    member_id: MemberId
    company_id: CompanyId
    version: Version
    role: MemberRole
    state: MemberState
    name: str
    department: str
    title: str
    email: Sealed[str]
    phone: Sealed[PhoneNumber]
    joined_at: UtcTime

    @property
    def subject(self) -> str:
        return str(self.member_id)


class CashLikeGranted(StateEvent):
    """The permission to buy cash-like products (환금성) and its limit a Seoul month (IDN-23)."""

    type: ClassVar[str] = "identity.cash_like_granted.v1"
    summary: ClassVar[str] = "An operator granted, changed or revoked the cash-like permission of a company."

    company_id: CompanyId
    version: Version
    permitted: bool
    monthly_limit_krw: Krw

    @property
    def subject(self) -> str:
        return str(self.company_id)


class CreditContracted(Event):
    """A postpaid company was approved under its contract; wallet keeps the limit, and operators change it there."""

    type: ClassVar[str] = "identity.credit_contracted.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "A postpaid company was approved, with its contract's limit a Seoul month."

    company_id: CompanyId
    monthly_limit_krw: Krw
    starts_on: date
    contracted_at: UtcTime

    @property
    def subject(self) -> str:
        return str(self.company_id)


class SessionsRevoked(StateEvent):
    """Tokens of the subject below the generation are refused everywhere (IDN-13)."""

    type: ClassVar[str] = "identity.sessions_revoked.v1"
    summary: ClassVar[str] = "The lowest valid session generation of a member, company or operator was raised."

    subject_id: UUID
    version: Version
    lowest_generation: int

    @property
    def subject(self) -> str:
        return str(self.subject_id)


class MemberInvited(Event):
    """A master invited somebody, or had the mail sent again; the link opens the joining page (IDN-16)."""

    type: ClassVar[str] = "identity.member_invited.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "An invitation to become a sub-member is to be mailed."

    invitation_id: UUID
    sending: Count
    company_name: str
    inviter_name: str
    invitee_name: str
    email: Sealed[str]
    link: Sealed[str]
    sent_at: UtcTime
    expires_at: UtcTime

    @property
    def subject(self) -> str:
        return str(self.invitation_id)


class PasswordResetMade(Event):
    """A member forgot the password; the link sets a new one, once, until it expires (IDN-14)."""

    type: ClassVar[str] = "identity.password_reset_made.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "A link for a new password is to be mailed."

    reset_id: UUID
    name: str
    email: Sealed[str]
    link: Sealed[str]
    expires_at: UtcTime

    @property
    def subject(self) -> str:
        return str(self.reset_id)


class DormancyNear(Event):
    """An account was not used for long and will become dormant unless its member logs in (IDN-19)."""

    type: ClassVar[str] = "identity.dormancy_near.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "A member is to be warned that the account becomes dormant."

    warning_id: UUID
    member_id: MemberId
    name: str
    email: Sealed[str]
    dormant_at: UtcTime

    @property
    def subject(self) -> str:
        return str(self.warning_id)


class ApplicationSubmitted(Event):
    """A sign-up is complete and waits for an operator."""

    type: ClassVar[str] = "identity.application_submitted.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "A company's sign-up waits for an operator's decision."

    application_id: UUID
    company_name: str
    applicant_name: str
    email: Sealed[str]
    submitted_at: UtcTime

    @property
    def subject(self) -> str:
        return str(self.application_id)


class ApplicationDecided(Event):
    """An operator approved or rejected a sign-up; a rejection has its reason (IDN-07)."""

    type: ClassVar[str] = "identity.application_decided.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "An operator approved or rejected a company's sign-up."

    application_id: UUID
    company_name: str
    applicant_name: str
    email: Sealed[str]
    approved: bool
    reason: str | None = None
    decided_at: UtcTime

    @property
    def subject(self) -> str:
        return str(self.application_id)


class OpenAffairsAsked(Event):
    """What is open for a member, or for the whole company? The subject takes nothing new until it is decided."""

    type: ClassVar[str] = "identity.open_affairs_asked.v1"
    kind: ClassVar[EventKind] = EventKind.FACT
    summary: ClassVar[str] = "Identity asks what is open before a withdrawal or a change of payment (IDN-20, IDN-28)."

    request_id: UUID
    company_id: CompanyId
    member_id: MemberId | None = None
    """The member that is asked about; without one, the company with all its members."""
    subject_version: Version | None = None
    """The version of the subject's state that an answer waits for; where it decides, the one that froze the subject."""
    asked_at: UtcTime

    @property
    def subject(self) -> str:
        return str(self.request_id)
