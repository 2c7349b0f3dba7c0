"""What ordering says: orders that want their money held, and what became of their coupons."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from chassis.consumer import Handler, NotYet, Poison
from contracts.ordering.coupons import CouponsFailed, CouponsIssued, CouponsRevoked, IssuingMonthClosed
from contracts.ordering.orders import OrderCancelled, OrderPlaced, ReservationWithdrawn
from contracts.ordering.plans import PlanDayNear
from contracts.values import MemberRole
from wallet.application.captures import (
    CaptureChunk,
    ReleaseChunk,
    ReleaseDifference,
    capture_chunk,
    release_chunk,
    release_difference,
)
from wallet.application.invoicing import CloseIssuingMonth, close_issuing_month
from wallet.application.ports import UnitOfWork
from wallet.application.reservations import (
    ReleaseCancelledOrder,
    ReserveFunds,
    WithdrawReservation,
    release_cancelled_order,
    reserve_funds,
    withdraw_reservation,
)
from wallet.application.revocations import revoke_coupons
from wallet.application.watching import ForecastOrder, forecast_order
from wallet.domain.errors import (
    AccountShortError,
    HoldExceededError,
    NeverHeldError,
    UnbalancedPostingError,
    UnknownCompanyError,
    UnknownHoldError,
)
from wallet.domain.holds import OrderLabel
from wallet.domain.invoice_errors import (
    ContradictoryClosingError,
    ContradictoryRevocationError,
    NotCapturedYetError,
)
from wallet.domain.issuing import Issued, Revocation
from wallet.domain.movements import Chunk
from wallet.domain.watch import NearOrder


@contextmanager
def _sorted_errors() -> Iterator[None]:
    """What came too early waits for what it refers to; what contradicts the books can never be applied."""
    try:
        yield
    except UnknownCompanyError as early:
        raise NotYet(f"company:{early.company_id}") from early
    except UnknownHoldError as early:
        raise NotYet(f"order:{early.order_id}") from early
    except NotCapturedYetError as early:
        raise NotYet(f"captured:{early.order_id}") from early
    except (ContradictoryClosingError, ContradictoryRevocationError) as contradiction:
        raise Poison(str(contradiction)) from contradiction
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
        label=OrderLabel(event.order_number, event.order_name, event.order_type.value, event.coupons),
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
    """Capture the price of a chunk's coupons, and give back what cheaper picks did not need (ORD-03).

    A revocation of them that came earlier is let in.
    """
    chunk = Chunk(event.order_id, event.chunk_no, event.wave)
    difference = ReleaseDifference(chunk, event.difference_krw, event.cash_like_difference_krw)
    with _sorted_errors():
        capture_chunk(CaptureChunk(chunk, event.amount_krw, event.coupons, event.issued_at), uow)
        release_difference(difference, uow)
    uow.wake_orders(f"captured:{event.order_id}")


def coupons_failed(event: CouponsFailed, uow: UnitOfWork) -> None:
    """Release the price of a chunk's coupons that will not be issued."""
    command = ReleaseChunk(Chunk(event.order_id, event.chunk_no, event.wave), event.amount_krw, event.cash_like_krw)
    with _sorted_errors():
        release_chunk(command, uow)


def coupons_revoked(event: CouponsRevoked, uow: UnitOfWork) -> None:
    """Give the price of revoked coupons back where the operator chose so (ORD-32)."""
    with _sorted_errors():
        revocation = Revocation(
            id=event.revocation_id,
            order_id=event.order_id,
            company_id=event.company_id,
            repaid=event.repaid,
            issued=Issued(event.coupons, event.amount_krw),
            cash_like_krw=event.cash_like_krw,
            months=tuple((month.month, Issued(month.coupons, month.amount_krw)) for month in event.months),
            revoked_at=event.revoked_at,
        )
        revoke_coupons(revocation, uow)


def issuing_month_closed(event: IssuingMonthClosed, uow: UnitOfWork) -> None:
    """Make the month's invoice, or wait for the captures that are still missing (WAL-12)."""
    counted = Issued(event.coupons, event.amount_krw)
    with _sorted_errors():
        close_issuing_month(CloseIssuingMonth(event.company_id, event.month, counted, event.closed_at), uow)


def plan_day_near(event: PlanDayNear, uow: UnitOfWork) -> None:
    """Judge whether an anniversary order could be paid with what is there now (ANN-08)."""
    order = NearOrder(
        event.plan_id, event.day, event.company_id, event.member_id, event.amount_krw, event.cash_like_krw
    )
    with _sorted_errors():
        forecast_order(ForecastOrder(order, event.order_name, event.member_role is MemberRole.SUB), uow)


HANDLERS: Mapping[Any, Handler[UnitOfWork]] = {
    OrderPlaced: order_placed,
    ReservationWithdrawn: reservation_withdrawn,
    OrderCancelled: order_cancelled,
    CouponsIssued: coupons_issued,
    CouponsFailed: coupons_failed,
    CouponsRevoked: coupons_revoked,
    IssuingMonthClosed: issuing_month_closed,
    PlanDayNear: plan_day_near,
}
