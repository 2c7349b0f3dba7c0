"""Pushed reports of many requests, stored together: each request costs its share of one transaction."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from messaging.application.ports import MessageProvider, Transaction
from messaging.application.reporting import StoreReports, store_reports
from messaging.domain.report import ReportWay


@dataclass(eq=False)
class _Pushed:
    """What one request brought, and what became of it."""

    bodies: Sequence[str]
    is_stored: bool = False
    error: Exception | None = None


class ReportIntake:
    """Takes reports as they are pushed.

    No request waits for others to come: whoever finds nobody storing stores what there is by then, and who came
    meanwhile is stored together next. Works in threads and under gevent.
    """

    def __init__(self, transaction: Transaction, provider: MessageProvider) -> None:
        self._transaction = transaction
        self._provider = provider
        self._storing = threading.Lock()
        self._waiting: list[_Pushed] = []

    def take(self, bodies: Sequence[str]) -> None:
        """Return once these are stored. Raises what storing them, and those with them, raised."""
        pushed = _Pushed(bodies)
        self._waiting.append(pushed)
        with self._storing:
            if not pushed.is_stored and pushed.error is None:
                self._store_all()
        if pushed.error is not None:
            raise pushed.error

    def _store_all(self) -> None:
        together, self._waiting = self._waiting, []
        try:
            with self._transaction() as uow:
                bodies = [body for pushed in together for body in pushed.bodies]
                store_reports(StoreReports(bodies, ReportWay.PUSH), uow, self._provider)
        except Exception as error:  # noqa: BLE001 - each request raises it, and the provider pushes again
            for pushed in together:
                pushed.error = error
        else:
            for pushed in together:
                pushed.is_stored = True
