"""What ordering and wallet answer to the question of what is open (IDN-20, IDN-28)."""

from collections.abc import Callable, Mapping

from contracts.ordering.orders import OpenOrdersCounted
from contracts.wallet import OpenMoneyCounted
from identity.application.conclusions import answer_handler
from identity.application.open_affairs import HearAnswer
from identity.application.ports import UnitOfWork
from identity.domain.open_affairs import OpenMoney, OpenOrders
from identity.domain.withdrawal import WithdrawalRules


def answer_handlers(rules: WithdrawalRules) -> Mapping[type, Callable[..., None]]:
    """One handler a service that was asked."""
    answered = answer_handler(rules)

    def orders_counted(event: OpenOrdersCounted, uow: UnitOfWork) -> None:
        orders = OpenOrders(event.scheduled, event.sending, event.awaiting_choice)
        answered(HearAnswer(event.request_id, orders=orders), uow)

    def money_counted(event: OpenMoneyCounted, uow: UnitOfWork) -> None:
        money = OpenMoney(event.unpaid_invoices, event.open_refunds)
        answered(HearAnswer(event.request_id, money=money), uow)

    return {OpenOrdersCounted: orders_counted, OpenMoneyCounted: money_counted}
