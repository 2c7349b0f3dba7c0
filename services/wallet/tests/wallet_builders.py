"""Object mothers: companies, members, orders and chunks as the other services would tell of them."""

from datetime import UTC, datetime
from itertools import count
from uuid import UUID, uuid4

from contracts.identity import CompanyChanged, CompanyState
from contracts.ordering.coupons import CouponsFailed, CouponsIssued, CouponsRevoked, IssuedInMonth, IssuingMonthClosed
from contracts.ordering.orders import OrderCancelled, OrderPlaced, ReservationWithdrawn
from contracts.values import MemberRole, OrderType
from contracts.values import PaymentMethod as SaidMethod
from wallet.domain.charge import Charge, ChargeMethod, ChargeState
from wallet.domain.holds import Hold, OrderLabel, PaymentMethod

NOON = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
MONTH = "2026-03"
SECRET_KEY = "test_sk_wallet"
KEYRING = '{"current": "test-1", "keys": {"test-1": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="}}'
WEBHOOK_SECRET = "a-long-secret-of-the-address"
LABEL = OrderLabel("CB20260302C0001", "202603021200 주문건", "fixed")

_numbers = count(1)


def a_company_changed(company_id: UUID, **changes: object) -> CompanyChanged:
    values: dict[str, object] = {
        "company_id": company_id,
        "version": 1,
        "state": CompanyState.APPROVED,
        "name": "다우상사",
        "representative_name": "김대표",
        "business_number": "220-81-02810",
        "payment_method": SaidMethod.PREPAID,
        "master_id": uuid4(),
        "approved_at": NOON,
    }
    return CompanyChanged.model_validate(values | changes)


def an_order_placed(company_id: UUID, amount_krw: int, **changes: object) -> OrderPlaced:
    values: dict[str, object] = {
        "order_id": uuid4(),
        "order_number": f"CB20260302C{next(_numbers):04d}",
        "order_name": "202603021200 주문건",
        "order_type": OrderType.FIXED,
        "company_id": company_id,
        "member_id": uuid4(),
        "member_role": MemberRole.MASTER,
        "recipients": 1,
        "amount_krw": amount_krw,
        "cash_like_krw": 0,
        "month": MONTH,
        "placed_at": NOON,
    }
    return OrderPlaced.model_validate(values | changes)


def issued(
    order: OrderPlaced,
    amount_krw: int,
    chunk_no: int = 0,
    wave: int = 0,
    coupons: int = 1,
    issued_at: datetime = NOON,
) -> CouponsIssued:
    return CouponsIssued(
        order_id=order.order_id,
        company_id=order.company_id,
        chunk_no=chunk_no,
        wave=wave,
        coupons=coupons,
        amount_krw=amount_krw,
        offers=(),
        issued_at=issued_at,
    )


def failed(
    order: OrderPlaced, amount_krw: int, chunk_no: int = 0, wave: int = 0, cash_like_krw: int | None = None
) -> CouponsFailed:
    return CouponsFailed(
        order_id=order.order_id,
        company_id=order.company_id,
        chunk_no=chunk_no,
        wave=wave,
        coupons=1,
        amount_krw=amount_krw,
        cash_like_krw=cash_like_krw,
        failed_at=NOON,
    )


def revoked(
    order: OrderPlaced, months: dict[str, tuple[int, int]], *, repaid: bool = True, cash_like_krw: int = 0
) -> CouponsRevoked:
    """Coupons and KRW by month of issue."""
    return CouponsRevoked(
        revocation_id=uuid4(),
        order_id=order.order_id,
        company_id=order.company_id,
        member_id=order.member_id,
        repaid=repaid,
        coupons=sum(coupons for coupons, _ in months.values()),
        amount_krw=sum(amount_krw for _, amount_krw in months.values()),
        cash_like_krw=cash_like_krw,
        months=tuple(
            IssuedInMonth(month=month, coupons=coupons, amount_krw=amount_krw)
            for month, (coupons, amount_krw) in months.items()
        ),
        revoked_at=NOON,
    )


def month_closed(company_id: UUID, month: str, coupons: int, amount_krw: int) -> IssuingMonthClosed:
    return IssuingMonthClosed(
        company_id=company_id, month=month, coupons=coupons, amount_krw=amount_krw, closed_at=NOON
    )


def withdrawn(order: OrderPlaced) -> ReservationWithdrawn:
    return ReservationWithdrawn(order_id=order.order_id, company_id=order.company_id, withdrawn_at=NOON)


def cancelled(order: OrderPlaced) -> OrderCancelled:
    return OrderCancelled(
        order_id=order.order_id,
        company_id=order.company_id,
        member_id=order.member_id,
        cancelled_by=order.member_id,
        amount_krw=order.amount_krw,
        cancelled_at=NOON,
    )


def a_charge(amount_krw: int = 100_000, **changes: object) -> Charge:
    values: dict[str, object] = {
        "id": uuid4(),
        "company_id": uuid4(),
        "member_id": uuid4(),
        "method": ChargeMethod.CARD,
        "amount_krw": amount_krw,
        "state": ChargeState.REQUESTED,
        "requested_at": NOON,
        "expires_at": NOON.replace(hour=4),
    }
    return Charge(**(values | changes))  # type: ignore[arg-type]


def a_hold(amount_krw: int = 50_000, **changes: object) -> Hold:
    values: dict[str, object] = {
        "id": uuid4(),
        "order_id": uuid4(),
        "company_id": uuid4(),
        "member_id": uuid4(),
        "by_sub_member": False,
        "method": PaymentMethod.PREPAID,
        "month": MONTH,
        "amount_krw": amount_krw,
        "cash_like_krw": 0,
        "placed_at": NOON,
    }
    return Hold(**(values | changes))  # type: ignore[arg-type]
