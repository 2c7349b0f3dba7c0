"""What the service keeps, as the use cases see it; repositories fulfil it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from identity.application.sub_member_list import SubMemberLine, SubMemberQuery
from identity.domain.business_number import BusinessNumber
from identity.domain.company import Company
from identity.domain.invitation import Invitation
from identity.domain.login import LoginChallenge, PasswordAttempts, SubjectKind
from identity.domain.member import Member
from identity.domain.operator import Operator
from identity.domain.order_figure import OrderFigure
from identity.domain.session import RefreshToken, SessionFamily
from identity.domain.sign_up import SignUp, SignUpState
from identity.domain.terms import Agreement, TermsDocument


class SignUps(Protocol):
    """The applications."""

    def add(self, sign_up: SignUp) -> None:
        """Keep a new one."""

    def get(self, sign_up_id: UUID) -> SignUp | None:
        """The application as it is, for reading."""

    def get_for_update(self, sign_up_id: UUID) -> SignUp | None:
        """The application, locked until the transaction ends."""

    def save(self, sign_up: SignUp) -> None:
        """Keep a change. Raises `CompanyAlreadyRegisteredError` or `EmailInUseError` when it would be a second one."""

    def page(self, state: SignUpState, after: UUID | None, rows_max: int) -> Sequence[SignUp]:
        """Applications in a state, the oldest first, from the one after `after`."""

    def is_waiting_with_number(self, number: BusinessNumber) -> bool:
        """Whether a submitted application names the number (IDN-27)."""

    def is_waiting_with_email(self, email: str) -> bool:
        """Whether a submitted application has the address (IDN-04)."""

    def waiting_with_emails(self, emails: Collection[str]) -> frozenset[str]:
        """Which of the addresses a submitted application has."""


class Companies(Protocol):
    """The approved companies."""

    def add(self, company: Company) -> None:
        """Keep a new one. Raises `CompanyAlreadyRegisteredError`."""

    def get(self, company_id: UUID) -> Company | None:
        """The company, for reading."""

    def has_number(self, number: BusinessNumber) -> bool:
        """Whether a company of this number is there (IDN-27)."""


class Members(Protocol):
    """The members of all companies."""

    def add(self, member: Member, agreements: Iterable[Agreement]) -> None:
        """Keep a new one with what it agreed to. Raises `EmailInUseError`."""

    def get(self, member_id: UUID) -> Member | None:
        """The member, for reading."""

    def get_for_update(self, member_id: UUID) -> Member | None:
        """The member, locked until the transaction ends."""

    def by_email(self, email: str) -> Member | None:
        """The member with this login id; withdrawn ones have none any more."""

    def registered(self, emails: Collection[str]) -> frozenset[str]:
        """Which of the addresses are login ids."""

    def save(self, member: Member) -> None:
        """Keep a change."""


class Invitations(Protocol):
    """The invitations that wait."""

    def add(self, invitation: Invitation) -> None:
        """Keep a new one. Raises `InvitationPendingError` when the address has one already."""

    def get_for_update(self, invitation_id: UUID) -> Invitation | None:
        """The invitation, locked until the transaction ends."""

    def by_token_for_update(self, token_hash: bytes) -> Invitation | None:
        """The invitation whose link was mailed last with this token, locked until the transaction ends."""

    def pending(self, emails: Collection[str]) -> frozenset[str]:
        """Which of the addresses have an invitation that waits."""

    def save(self, invitation: Invitation) -> None:
        """Keep a change."""

    def remove(self, invitation_id: UUID) -> None:
        """Forget it."""


class SubMembers(Protocol):
    """The list of a company's sub-members and invitations (IDN-26)."""

    def page(self, query: SubMemberQuery, rows_max: int) -> Sequence[SubMemberLine]:
        """Rows in the order asked for, from the one after `query.after`."""


class OrderFigures(Protocol):
    """Sums of orders, and of each member's orders together (IDN-26)."""

    def get_for_update(self, order_id: UUID) -> OrderFigure:
        """The order's sums, locked until the transaction ends; empty for one that was not heard of."""

    def save(self, figure: OrderFigure) -> None:
        """Keep a change."""

    def add_to_member(self, member_id: UUID, amount_krw: int) -> None:
        """Add to (or, when negative, take from) the member's sum."""


