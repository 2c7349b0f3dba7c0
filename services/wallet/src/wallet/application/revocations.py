"""Revoked coupons: repaid to where their price came from, and out of the invoice or carried over (ORD-32, WAL-14)."""

from wallet.application.carry_overs import carry_revoked_over
from wallet.application.ports import UnitOfWork
from wallet.domain.holds import HeldFunds, PaymentMethod
from wallet.domain.invoice_errors import NotCapturedYetError
from wallet.domain.issuing import Issued, MonthState, Revocation
from wallet.domain.lots import spread
from wallet.domain.movements import revoking, uses


def revoke_coupons(revocation: Revocation, uow: UnitOfWork) -> None:
    """Keep a revocation, and repay it when the operator chose so; the same id again changes nothing.

    A prepaid order's price returns to the charge it came from, a postpaid one's raises the limit of the month of
    placing. Repaid or not, revoked coupons are not billed: what was issued in a month without an invoice is out of it,
    what had been invoiced becomes a carry-over (WAL-12, WAL-14).

    Raises `UnknownCompanyError`, `UnknownHoldError` and `NotCapturedYetError` when it came too early, `NeverHeldError`
    and `HoldExceededError` when it contradicts the books.
    """
    uow.ledger.stand_still(revocation.company_id)
    if uow.revocations.is_known(revocation.id):
        return
    hold = uow.holds.get(revocation.order_id)
    _see_issued(revocation, uow)
    carried = [
        (month, issued)
        for month, issued in revocation.months
        if hold.method is PaymentMethod.POSTPAID and _was_invoiced(revocation, month, uow)
    ]
    uow.revocations.add(revocation, [month for month, _ in carried])
    if revocation.repaid:
        _give_back(revocation, uow)
    for month, issued in carried:
        carry_revoked_over(revocation.id, hold.company_id, month, issued.amount_krw, uow)


def _see_issued(revocation: Revocation, uow: UnitOfWork) -> None:
    for month, revoked in revocation.months:
        left: Issued = uow.revocations.issued_of(revocation.order_id, month)
        if revoked.coupons > left.coupons or revoked.amount_krw > left.amount_krw:
            raise NotCapturedYetError(revocation.order_id)


def _was_invoiced(revocation: Revocation, month: str, uow: UnitOfWork) -> bool:
    closed = uow.issuing_months.closed(revocation.company_id, month)
    return closed is not None and closed.state in {MonthState.INVOICED, MonthState.DESTROYED}


def _give_back(revocation: Revocation, uow: UnitOfWork) -> None:
    amount_krw = revocation.issued.amount_krw
    if amount_krw == 0:
        return
    held: HeldFunds = uow.revocations.spent(revocation.order_id)
    hold = held.hold
    if not uow.ledger.post(revoking(hold, revocation.cause, amount_krw, uow.new_id(), uow.at)):
        return
    cash_like_krw = hold.cash_like_part_of(amount_krw, revocation.cash_like_krw)
    # What comes back goes to the newest charges first, as with releases.
    shares = spread(amount_krw, reversed(held.rooms)) if hold.method is PaymentMethod.PREPAID else ()
    uow.revocations.give_back(held, amount_krw, cash_like_krw, shares)
    for scope, used_krw in uses(hold, amount_krw, cash_like_krw):
        uow.uses.give_back(hold, scope, used_krw)
