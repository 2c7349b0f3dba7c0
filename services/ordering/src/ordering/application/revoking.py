"""Revoking coupons (ORD-32): asked for by an operator, cancelled at the supplier, then said with its money.

`begin_revoking` and `end_revoking` are a transaction each, and the supplier's calls lie between them. Cancelling is the
same under the same key however often it is done, so an answer that was lost is asked for by cancelling again.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from contracts.audit import Act
from contracts.ordering.coupons import CouponsRevoked, IssuedInMonth
from ordering.application.judging import SEOUL
from ordering.application.ports import Counted, UnitOfWork
from ordering.application.revoking_ports import ClaimedCoupons, NewRevocation, WithdrawnCoupon
from ordering.application.sending_ports import Supplier, SupplierCall
from ordering.domain.answers import Answer, NotDone, Stopped
from ordering.domain.attempt import Action
from ordering.domain.issuing_month import month_of
from ordering.domain.limits import IssuingPatience
from ordering.domain.revocation import (
    CouponPlace,
    CouponsNotRevocableError,
    NothingToRevokeError,
    OrderNumberUnknownError,
    RevocationState,
    learnt,
)

COUPONS_AT_ONCE_MAX = 200
REVOKED = "coupons_revoked"
"""What the act is called in the audit log."""


@dataclass(frozen=True)
class RevokeCoupons:
    """An operator's wish; without `coupons` every coupon of the order that is issued now."""

    operator_id: UUID
    order_number: str
    reason: str
    repaid: bool
    coupons: tuple[CouponPlace, ...] | None = None


def revoke_coupons(command: RevokeCoupons, uow: UnitOfWork) -> UUID:
    """Take coupons back: all that are named, or none. From now on their recipients see them as revoked.

    Raises `OrderNumberUnknownError`, `CouponsNotRevocableError`, `NothingToRevokeError`.
    """
    order_id = uow.revocations.order_of(command.order_number)
    if order_id is None:
        raise OrderNumberUnknownError(command.order_number)
    # The order's lock: of two that want the same coupons, the second one sees the first.
    uow.orders.lock(order_id)
    if command.coupons and (left := uow.revocations.not_revocable(order_id, command.coupons)):
        raise CouponsNotRevocableError(left)
    revocation_id, at = uow.new_id(), uow.now()
    new = NewRevocation(revocation_id, order_id, command.operator_id, command.reason, command.repaid, at)
    coupons = uow.revocations.add(new, command.coupons)
    if not coupons:
        raise NothingToRevokeError
    after = {
        "revocation_id": str(revocation_id),
        "order_number": command.order_number,
        "coupons": coupons,
        "repaid": command.repaid,
        "reason": command.reason,
    }
    uow.outbox.add_act(command.operator_id, Act(REVOKED, "order", str(order_id), after=after))
    return revocation_id


def begin_revoking(uow: UnitOfWork, patience: IssuingPatience) -> ClaimedCoupons | None:
    """Claim coupons that are due; None when none is."""
    return uow.revocations.claim(uow.now(), uow.new_id(), patience.lease_seconds, COUPONS_AT_ONCE_MAX)


def cancel_at_supplier(claimed: ClaimedCoupons, suppliers: Mapping[str, Supplier]) -> Sequence[Answer]:
    """Cancel each of them. A supplier that this release does not know is as good as away."""
    supplier = suppliers.get(claimed.supplier)
    if supplier is None:
        return [NotDone("supplier_unknown")] * len(claimed.coupons)
    return supplier.call_all(
        [SupplierCall(Action.CANCEL, one.tr_id, goods_code="", phone="") for one in claimed.coupons]
    )


def end_revoking(
    claimed: ClaimedCoupons, answers: Sequence[Answer], uow: UnitOfWork, patience: IssuingPatience
) -> None:
    """Record the answers; what was cancelled is revoked, its amount is no longer confirmed, and that is said."""
    at = uow.now()
    stop = next((answer for answer in answers if isinstance(answer, Stopped)), None)
    if stop is not None:
        uow.stops.stop(claimed.supplier, stop.code, learnt(claimed.coupons[0], stop, at, patience).next_at)
    answer_of = {(one.line_id, one.item_no): answer for one, answer in zip(claimed.coupons, answers, strict=True)}
    after = [
        learnt(coupon, answer_of[coupon.line_id, coupon.item_no], at, patience)
        for coupon in uow.revocations.lock_open(claimed)
    ]
    uow.revocations.record(after)
    withdrawn = uow.revocations.withdraw([one for one in after if one.state is RevocationState.REVOKED])
    if withdrawn:
        _say_revoked(claimed, withdrawn, uow)


def _say_revoked(claimed: ClaimedCoupons, withdrawn: Sequence[WithdrawnCoupon], uow: UnitOfWork) -> None:
    amount_krw = sum(one.sale_price_krw for one in withdrawn)
    order = uow.orders.count(claimed.order_id, Counted(confirmed_krw=-amount_krw))
    uow.outbox.add(
        CouponsRevoked(
            revocation_id=uow.new_id(),
            order_id=order.order_id,
            company_id=order.company_id,
            member_id=order.member_id,
            repaid=claimed.repaid,
            coupons=len(withdrawn),
            amount_krw=amount_krw,
            cash_like_krw=sum(one.sale_price_krw for one in withdrawn if one.cash_like),
            months=_by_month(withdrawn),
            revoked_at=uow.now(),
        )
    )


def _by_month(withdrawn: Sequence[WithdrawnCoupon]) -> tuple[IssuedInMonth, ...]:
    prices: dict[str, list[int]] = defaultdict(list)
    for one in withdrawn:
        prices[month_of(one.issued_at, SEOUL)].append(one.sale_price_krw)
    return tuple(
        IssuedInMonth(month=month, coupons=len(of_month), amount_krw=sum(of_month))
        for month, of_month in sorted(prices.items())
    )
