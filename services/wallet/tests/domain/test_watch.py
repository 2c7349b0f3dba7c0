"""What is left for a near order once the others before it have their money (ANN-08)."""

from datetime import date
from uuid import uuid4

import pytest

from wallet.domain.funds import Funds, MonthlyLimit
from wallet.domain.holds import PaymentMethod
from wallet.domain.watch import NearOrder, left_for

COMPANY, MEMBER = uuid4(), uuid4()
FUNDS = Funds(
    PaymentMethod.PREPAID,
    balance_krw=100_000,
    held_krw=0,
    credit=MonthlyLimit(50_000, 10_000),
    spending=MonthlyLimit(40_000, 0),
    cash_like=MonthlyLimit(None, 0),
)


def near(day: date, amount_krw: int = 10_000, cash_like_krw: int = 0, member_id: object = MEMBER) -> NearOrder:
    return NearOrder(uuid4(), day, COMPANY, member_id, amount_krw, cash_like_krw)  # type: ignore[arg-type]


@pytest.mark.rule("ANN-08")
def test_orders_of_the_same_and_earlier_days_take_their_money_first() -> None:
    order = near(date(2026, 3, 9))
    others = [order, near(date(2026, 3, 8)), near(date(2026, 3, 9), 20_000, 5_000), near(date(2026, 3, 10), 99_000)]

    left = left_for(order, FUNDS, others)

    assert left.balance_krw == 70_000
    assert left.credit == MonthlyLimit(50_000, 40_000)
    assert left.spending == MonthlyLimit(40_000, 30_000)
    assert left.cash_like == MonthlyLimit(None, 5_000)


@pytest.mark.rule("ANN-08", "WAL-11")
def test_limits_are_those_of_the_month_of_the_day_and_of_the_member() -> None:
    order = near(date(2026, 4, 1))
    others = [near(date(2026, 3, 31)), near(date(2026, 4, 1), member_id=uuid4())]

    left = left_for(order, FUNDS, others)

    assert (left.balance_krw, left.credit, left.spending) == (80_000, MonthlyLimit(50_000, 20_000), FUNDS.spending)


def test_more_than_there_is_leaves_nothing_and_no_less() -> None:
    order = near(date(2026, 3, 9))

    assert left_for(order, FUNDS, [near(date(2026, 3, 8), 500_000)]).balance_krw == 0
