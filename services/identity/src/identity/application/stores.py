"""What the service keeps, as the use cases see it; repositories fulfil it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from identity.application.queries import AuditEntry, AuditQuery, CompanyQuery, SignUpQuery
from identity.application.sub_member_list import SubMemberLine, SubMemberQuery
from identity.domain.business_number import BusinessNumber
from identity.domain.company import BusinessChange, ChangeState, Company
from identity.domain.invitation import Invitation
from identity.domain.member import Member
from identity.domain.operator import Operator
from identity.domain.order_figure import OrderFigure
from identity.domain.sign_up import SignUp
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

    def page(self, query: SignUpQuery, rows_max: int) -> Sequence[SignUp]:
        """Applications in a state, the oldest first."""

    def others_with_number(self, sign_up: SignUp, rows_max: int) -> Sequence[SignUp]:
        """Other applications that name the same business number, whatever became of them, the latest first."""

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

    def get_for_update(self, company_id: UUID) -> Company | None:
        """The company, locked until the transaction ends."""

    def save(self, company: Company) -> None:
        """Keep a change."""

    def page(self, query: CompanyQuery, rows_max: int) -> Sequence[Company]:
        """Companies, the oldest first."""

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

    def agreements_of(self, member_id: UUID) -> Sequence[Agreement]:
        """What the member agreed to, in every version."""

    def add_agreements(self, member_id: UUID, agreements: Iterable[Agreement]) -> None:
        """Keep what the member agreed to later."""

    def forget_origins(self, member_id: UUID) -> None:
        """Forget from which addresses the member agreed; what and when stays."""


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

    def add_to_member(self, member_id: UUID, month: str, amount_krw: int) -> None:
        """Add to (or, when negative, take from) the member's sum, and what is used of the month."""

    def keep_limit(self, member_id: UUID, version: int, limit_krw: int | None) -> None:
        """The member's monthly limit, unless a newer version is known; None is unlimited."""


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


class AuditLog(Protocol):
    """What operators did; nothing in it is ever changed or removed."""

    def page(self, query: AuditQuery, rows_max: int) -> Sequence[AuditEntry]:
        """Acts that the query finds, the latest first."""

    def add(self, entry: AuditEntry) -> None:
        """Keep an act; one that is there already stays as it is."""


class BusinessChanges(Protocol):
    """Changes of business data, waiting and decided (IDN-25)."""

    def add(self, change: BusinessChange) -> None:
        """Keep a new one; a company has at most one that waits."""

    def get(self, change_id: UUID) -> BusinessChange | None:
        """The change; who wants to decide it locks its company."""

    def waiting_of(self, company_id: UUID) -> BusinessChange | None:
        """The company's change that waits."""

    def save(self, change: BusinessChange) -> None:
        """Keep a decision."""

    def page(self, state: ChangeState, after: UUID | None, rows_max: int) -> Sequence[BusinessChange]:
        """Changes in a state, the oldest first, from the one after `after`."""


class DiscardedFiles(Protocol):
    """Files that nothing refers to any more; a loop deletes them."""

    def add(self, file_key: str, at: datetime) -> None:
        """Hand a file over to the loop."""

    def some(self, rows_max: int) -> Sequence[str]:
        """The longest waiting ones."""

    def remove(self, file_key: str) -> None:
        """The file is gone."""
