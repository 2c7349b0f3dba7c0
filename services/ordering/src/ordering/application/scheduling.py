"""A scheduled order's time: its sending starts, or it is cancelled before; exactly one of the two (ORD-08, ORD-20)."""

from uuid import UUID

from contracts.ordering.orders import OrderCancelled, SendingStarted
from contracts.scheduler import CancelTimer
from ordering.application.placing import SENDING_TIMER, SERVICE
from ordering.application.ports import OrderHead, UnitOfWork
from ordering.application.profile_uses import use_profile
from ordering.application.queries import OrderView
from ordering.domain.errors import NotCancellableError
from ordering.domain.order import OrderStep

CANCELLED = "order_cancelled"
"""What a cancellation is called in the log of members' acts."""


def begin_sending(head: OrderHead, uow: UnitOfWork) -> None:
    """Lay out the chunks of an order that has just begun to be sent, and say so."""
    at = uow.now()
    uow.chunks.open_all(head.order_id, head.recipients, head.chunk_lines, at)
    uow.outbox.add(SendingStarted(order_id=head.order_id, company_id=head.company_id, started_at=at))


def start_sending(order_id: UUID, uow: UnitOfWork) -> None:
    """The order's time has come; one that was cancelled meanwhile, or is being sent already, stays as it is."""
    head = uow.orders.step(order_id, OrderStep.START, uow.now())
    if head is not None:
        begin_sending(head, uow)
        use_profile(head.company_id, head.sender_profile_id, -1, uow)


def cancel_order(order: OrderView, member_id: UUID, uow: UnitOfWork) -> None:
    """Cancel an order that the member may see, whole, before its sending starts. Raises `NotCancellableError`."""
    at = uow.now()
    head = uow.orders.step(order.order_id, OrderStep.CANCEL, at)
    if head is None:
        raise NotCancellableError(order.order_id, uow.orders.lock(order.order_id).funding.state.value)
    uow.acts.note(member_id, CANCELLED, head.order_id, at)
    use_profile(head.company_id, head.sender_profile_id, -1, uow)
    uow.outbox.add_all(
        (
            OrderCancelled(
                order_id=head.order_id,
                company_id=head.company_id,
                member_id=head.member_id,
                cancelled_by=member_id,
                amount_krw=head.pay_amount_krw,
                cancelled_at=at,
            ),
            CancelTimer(asker=SERVICE, key=f"{SENDING_TIMER}{head.order_id}", version=2),
        )
    )
