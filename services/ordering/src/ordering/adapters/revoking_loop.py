"""The loop that cancels revoked coupons at suppliers: one transaction before the calls, one after, none around them."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from chassis import crash
from chassis.worker import Loop
from ordering.application.ports import UnitOfWork
from ordering.application.revoking import begin_revoking, cancel_at_supplier, end_revoking
from ordering.application.sending_ports import Supplier
from ordering.domain.limits import IssuingPatience

CRASH_STEPS = ("after_claim", "after_call", "after_record")

Transactions = Callable[[], AbstractContextManager[UnitOfWork]]


def revoking_loop(
    name: str, transactions: Transactions, suppliers: Mapping[str, Supplier], patience: IssuingPatience
) -> Loop:
    """A loop that takes portion after portion; as many of them as wanted may run, in any number of processes."""

    def step() -> bool:
        with transactions() as uow:
            claimed = begin_revoking(uow, patience)
        if claimed is None:
            return False
        crash.point(f"{name}.after_claim")
        answers = cancel_at_supplier(claimed, suppliers)
        crash.point(f"{name}.after_call")
        with transactions() as uow:
            end_revoking(claimed, answers, uow, patience)
        crash.point(f"{name}.after_record")
        return True

    return Loop(name, step, idle_seconds=1.0, crash_points=CRASH_STEPS)
