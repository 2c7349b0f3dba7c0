"""What wallet's answers do to a pending order; wallet alone decides it."""

from uuid import UUID

from contracts.ordering.orders import OrderAccepted, OrderRejected, ReservationWithdrawn
from contracts.scheduler import CancelTimer, SetTimer
from contracts.wallet import RefusalReason
from ordering.application.placing import RESERVATION_TIMER, SENDING_TIMER, SERVICE
from ordering.application.ports import OrderHead, UnitOfWork
from ordering.application.profile_uses import use_profile
from ordering.application.scheduling import begin_sending
from ordering.domain.order import Shortfall


def accept_order(order_id: UUID, uow: UnitOfWork) -> None:
    """The money is held: start sending, or set the timer of a scheduled order's time.

    When the reservation was withdrawn nothing happens: its release is on its way.
    """
    head = uow.orders.lock(order_id)
    funding = head.funding.reserved(for_later=head.send_at is not None)
    if funding == head.funding:
        return
    at = uow.now()
    uow.orders.change_funding(order_id, funding, at)
    uow.outbox.add(
        OrderAccepted(
            order_id=order_id,
            company_id=head.company_id,
            member_id=head.member_id,
            cart_line_ids=head.cart_line_ids,
            accepted_at=at,
        )
    )
    if head.send_at is None:
        begin_sending(head, uow)
    else:
        uow.outbox.add(SetTimer(asker=SERVICE, key=f"{SENDING_TIMER}{order_id}", version=1, due_at=head.send_at))
        use_profile(head.company_id, head.sender_profile_id, 1, uow)
    uow.outbox.add(_cancel_timer(order_id))


def reject_order(order_id: UUID, shortfall: Shortfall, uow: UnitOfWork) -> None:
    """Nothing is held: the order ends, naming the figure that was short."""
    _reject(uow.orders.lock(order_id), shortfall, uow)


def reject_released_order(order_id: UUID, uow: UnitOfWork) -> None:
    """A withdrawn reservation had been held, and all of it went back: the order ends."""
    head = uow.orders.lock(order_id)
    _reject(head, Shortfall(RefusalReason.WITHDRAWN.value, head.pay_amount_krw, head.pay_amount_krw), uow)


def stop_waiting(order_id: UUID, uow: UnitOfWork) -> None:
    """Waiting took too long: tell wallet. The order stays pending until wallet's one answer."""
    head = uow.orders.lock(order_id)
    at = uow.now()
    funding = head.funding.given_up(at)
    if funding == head.funding:
        return
    uow.orders.change_funding(order_id, funding, at)
    uow.outbox.add(ReservationWithdrawn(order_id=order_id, company_id=head.company_id, withdrawn_at=at))


def _reject(head: OrderHead, shortfall: Shortfall, uow: UnitOfWork) -> None:
    funding = head.funding.refused(shortfall)
    if funding == head.funding:
        return
    at = uow.now()
    uow.orders.change_funding(head.order_id, funding, at)
    uow.outbox.add_all(
        (
            OrderRejected(
                order_id=head.order_id,
                company_id=head.company_id,
                member_id=head.member_id,
                order_name=head.order_name,
                plan_id=head.plan_id,
                reason=shortfall.reason,
                rejected_at=at,
            ),
            _cancel_timer(head.order_id),
        )
    )


def _cancel_timer(order_id: UUID) -> CancelTimer:
    return CancelTimer(asker=SERVICE, key=f"{RESERVATION_TIMER}{order_id}", version=2)
