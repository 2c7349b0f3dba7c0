"""Which handlers each queue has."""

from collections.abc import Callable, Mapping

from contracts.audit import OperatorActed
from contracts.scheduler import TimerFired
from identity.consumers.answers import answer_handlers
from identity.consumers.audit import operator_acted
from identity.consumers.ordering import LIMIT_HANDLERS, ORDER_HANDLERS
from identity.consumers.scheduler import timer_handler
from identity.domain.dormancy import DormancyRules
from identity.domain.withdrawal import WithdrawalRules


def handlers_of(dormancy: DormancyRules, withdrawal: WithdrawalRules) -> dict[str, Mapping[type, Callable[..., None]]]:
    """By lane."""
    return {
        "audit": {OperatorActed: operator_acted},
        "orders": ORDER_HANDLERS,
        "limits": LIMIT_HANDLERS,
        "answers": answer_handlers(withdrawal),
        "timers": {TimerFired: timer_handler(dormancy, withdrawal)},
    }
