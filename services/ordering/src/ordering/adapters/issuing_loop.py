"""The loop that drives coupon suppliers: one transaction before the calls, one after, none around them."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from chassis import crash
from chassis.worker import Loop
from ordering.application.issuing import begin_turn, call_suppliers, end_turn
from ordering.application.ports import UnitOfWork
from ordering.application.sending_ports import Supplier
from ordering.domain.limits import IssuingPatience

CRASH_STEPS = ("after_claim", "after_call", "after_record")

Transactions = Callable[[], AbstractContextManager[UnitOfWork]]


def issuing_loop(
    name: str, transactions: Transactions, suppliers: Mapping[str, Supplier], patience: IssuingPatience
) -> Loop:
    """A loop that takes chunk after chunk; as many of them as wanted may run, in any number of processes."""

    def step() -> bool:
        with transactions() as uow:
            turn = begin_turn(uow, patience)
        if turn is None:
            return False
        crash.point(f"{name}.after_claim")
        answered = call_suppliers(turn, suppliers)
        crash.point(f"{name}.after_call")
        with transactions() as uow:
            end_turn(turn, answered, uow, patience)
        crash.point(f"{name}.after_record")
        return True

    return Loop(name, step, crash_points=CRASH_STEPS, rung_by=("funds", "state"))
