"""The loops around reports: fetched from the provider, matched, and no longer waited for."""

from collections.abc import Callable

from messaging.application.ports import MessageProvider, Transaction
from messaging.application.reporting import (
    StoreReports,
    apply_reports,
    give_up_waiting,
    settle_abandoned,
    store_reports,
)
from messaging.domain.delivery import DeliveryRules
from messaging.domain.report import ReportWay


class FetchReports:
    """One portion of the loop that asks the provider for reports: stored first, confirmed only then."""

    def __init__(
        self, transaction: Transaction, provider: MessageProvider, *, crash_point: Callable[[str], None]
    ) -> None:
        self._transaction = transaction
        self._provider = provider
        self._crash_point = crash_point

    def __call__(self) -> bool:
        """Fetch once; whether there was anything."""
        bodies = [body for _, body in self._provider.fetch_reports()]
        if not bodies:
            return False
        with self._transaction() as uow:
            store_reports(StoreReports(bodies, ReportWay.POLL), uow, self._provider)
        self._crash_point("after_store")
        self._provider.confirm_reports(bodies)
        return True


class ApplyReports:
    """One portion of the loop that matches stored reports with deliveries."""

    def __init__(
        self,
        transaction: Transaction,
        provider: MessageProvider,
        rules: DeliveryRules,
        *,
        rows_max: int,
        crash_point: Callable[[str], None],
    ) -> None:
        self._transaction = transaction
        self._provider = provider
        self._rules = rules
        self._rows_max = rows_max
        self._crash_point = crash_point

    def __call__(self) -> bool:
        """Match what waits; whether there was a whole portion of it.

        Where there was less, what comes meanwhile is gathered until the loop's next turn, so that a chunk whose reports
        trickle in is said in few events.
        """
        with self._transaction() as uow:
            looked_at = apply_reports(self._rows_max, uow, self._provider, self._rules)
            self._crash_point("before_commit")
        return looked_at >= self._rows_max


class EndWaiting:
    """One portion of the loop that ends what nobody will report any more (MSG-02)."""

    def __init__(self, transaction: Transaction, rules: DeliveryRules, *, rows_max: int) -> None:
        self._transaction = transaction
        self._rules = rules
        self._rows_max = rows_max

    def __call__(self) -> bool:
        """End what has waited long enough; whether there was anything."""
        with self._transaction() as uow:
            ended = settle_abandoned(self._rows_max, uow)
            ended += give_up_waiting(self._rows_max, uow, self._rules)
        return ended > 0
