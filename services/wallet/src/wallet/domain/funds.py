"""Judging an order by the figures of its company and member: would it be reserved, and what is usable (WAL-19)."""

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


def judge(*, amount_krw: int, cash_like_krw: int, by_sub_member: bool, funds: Funds) -> Refusal | None:
    """Why an order cannot be reserved whole, or None when it can (ORD-15, ORD-30, IDN-23)."""
    return (
        _judge_cash_like(cash_like_krw, funds)
        or (_judge_spending(amount_krw, funds) if by_sub_member else None)
        or _judge_source(amount_krw, funds)
    )


def _judge_cash_like(cash_like_krw: int, funds: Funds) -> Refusal | None:
    if cash_like_krw == 0:
        return None
    if funds.cash_like is None:
        return Refusal(RefusalReason.CASH_LIKE_NOT_PERMITTED, cash_like_krw, 0)
    return _judge_limit(RefusalReason.CASH_LIKE_LIMIT, cash_like_krw, funds.cash_like)


def _judge_spending(amount_krw: int, funds: Funds) -> Refusal | None:
    if funds.spending is None:
        return Refusal(RefusalReason.SPENDING_LIMIT_MISSING, amount_krw, 0)
    return _judge_limit(RefusalReason.SPENDING_LIMIT, amount_krw, funds.spending)


def _judge_source(amount_krw: int, funds: Funds) -> Refusal | None:
    if amount_krw <= funds.source_left_krw:
        return None
    prepaid = funds.method is PaymentMethod.PREPAID
    reason = RefusalReason.BALANCE if prepaid else RefusalReason.CREDIT_LINE
    return Refusal(reason, amount_krw, funds.source_left_krw)


def _judge_limit(reason: RefusalReason, amount_krw: int, limit: MonthlyLimit) -> Refusal | None:
    left_krw = limit.left_krw
    if left_krw is None or amount_krw <= left_krw:
        return None
    return Refusal(reason, amount_krw, left_krw)


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
