"""The loop that asks suppliers how issued coupons stand: one transaction before the calls, one after, none around."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from chassis import crash
from chassis.worker import Loop
from ordering.application.sending_ports import Supplier
from ordering.application.standing_ports import StandingUnit
from ordering.application.standings import ask_suppliers, begin_asking, end_asking
from ordering.domain.standing import StandingPatience

CRASH_STEPS = ("after_claim", "after_call", "after_record")
PORTION_SECONDS = 1.0

Transactions = Callable[[], AbstractContextManager[StandingUnit]]


def standing_loop(
    name: str, transactions: Transactions, suppliers: Mapping[str, Supplier], patience: StandingPatience
) -> Loop:
    """A loop that takes one portion a second, found work or not: a day's expiring coupons never crowd out issuing."""

    def step() -> bool:
        with transactions() as unit:
            claimed = begin_asking(unit, patience)
        if not claimed:
            return False
        crash.point(f"{name}.after_claim")
        answers = ask_suppliers(claimed, suppliers)
        crash.point(f"{name}.after_call")
        with transactions() as unit:
            end_asking(claimed, answers, unit, patience)
        crash.point(f"{name}.after_record")
        # No more at once: the next portion waits for its second.
        return False

    return Loop(name, step, idle_seconds=PORTION_SECONDS, crash_points=CRASH_STEPS)
