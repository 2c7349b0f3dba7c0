"""Everything of one transaction, as the use cases see it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from chassis.clock import Clock
from chassis.codes import CodeLimits, OneTimeCodes
from chassis.columns import KeyedHash
from chassis.database import Database, UnitOfWorkFactory
from chassis.idempotency import IdempotencyKeys
from chassis.ids import new_id
from chassis.outbox import Outbox
from chassis.sealing import Sealer
from identity.storage.companies import PostgresBusinessChanges, PostgresCompanies
from identity.storage.discarded_files import PostgresDiscardedFiles
from identity.storage.inquiries import PostgresInquiries
from identity.storage.invitations import PostgresInvitations
from identity.storage.logins import PostgresAttempts, PostgresChallenges
from identity.storage.members import PostgresMembers, PostgresTrustedAddresses
from identity.storage.operators import PostgresAuditLog, PostgresOperators
from identity.storage.password_resets import PostgresPasswordResets
from identity.storage.payment_changes import PostgresPaymentChanges
from identity.storage.sessions import PostgresFloors, PostgresSessions, PostgresSigningKeys
from identity.storage.sign_ups import PostgresSignUps
from identity.storage.sub_members import PostgresOrderFigures, PostgresSubMembers
from identity.storage.terms import PostgresTerms
from identity.storage.withdrawals import PostgresWithdrawals


@dataclass(frozen=True)
class Plumbing:
    """What every unit of work is made with."""

    clock: Clock
    sealer: Sealer
    keyed_hash: KeyedHash
    code_limits: CodeLimits


class PostgresUnitOfWork:
    """`UnitOfWork` over one session; repositories are made when they are first asked for."""

    def __init__(self, session: Session, plumbing: Plumbing) -> None:
        self._session = session
        self._plumbing = plumbing
        self._now = plumbing.clock.now()
        self.sealer = plumbing.sealer

    def now(self) -> datetime:
        """The present moment: aware, UTC, the same all through the transaction."""
        return self._now

    def new_id(self) -> UUID:
        """A new UUIDv7."""
        return new_id()

    def once(
        self, *, scope: str, key: str, operation: str, body: Mapping[str, Any], create: Callable[[], UUID]
    ) -> UUID:
        """What a client's idempotency key stands for: made now, or found from the first request under the key."""
        keys = IdempotencyKeys(self._session, self._plumbing.clock)
        return keys.once(scope=scope, key=key, operation=operation, body=body, create=create).resource_id

    @cached_property
    def inquiries(self) -> PostgresInquiries:
        """The questions of what is open."""
        return PostgresInquiries(self._session)

    @cached_property
    def withdrawals(self) -> PostgresWithdrawals:
        """Requests for withdrawal, and their proofs."""
        return PostgresWithdrawals(self._session)

    @cached_property
    def payment_changes(self) -> PostgresPaymentChanges:
        """Changes of payment methods."""
        return PostgresPaymentChanges(self._session)

    @cached_property
    def sign_ups(self) -> PostgresSignUps:
        """The applications."""
        return PostgresSignUps(self._session)

    @cached_property
    def companies(self) -> PostgresCompanies:
        """The approved companies."""
        return PostgresCompanies(self._session)

    @cached_property
    def business_changes(self) -> PostgresBusinessChanges:
        """Changes of business data."""
        return PostgresBusinessChanges(self._session)

    @cached_property
    def members(self) -> PostgresMembers:
        """The members of all companies."""
        return PostgresMembers(self._session)

    @cached_property
    def invitations(self) -> PostgresInvitations:
        """The invitations that wait."""
        return PostgresInvitations(self._session)

    @cached_property
    def sub_members(self) -> PostgresSubMembers:
        """The list of sub-members."""
        return PostgresSubMembers(self._session)

    @cached_property
    def order_figures(self) -> PostgresOrderFigures:
        """Sums of orders and members."""
        return PostgresOrderFigures(self._session)

    @cached_property
    def operators(self) -> PostgresOperators:
        """The back-office staff."""
        return PostgresOperators(self._session)

    @cached_property
    def terms(self) -> PostgresTerms:
        """The versioned documents."""
        return PostgresTerms(self._session)

    @cached_property
    def attempts(self) -> PostgresAttempts:
        """The password tries."""
        return PostgresAttempts(self._session, self._plumbing.keyed_hash, self._now)

    @cached_property
    def challenges(self) -> PostgresChallenges:
        """The logins between password and code."""
        return PostgresChallenges(self._session)

    @cached_property
    def sessions(self) -> PostgresSessions:
        """Session families and refresh tokens."""
        return PostgresSessions(self._session)

    @cached_property
    def trusted_addresses(self) -> PostgresTrustedAddresses:
        """From where later logins skip the code."""
        return PostgresTrustedAddresses(self._session)

    @cached_property
    def password_resets(self) -> PostgresPasswordResets:
        """Wishes for a new password, and their links."""
        return PostgresPasswordResets(self._session)

    @cached_property
    def floors(self) -> PostgresFloors:
        """The lowest valid session generations."""
        return PostgresFloors(self._session)

    @cached_property
    def signing_keys(self) -> PostgresSigningKeys:
        """The keys of access tokens."""
        return PostgresSigningKeys(self._session)

    @cached_property
    def audit_log(self) -> PostgresAuditLog:
        """What operators did."""
        return PostgresAuditLog(self._session)

    @cached_property
    def codes(self) -> OneTimeCodes:
        """One-time codes."""
        plumbing = self._plumbing
        return OneTimeCodes(self._session, plumbing.clock, plumbing.keyed_hash, plumbing.code_limits)

    @cached_property
    def discarded_files(self) -> PostgresDiscardedFiles:
        """Files that nothing refers to any more."""
        return PostgresDiscardedFiles(self._session)

    @cached_property
    def outbox(self) -> Outbox:
        """Messages that leave with the transaction."""
        return Outbox(self._session, producer="identity", clock=self._plumbing.clock)


class UnitsOfWork(UnitOfWorkFactory[PostgresUnitOfWork]):
    """Begins units of work on one database."""

    def __init__(self, database: Database, plumbing: Plumbing) -> None:
        super().__init__(database, lambda session: PostgresUnitOfWork(session, plumbing))
