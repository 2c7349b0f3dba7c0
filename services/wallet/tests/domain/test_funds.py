"""Which figure refuses an order, and what a member may use (WAL-19, ORD-15, ORD-30, IDN-23)."""

import pytest

from wallet.domain.funds import (
    Funds,
    MonthlyLimit,
    Refusal,
    RefusalReason,
    cash_like_usable_krw,
    judge,
    usable_krw,
)
from wallet.domain.holds import PaymentMethod


def funds(**changes: object) -> Funds:
    values: dict[str, object] = {
        "method": PaymentMethod.PREPAID,
        "balance_krw": 100_000,
        "held_krw": 0,
        "credit": None,
        "spending": None,
        "cash_like": None,
    }
    return Funds(**(values | changes))  # type: ignore[arg-type]


POSTPAID = {"method": PaymentMethod.POSTPAID, "balance_krw": 0}


@pytest.mark.rule("ORD-15", "ORD-30", "IDN-23")
@pytest.mark.parametrize(
    ("amount_krw", "cash_like_krw", "by_sub", "figures", "refusal"),
    [
        (100_000, 0, False, funds(), None),
        (100_001, 0, False, funds(), Refusal(RefusalReason.BALANCE, 100_001, 100_000)),
        (1_000, 0, False, funds(**POSTPAID), Refusal(RefusalReason.CREDIT_LINE, 1_000, 0)),
        (60_001, 0, False, funds(**POSTPAID, credit=MonthlyLimit(100_000, 40_000)),
         Refusal(RefusalReason.CREDIT_LINE, 60_001, 60_000)),
        (60_000, 0, False, funds(**POSTPAID, credit=MonthlyLimit(100_000, 40_000)), None),
        (1_000, 0, True, funds(), Refusal(RefusalReason.SPENDING_LIMIT_MISSING, 1_000, 0)),
        (30_001, 0, True, funds(spending=MonthlyLimit(50_000, 20_000)),
         Refusal(RefusalReason.SPENDING_LIMIT, 30_001, 30_000)),
        (1, 0, True, funds(spending=MonthlyLimit(10_000, 20_000)), Refusal(RefusalReason.SPENDING_LIMIT, 1, 0)),
        (100_000, 0, True, funds(spending=MonthlyLimit(None, 20_000)), None),
        (10_000, 5_000, False, funds(), Refusal(RefusalReason.CASH_LIKE_NOT_PERMITTED, 5_000, 0)),
        (10_000, 5_001, False, funds(cash_like=MonthlyLimit(10_000, 5_000)),
         Refusal(RefusalReason.CASH_LIKE_LIMIT, 5_001, 5_000)),
        (10_000, 5_000, False, funds(cash_like=MonthlyLimit(10_000, 5_000)), None),
    ],
)  # fmt: skip
def test_the_first_figure_that_is_short_is_named(
    amount_krw: int, cash_like_krw: int, by_sub: bool, figures: Funds, refusal: Refusal | None
) -> None:
    judged = judge(amount_krw=amount_krw, cash_like_krw=cash_like_krw, by_sub_member=by_sub, funds=figures)

    assert judged == refusal


@pytest.mark.rule("WAL-19")
@pytest.mark.parametrize(
    ("by_sub", "figures", "usable", "cash_like_usable"),
    [
        (False, funds(), 100_000, 0),
        (False, funds(cash_like=MonthlyLimit(30_000, 10_000)), 100_000, 20_000),
        (False, funds(**POSTPAID, credit=MonthlyLimit(50_000, 60_000)), 0, 0),
        (True, funds(), 0, 0),
        (True, funds(spending=MonthlyLimit(40_000, 10_000)), 30_000, 0),
        (True, funds(spending=MonthlyLimit(400_000, 10_000), cash_like=MonthlyLimit(500_000, 0)), 100_000, 100_000),
        (True, funds(spending=MonthlyLimit(None, 0)), 100_000, 0),
        (True, funds(spending=MonthlyLimit(40_000, 10_000), cash_like=MonthlyLimit(20_000, 0)), 30_000, 20_000),
    ],
)
def test_usable_is_the_smallest_of_what_is_left(
    by_sub: bool, figures: Funds, usable: int, cash_like_usable: int
) -> None:
    assert usable_krw(figures, by_sub_member=by_sub) == usable
    assert cash_like_usable_krw(figures, by_sub_member=by_sub) == cash_like_usable
