"""Judging an order by the figures of its company and member: would it be reserved, and what is usable (WAL-19)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from wallet.domain.holds import PaymentMethod


class UseScope(StrEnum):
    """What is counted by Seoul month: a month without a row has no use yet, so nothing is ever reset."""

    CREDIT_LINE = "credit_line"
    SPENDING = "spending"
    CASH_LIKE = "cash_like"


class RefusalReason(StrEnum):
    """Which figure was short, or why nothing could be judged."""

    BALANCE = "balance"
    CREDIT_LINE = "credit_line"
    SPENDING_LIMIT = "spending_limit"
    SPENDING_LIMIT_MISSING = "spending_limit_missing"
    CASH_LIKE_NOT_PERMITTED = "cash_like_not_permitted"
    CASH_LIKE_LIMIT = "cash_like_limit"
    NO_ACCOUNT = "no_account"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Refusal:
    """Why an order is refused: what was asked of the figure, and what it had."""

    reason: RefusalReason
    required_krw: int
    available_krw: int

    @property
    def short_krw(self) -> int:
        """By how much more there would have to be."""
        return max(self.required_krw - self.available_krw, 0)


@dataclass(frozen=True)
class MonthlyLimit:
    """A limit of a Seoul month and its use; without a limit it is unlimited."""

    limit_krw: int | None
    used_krw: int

    @property
    def left_krw(self) -> int | None:
        """What is left, never below 0 when a limit was set below its use; None is unlimited."""
        return None if self.limit_krw is None else max(0, self.limit_krw - self.used_krw)


@dataclass(frozen=True)
class Funds:
    """The figures of one company and member in one Seoul month.

    `credit` is the contract of a postpaid company and `spending` the limit of a sub-member: None is 'never given'.
    `cash_like` is None without the permission (IDN-23).
    """

    method: PaymentMethod
    balance_krw: int
    held_krw: int
    credit: MonthlyLimit | None
    spending: MonthlyLimit | None
    cash_like: MonthlyLimit | None

    @property
    def source_left_krw(self) -> int:
        """What is left of the master's balance or credit line."""
        if self.method is PaymentMethod.PREPAID:
            return self.balance_krw
        left_krw = None if self.credit is None else self.credit.left_krw
        return left_krw or 0


@dataclass(frozen=True)
class Limit:
    """A figure that an order has to stay within; what is not limited has `left_krw` None.

    `short` is the reason of a refusal when less is left than is required. What was never `given` refuses everything.
    """

    required_krw: int
    left_krw: int | None
    short: RefusalReason
    given: bool = True

    @property
    def refusal(self) -> Refusal | None:
        """Why the order is refused by this figure, or None when enough is left."""
        if self.given and (self.left_krw is None or self.required_krw <= self.left_krw):
            return None
        return Refusal(self.short, self.required_krw, self.left_krw or 0)


def judge(*, amount_krw: int, cash_like_krw: int, by_sub_member: bool, funds: Funds) -> Refusal | None:
    """Why an order cannot be reserved whole, or None when it can (ORD-15, ORD-30, IDN-23)."""
    return first_refusal(
        limits_of(amount_krw=amount_krw, cash_like_krw=cash_like_krw, by_sub_member=by_sub_member, funds=funds)
    )


def first_refusal(limits: Iterable[Limit]) -> Refusal | None:
    """Of figures in the order in which they are judged, the refusal by the first that is short."""
    return next((limit.refusal for limit in limits if limit.refusal), None)


def limits_of(*, amount_krw: int, cash_like_krw: int, by_sub_member: bool, funds: Funds) -> tuple[Limit, ...]:
    """Every figure that an order is judged by, in the order in which a refusal names the first that is short."""
    return (
        *((_cash_like(cash_like_krw, funds.cash_like),) if cash_like_krw else ()),
        *((_spending(amount_krw, funds.spending),) if by_sub_member else ()),
        _source(amount_krw, funds),
    )


def _cash_like(cash_like_krw: int, limit: MonthlyLimit | None) -> Limit:
    if limit is None:
        return Limit(cash_like_krw, 0, RefusalReason.CASH_LIKE_NOT_PERMITTED, given=False)
    return Limit(cash_like_krw, limit.left_krw, RefusalReason.CASH_LIKE_LIMIT)


def _spending(amount_krw: int, limit: MonthlyLimit | None) -> Limit:
    if limit is None:
        return Limit(amount_krw, 0, RefusalReason.SPENDING_LIMIT_MISSING, given=False)
    return Limit(amount_krw, limit.left_krw, RefusalReason.SPENDING_LIMIT)


def _source(amount_krw: int, funds: Funds) -> Limit:
    prepaid = funds.method is PaymentMethod.PREPAID
    return Limit(amount_krw, funds.source_left_krw, RefusalReason.BALANCE if prepaid else RefusalReason.CREDIT_LINE)


def usable_krw(funds: Funds, *, by_sub_member: bool) -> int:
    """사용 가능 금액: the smallest of what is left of the master's money and the member's own limit (WAL-19)."""
    if not by_sub_member:
        return funds.source_left_krw
    if funds.spending is None:
        return 0
    left_krw = funds.spending.left_krw
    return funds.source_left_krw if left_krw is None else min(funds.source_left_krw, left_krw)


def cash_like_usable_krw(funds: Funds, *, by_sub_member: bool) -> int:
    """What is usable for cash-like products: 0 without the permission (WAL-19, IDN-23)."""
    if funds.cash_like is None:
        return 0
    left_krw = funds.cash_like.left_krw
    usable = usable_krw(funds, by_sub_member=by_sub_member)
    return usable if left_krw is None else min(usable, left_krw)
