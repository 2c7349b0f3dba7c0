"""One transaction of this service's database, as the use cases see it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from chassis import parking
from chassis.clock import Clock
from chassis.database import Database
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
    """`UnitOfWork` over a connection whose transaction somebody else opens and ends."""

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

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection = connection
        self._at = clock.now()
        self._keys = IdempotencyKeys(connection, clock)
        self.ledger = SqlLedger(connection)
        self.companies = SqlCompanies(connection)
        self.figures = SqlFigures(connection)
        self.uses = SqlMonthlyUses(connection)
        self.holds = SqlHolds(connection, self._at)
        self.lots = SqlLots(connection)
        self.charges = SqlCharges(connection, self._at)
        self.notices = SqlNotices(connection, self._at)
        self.histories = SqlHistories(connection)
        self.spending_limits = SqlSpendingLimits(connection)
        self.cancellations = SqlCancellations(connection, self._at)
        self.take_backs = SqlTakeBacks(connection)
        self.differences = SqlDifferences(connection)
        self.daily_checks = SqlDailyChecks(connection, self._at)
        self.reconciliations = SqlReconciliations(connection)
        self.watches = SqlWatches(connection)
        self.refunds = SqlRefunds(connection)
        self.issuing_months = SqlIssuingMonths(connection)
        self.revocations = SqlRevocations(connection)
        self.invoices = SqlInvoices(connection)
        self.carry_overs = SqlCarryOvers(connection)
        self.outbox = Outbox(connection, producer=PRODUCER, clock=clock)

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
        return self._connection.begin_nested()

    def wake_orders(self, key: str) -> None:
        """Let order events come again that were parked under the key."""
        parking.unpark(self._connection, ORDERS_QUEUE, key)

    def wake_questions(self, key: str) -> None:
        """Let identity's questions come again that were parked under the key."""
        parking.unpark(self._connection, STATE_QUEUE, key)


def transactions(database: Database, clock: Clock) -> Callable[[], AbstractContextManager[ports.UnitOfWork]]:
    """What opens a unit of work on a database: committed at the end of the block, rolled back on any error."""

    @contextmanager
    def begin() -> Iterator[ports.UnitOfWork]:
        with database.connection() as connection:
            yield SqlUnitOfWork(connection, clock)

    return begin
