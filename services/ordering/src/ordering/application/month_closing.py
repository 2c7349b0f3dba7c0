"""The turn of the month: what was issued in it is closed, then counted and said per company (WAL-12)."""

from datetime import datetime

from contracts.ordering.coupons import IssuingMonthClosed
from ordering.application.judging import SEOUL
from ordering.application.ports import UnitOfWork
from ordering.domain.issuing_month import month_before


def close_month_before(began_at: datetime, uow: UnitOfWork) -> None:
    """A month began: close the one before it. Nothing is counted here, so that issuing waits for a moment only."""
    uow.months.close(month_before(began_at, SEOUL), uow.now())


def say_closed_month(uow: UnitOfWork) -> bool:
    """Say the figures of a closed month, an event a company that had coupons issued; False when none is left to say.

    The month is closed, so they cannot change between two tries. A coupon whose outcome was unknown at the turn is
    recorded later, and belongs to the month of its recording.
    """
    month = uow.months.claim_unsaid()
    if month is None:
        return False
    at = uow.now()
    uow.outbox.add_all(
        IssuingMonthClosed(
            company_id=found.company_id,
            month=month.name,
            coupons=found.coupons,
            amount_krw=found.amount_krw,
            closed_at=at,
        )
        for found in uow.months.issued_in(month)
    )
    uow.months.note_said(month, at)
    return True
