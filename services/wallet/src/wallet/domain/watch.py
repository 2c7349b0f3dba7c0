"""Watching what a company has left: a threshold that its master chose, and orders that are near (ANN-08)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from wallet.domain.funds import Funds, MonthlyLimit


@dataclass(frozen=True)
class Threshold:
    """A master wants to know when there is less than this left; `is_low` says that it was told and is so still."""

    company_id: UUID
    threshold_krw: int
    is_low: bool = False


@dataclass(frozen=True)
class NearOrder:
    """What a plan is going to order on a near day, in KRW. Nothing is held for it before that day."""

    plan_id: UUID
    day: date
    company_id: UUID
    member_id: UUID
    amount_krw: int
    cash_like_krw: int

    @property
    def month(self) -> str:
        """The Seoul month whose limits it is going to use."""
        return self.day.strftime("%Y-%m")


def left_for(order: NearOrder, funds: Funds, others: Iterable[NearOrder]) -> Funds:
    """What is left for a near order once the other near orders of its company up to its day have their money."""
    before = [other for other in others if other.day <= order.day and other.plan_id != order.plan_id]
    of_month = [other for other in before if other.month == order.month]
    of_member = [other for other in of_month if other.member_id == order.member_id]
    return replace(
        funds,
        balance_krw=max(0, funds.balance_krw - sum(other.amount_krw for other in before)),
        credit=_used(funds.credit, sum(other.amount_krw for other in of_month)),
        spending=_used(funds.spending, sum(other.amount_krw for other in of_member)),
        cash_like=_used(funds.cash_like, sum(other.cash_like_krw for other in of_month)),
    )


def _used(limit: MonthlyLimit | None, more_krw: int) -> MonthlyLimit | None:
    return None if limit is None else replace(limit, used_krw=limit.used_krw + more_krw)
