"""The checks of every day: the ledger proves itself, and yesterday's payments stand beside the provider's list.

They are asked for by the calendar and done by a loop, for both take longer than a delivery may.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from wallet.application.check_ports import CheckKind, DailyCheck
from wallet.application.ports import Transactions, UnitOfWork
from wallet.application.reconciliation import Reconciler
from wallet.application.verification import Books, prove_ledger

logger = logging.getLogger(__name__)

Report = Callable[[str, int], None]
"""Is told what kind of check was done, and how much was wrong."""


def ask_for_checks(day: date, uow: UnitOfWork) -> None:
    """A Seoul day opened: prove the ledger, and reconcile the day before. Told again, nothing changes."""
    uow.daily_checks.ask(CheckKind.PROOF, day)
    uow.daily_checks.ask(CheckKind.RECONCILIATION, day - timedelta(days=1))


class WorkOnChecks:
    """Does the checks that were asked for. One that cannot be done yet is tried again until it can be."""

    def __init__(
        self,
        transactions: Transactions,
        books: Books,
        reconciler: Reconciler,
        *,
        retry: timedelta,
        lease: timedelta,
        report: Report,
        checkpoint: Callable[[], None] = lambda: None,
    ) -> None:
        self._transactions = transactions
        self._books = books
        self._reconciler = reconciler
        self._retry = retry
        self._lease = lease
        self._report = report
        self._checkpoint = checkpoint

    def step(self) -> bool:
        """Do one check that is due; False when there is none."""
        with self._transactions() as uow:
            check = uow.daily_checks.claim_due(self._lease)
        if check is None:
            return False
        done = self._do(check)
        self._checkpoint()
        with self._transactions() as uow:
            if done is None:
                uow.daily_checks.postpone(check, self._retry, "the provider does not say")
                return True
            found, result = done
            uow.daily_checks.finish(check, found, result)
        self._report(check.kind.value, found)
        if found:
            logger.error("a daily check found something wrong", extra={"check": check.kind.value, "found": found})
        return True

    def _do(self, check: DailyCheck) -> tuple[int, Mapping[str, Any]] | None:
        if check.kind is CheckKind.PROOF:
            return self._prove()
        return self._reconciler.reconcile(check.day)

    def _prove(self) -> tuple[int, Mapping[str, Any]]:
        proof = prove_ledger(self._books)
        findings = [
            {"company_id": str(each.company_id), "check": each.check, "detail": each.detail} for each in proof.findings
        ]
        result = {"companies": proof.companies, "postings": proof.postings, "findings": findings}
        return len(findings), result
