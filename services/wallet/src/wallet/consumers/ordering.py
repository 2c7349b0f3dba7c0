"""What ordering says: orders that want their money held, and what became of their coupons."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from chassis.consumer import Handler, NotYet, Poison
from contracts.ordering import CouponsFailed, CouponsIssued, OrderCancelled, OrderPlaced, ReservationWithdrawn
from contracts.values import MemberRole
from wallet.application.captures import (
    CaptureChunk,
    ReleaseChunk,
    ReleaseDifference,
    capture_chunk,
    release_chunk,
    release_difference,
)
from wallet.application.ports import UnitOfWork
from wallet.application.reservations import (
    ReleaseCancelledOrder,
    ReserveFunds,
    WithdrawReservation,
    release_cancelled_order,
    reserve_funds,
    withdraw_reservation,
)
from wallet.domain.errors import (
    AccountShortError,
    HoldExceededError,
    NeverHeldError,
    UnbalancedPostingError,
    UnknownCompanyError,
    UnknownHoldError,
)
from wallet.domain.holds import OrderLabel
from wallet.domain.movements import Chunk


@contextmanager
def _sorted_errors() -> Iterator[None]:
    """What came too early waits for what it refers to; what contradicts the books can never be applied."""
    try:
        yield
    except UnknownCompanyError as early:
        raise NotYet(f"company:{early.company_id}") from early
    except UnknownHoldError as early:
        raise NotYet(f"order:{early.order_id}") from early
    except (NeverHeldError, HoldExceededError, AccountShortError, UnbalancedPostingError) as contradiction:
        raise Poison(str(contradiction)) from contradiction


def order_placed(event: OrderPlaced, uow: UnitOfWork) -> None:
    """Reserve the order's whole amount."""
    command = ReserveFunds(
        order_id=event.order_id,
        company_id=event.company_id,
        member_id=event.member_id,
        by_sub_member=event.member_role is MemberRole.SUB,
        amount_krw=event.amount_krw,
        cash_like_krw=event.cash_like_krw,
        month=event.month,
        placed_at=event.placed_at,
        label=OrderLabel(event.order_number, event.order_name, event.order_type.value),
    )
    with _sorted_errors():
        reserve_funds(command, uow)


def reservation_withdrawn(event: ReservationWithdrawn, uow: UnitOfWork) -> None:
    """Take the reservation back, whether it was made or is still to come."""
    with _sorted_errors():
        withdraw_reservation(WithdrawReservation(event.order_id, event.company_id), uow)


def order_cancelled(event: OrderCancelled, uow: UnitOfWork) -> None:
    """Release all that a cancelled scheduled order holds (ORD-20)."""
    with _sorted_errors():
        release_cancelled_order(ReleaseCancelledOrder(event.order_id), uow)


def coupons_issued(event: CouponsIssued, uow: UnitOfWork) -> None:
    """Capture the price of a chunk's coupons, and give back what cheaper picks did not need (ORD-03)."""
    chunk = Chunk(event.order_id, event.chunk_no, event.wave)
    difference = ReleaseDifference(chunk, event.difference_krw, event.cash_like_difference_krw)
    with _sorted_errors():
        capture_chunk(CaptureChunk(chunk, event.amount_krw), uow)
        release_difference(difference, uow)


def coupons_failed(event: CouponsFailed, uow: UnitOfWork) -> None:
    """Release the price of a chunk's coupons that will not be issued."""
    command = ReleaseChunk(Chunk(event.order_id, event.chunk_no, event.wave), event.amount_krw, event.cash_like_krw)
    with _sorted_errors():
        release_chunk(command, uow)


HANDLERS: Mapping[Any, Handler[UnitOfWork]] = {
    OrderPlaced: order_placed,
    ReservationWithdrawn: reservation_withdrawn,
    OrderCancelled: order_cancelled,
    CouponsIssued: coupons_issued,
    CouponsFailed: coupons_failed,
}
