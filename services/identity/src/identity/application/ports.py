"""One transaction as the use cases see it, and what they need from outside; storage and adapters fulfil it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from contracts.audit import Act
from contracts.event import Event
from contracts.values import Sealed
from identity.application.affair_stores import Inquiries, PaymentChanges, Withdrawals
from identity.application.login_stores import (
    Attempts,
    Challenges,
    Floors,
    PasswordResets,
    Sessions,
    SigningKey,
    SigningKeys,
    TrustedAddresses,
)
from identity.application.stores import (
    AuditLog,
    BusinessChanges,
    Companies,
    DiscardedFiles,
    Invitations,
    Members,
    Operators,
    OrderFigures,
    SignUps,
    SubMembers,
    Terms,
)
from identity.domain.business_number import BusinessNumber, TaxStanding
from identity.domain.login import SubjectKind


@dataclass(frozen=True)
class Claims:
    """Whom an access token speaks for; generations make revocation possible (IDN-13)."""

    kind: SubjectKind
    subject_id: UUID
    tenant_id: UUID | None
    roles: tuple[str, ...]
    generation: int
    tenant_generation: int
    session_id: UUID


class IssuedCode(Protocol):
    """A one-time code that was made just now; the plain code exists only here and in the message that carries it."""

    @property
    def code_id(self) -> UUID: ...
    @property
    def code(self) -> str: ...
    @property
    def expires_at(self) -> datetime: ...


class Codes(Protocol):
    """One-time codes within the limits of IDN-05."""

    def issue(self, *, purpose: str, target: str, source: str) -> IssuedCode:
        """A new code for an address or phone; earlier ones for it no longer count. Raises when asked too often."""

    def check(self, code_id: UUID, code: str, *, purpose: str, target: str) -> None:
        """Use up the code. Raises when it is wrong, late, or used; a wrong try counts whatever happens next."""


class Outbox(Protocol):
    """Messages that leave with the transaction."""

    def add(self, event: Event) -> None:
        """Say it, if the transaction is committed."""

    def add_act(self, operator_id: UUID, act: Act) -> None:
        """Say what an operator did, for the audit log (IDN-24)."""


class Sealer(Protocol):
    """Closes values that only the consumer who needs them may read."""

    def seal_text(self, text: str) -> Sealed[str]:
        """The sealed text."""


class UnitOfWork(Protocol):
    """Everything of one transaction; the edge begins and commits it."""

    @property
    def sign_ups(self) -> SignUps: ...
    @property
    def companies(self) -> Companies: ...
    @property
    def business_changes(self) -> BusinessChanges: ...
    @property
    def members(self) -> Members: ...
    @property
    def invitations(self) -> Invitations: ...
    @property
    def sub_members(self) -> SubMembers: ...
    @property
    def order_figures(self) -> OrderFigures: ...
    @property
    def inquiries(self) -> Inquiries: ...
    @property
    def withdrawals(self) -> Withdrawals: ...
    @property
    def payment_changes(self) -> PaymentChanges: ...
    @property
    def operators(self) -> Operators: ...
    @property
    def terms(self) -> Terms: ...
    @property
    def attempts(self) -> Attempts: ...
    @property
    def challenges(self) -> Challenges: ...
    @property
    def sessions(self) -> Sessions: ...
    @property
    def trusted_addresses(self) -> TrustedAddresses: ...
    @property
    def password_resets(self) -> PasswordResets: ...
    @property
    def floors(self) -> Floors: ...
    @property
    def signing_keys(self) -> SigningKeys: ...
    @property
    def audit_log(self) -> AuditLog: ...
    @property
    def codes(self) -> Codes: ...
    @property
    def discarded_files(self) -> DiscardedFiles: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def sealer(self) -> Sealer: ...

    def now(self) -> datetime:
        """The present moment: aware, UTC, the same all through the transaction."""

    def new_id(self) -> UUID:
        """A new UUIDv7."""

    def once(
        self, *, scope: str, key: str, operation: str, body: Mapping[str, Any], create: Callable[[], UUID]
    ) -> UUID:
        """What a client's idempotency key stands for: made now, or found from the first request under the key."""


class BeginUnitOfWork(Protocol):
    """Begins a transaction of its own, for use cases that need several or call outside in between."""

    def __call__(self) -> AbstractContextManager[UnitOfWork]:
        """Commits at the end of the block, rolls back on any error."""


@dataclass(frozen=True)
class Standing:
    """The tax office knows the number, or knows that there is none."""

    standing: TaxStanding


@dataclass(frozen=True)
class Refused:
    """The tax office refused our question; `code` is its word. An alarm for us, no answer for the applicant."""

    code: str


@dataclass(frozen=True)
class Unavailable:
    """No answer, or none that can be read."""

    reason: str


TaxOfficeAnswer = Standing | Refused | Unavailable


class TaxOffice(Protocol):
    """국세청's status service (IDN-02)."""

    def standing_of(self, number: BusinessNumber) -> TaxOfficeAnswer:
        """Ask for a number; never raises for what goes wrong outside."""


class Passwords(Protocol):
    """Slow hashing of passwords."""

    def hash(self, password: str) -> str:
        """A salted argon2id hash."""

    def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether they belong together; without a hash the same time is spent, and the answer is no (IDN-12)."""


class SecondFactor(Protocol):
    """Time-based one-time passwords of operators."""

    def new_secret(self) -> str:
        """A new secret in base32."""

    def accepted_step(self, secret: str, code: str, at: datetime) -> int | None:
        """The time step whose code this is, with one step of drift either way; None when it is of none."""

    def enrolment_uri(self, secret: str, email: str) -> str:
        """The otpauth URI that an authenticator app reads."""


class AccessTokens(Protocol):
    """Signs what every service accepts as a caller."""

    @property
    def lifetime_seconds(self) -> int:
        """How long an access token lives (IDN-13)."""

    def new_key(self, at: datetime) -> SigningKey:
        """A fresh Ed25519 key."""

    def issue(self, key: SigningKey, claims: Claims, at: datetime) -> str:
        """A signed access token."""


class FileStore(Protocol):
    """Where certificates lie."""

    def put(self, key: str, content: bytes, content_type: str) -> None:
        """Keep the content under the key."""

    def delete(self, key: str) -> None:
        """Forget the file; one that is not there is no error."""

    def link(self, key: str, expires_in_seconds: int) -> str:
        """An address that reads the file until its time is over."""


class WorkbookOf(Protocol):
    """Makes workbooks."""

    def __call__(self, title: str, head: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
        """A workbook (xlsx) of one sheet; text in it stays text, whatever a person entered."""