class Operators(Protocol):
    """The back-office staff."""

    def add(self, operator: Operator) -> None:
        """Keep a new one. Raises `OperatorExistsError`."""

    def get_for_update(self, operator_id: UUID) -> Operator | None:
        """The operator, locked until the transaction ends."""

    def by_email(self, email: str) -> Operator | None:
        """The operator with this login id."""

    def save(self, operator: Operator) -> None:
        """Keep a change."""


class Terms(Protocol):
    """The versioned documents."""

    def all(self) -> Sequence[TermsDocument]:
        """Every version of every document."""


class Attempts(Protocol):
    """The password tries by kind and address, whether anybody has the address or not (IDN-12)."""

    def get_for_update(self, kind: SubjectKind, email: str) -> PasswordAttempts:
        """The tries so far, locked until the transaction ends; none when there were none."""

    def save(self, kind: SubjectKind, email: str, attempts: PasswordAttempts) -> None:
        """Keep a change."""


class Challenges(Protocol):
    """The logins between password and code."""

    def add(self, challenge: LoginChallenge) -> None:
        """Keep a new one."""

    def get_for_update(self, challenge_id: UUID) -> LoginChallenge | None:
        """The challenge, locked until the transaction ends."""

    def save(self, challenge: LoginChallenge) -> None:
        """Keep a change."""


class Sessions(Protocol):
    """Session families and their refresh tokens."""

    def begin(self, family: SessionFamily, token: RefreshToken) -> None:
        """Keep a new family with its first token."""

    def by_token_for_update(self, token_hash: bytes) -> tuple[RefreshToken, SessionFamily] | None:
        """The token with its family, both locked until the transaction ends."""

    def family_for_update(self, family_id: UUID) -> SessionFamily | None:
        """A family, locked until the transaction ends."""

    def living_of(self, subject_id: UUID) -> Sequence[SessionFamily]:
        """The families of a subject that have not ended, locked until the transaction ends."""

    def rotate(self, used: RefreshToken, following: RefreshToken, at: datetime) -> None:
        """Mark the one as used and keep the next."""

    def save_family(self, family: SessionFamily) -> None:
        """Keep a family's end."""


class TrustedAddresses(Protocol):
    """From where a member's later logins skip the code (IDN-11)."""

    def networks_of(self, member_id: UUID) -> frozenset[str]:
        """What is trusted, as `network_of` names it."""

    def add(self, member_id: UUID, network: str, at: datetime) -> None:
        """Trust one more; one that is there already stays."""


class Floors(Protocol):
    """The lowest valid session generations, as this service itself judges tokens."""

    def raise_to(self, subject_id: UUID, generation: int) -> None:
        """Refuse tokens of lower generations from now on."""


@dataclass(frozen=True)
class SigningKey:
    """A key that access tokens are signed with; the private part is a JWK in JSON."""

    kid: str
    private_jwk: str = field(repr=False)
    created_at: datetime


class SigningKeys(Protocol):
    """The keys of access tokens: one active, retired ones as long as their tokens live."""

    def active(self) -> SigningKey | None:
        """The key that signs now; None before the first login ever."""

    def add_first(self, key: SigningKey) -> SigningKey:
        """Make it the active one unless there is one already; the active one, whichever that is."""

    def rotate(self, key: SigningKey, at: datetime) -> None:
        """Retire the active one and put this in its place."""

    def public_jwks(self, retired_after: datetime) -> list[dict[str, str]]:
        """The public parts of the active key and of those that retired later than this moment."""


@dataclass(frozen=True)
class AuditEntry:
    """Who did what to what, with what was before and after (IDN-24)."""

    act_id: UUID
    service: str
    operator_id: UUID
    action: str
    target_kind: str
    target_id: str
    company_id: UUID | None
    reason: str | None
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    acted_at: datetime


class AuditLog(Protocol):
    """What operators did; nothing in it is ever changed or removed."""

    def add(self, entry: AuditEntry) -> None:
        """Keep an act; one that is there already stays as it is."""


class DiscardedFiles(Protocol):
    """Files that nothing refers to any more; a loop deletes them."""

    def add(self, file_key: str, at: datetime) -> None:
        """Hand a file over to the loop."""

    def some(self, rows_max: int) -> Sequence[str]:
        """The longest waiting ones."""

    def remove(self, file_key: str) -> None:
        """The file is gone."""
