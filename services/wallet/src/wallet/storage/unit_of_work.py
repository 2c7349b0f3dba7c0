"""One transaction of this service's database, as the use cases see it."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from chassis import parking
from chassis.clock import Clock
from chassis.database import Database, UnitOfWorkFactory
from chassis.idempotency import IdempotencyKeys
from chassis.ids import new_id
from chassis.outbox import Outbox
from wallet.application import ports
from wallet.application.cancellation_ports import Cancellations
from wallet.application.check_ports import DailyChecks, Reconciliations
from wallet.application.deposit_ports import Differences, TakeBacks
from wallet.application.invoice_ports import CarryOvers, Invoices
from wallet.application.issuing_ports import IssuingMonths, Revocations
from wallet.application.limit_ports import SpendingLimits
from wallet.application.notice_ports import Notices
from wallet.application.refund_ports import Refunds
from wallet.application.watch_ports import Watches
from wallet.storage.cancellations import SqlCancellations
from wallet.storage.charges import SqlCharges
from wallet.storage.companies import SqlCompanies
from wallet.storage.daily_checks import SqlDailyChecks
from wallet.storage.differences import SqlDifferences
from wallet.storage.figures import SqlFigures, SqlMonthlyUses
from wallet.storage.history import SqlHistories
from wallet.storage.holds import SqlHolds
from wallet.storage.invoices import SqlCarryOvers, SqlInvoices
from wallet.storage.issuing import SqlIssuingMonths, SqlRevocations
from wallet.storage.ledger import SqlLedger
from wallet.storage.limits import SqlSpendingLimits
from wallet.storage.lots import SqlLots
from wallet.storage.notices import SqlNotices
from wallet.storage.reconciliations import SqlReconciliations
from wallet.storage.refunds import SqlRefunds
from wallet.storage.take_backs import SqlTakeBacks
from wallet.storage.watches import SqlWatches

PRODUCER = "wallet"
ORDERS_QUEUE = "wallet.orders"
"""The queue whose events may wait for a company or an order."""
STATE_QUEUE = "wallet.state"
"""The queue whose questions may wait for a company's state."""


class SqlUnitOfWork:
    """`UnitOfWork` over a session whose transaction somebody else opens and ends."""

    ledger: ports.Ledger
    companies: ports.Companies
    figures: ports.Figures
    uses: ports.MonthlyUses
    holds: ports.Holds
    lots: ports.Lots
    charges: ports.Charges
    notices: Notices
    histories: ports.Histories
    spending_limits: SpendingLimits
    cancellations: Cancellations
    take_backs: TakeBacks
    differences: Differences
    daily_checks: DailyChecks
    reconciliations: Reconciliations
    watches: Watches
    refunds: Refunds
    issuing_months: IssuingMonths
    revocations: Revocations
    invoices: Invoices
    carry_overs: CarryOvers
    outbox: ports.Outbox

    def __init__(self, session: Session, clock: Clock) -> None:
        self.session = session
        self._at = clock.now()
        self._keys = IdempotencyKeys(session, clock)
        self.ledger = SqlLedger(session)
        self.companies = SqlCompanies(session)
        self.figures = SqlFigures(session)
        self.uses = SqlMonthlyUses(session)
        self.holds = SqlHolds(session, self._at)
        self.lots = SqlLots(session)
        self.charges = SqlCharges(session, self._at)
        self.notices = SqlNotices(session, self._at)
        self.histories = SqlHistories(session)
        self.spending_limits = SqlSpendingLimits(session)
        self.cancellations = SqlCancellations(session, self._at)
        self.take_backs = SqlTakeBacks(session)
        self.differences = SqlDifferences(session)
        self.daily_checks = SqlDailyChecks(session, self._at)
        self.reconciliations = SqlReconciliations(session)
        self.watches = SqlWatches(session)
        self.refunds = SqlRefunds(session)
        self.issuing_months = SqlIssuingMonths(session)
        self.revocations = SqlRevocations(session)
        self.invoices = SqlInvoices(session)
        self.carry_overs = SqlCarryOvers(session)
        self.outbox = Outbox(session, producer=PRODUCER, clock=clock)

    @property
    def at(self) -> datetime:
        """The moment of this work, aware and UTC."""
        return self._at

    def new_id(self) -> UUID:
        """A new UUIDv7."""
        return new_id()

    def once(
        self, *, scope: str, key: str, operation: str, body: Mapping[str, Any], create: Callable[[], UUID]
    ) -> UUID:
        """What a client's idempotency key stands for: made now, or found from the first request under the key."""
        return self._keys.once(scope=scope, key=key, operation=operation, body=body, create=create).resource_id

    def all_or_nothing(self) -> AbstractContextManager[object]:
        """A savepoint: undone as a whole when the block raises."""
        return self.session.begin_nested()

    def wake_orders(self, key: str) -> None:
        """Let order events come again that were parked under the key."""
        parking.unpark(self.session, ORDERS_QUEUE, key)

    def wake_questions(self, key: str) -> None:
        """Let identity's questions come again that were parked under the key."""
        parking.unpark(self.session, STATE_QUEUE, key)


def transactions(database: Database, clock: Clock) -> Callable[[], AbstractContextManager[ports.UnitOfWork]]:
    """What opens a unit of work on a database: committed at the end of the block, rolled back on any error."""
    return UnitOfWorkFactory(database, lambda session: SqlUnitOfWork(session, clock))
