"""The loop that creates the orders of anniversaries, one plan's day at a time."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from chassis import crash
from chassis.worker import Loop
from ordering.application.plan_days import make_due_order
from ordering.application.plan_ports import PlanRules
from ordering.application.ports import UnitOfWork

Transactions = Callable[[], AbstractContextManager[UnitOfWork]]


def plans_loop(name: str, transactions: Transactions, rules: PlanRules) -> Loop:
    """A loop that takes due day after due day; any number of them may run."""

    def step() -> bool:
        with transactions() as uow:
            is_made = make_due_order(uow, rules)
            if is_made:
                crash.point(f"{name}.before_commit")
        if is_made:
            crash.point(f"{name}.after_commit")
        return is_made

    return Loop(name, step, crash_points=("before_commit", "after_commit"), rung_by=("calendar",))
