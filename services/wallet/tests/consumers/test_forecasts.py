"""Three days before an anniversary the wallet says whether the money would be there (ANN-08)."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from wallet_builders import NOON, a_company_changed, an_order_placed

from contracts.ordering.plans import PlanDayNear
from contracts.values import MemberRole, PaymentMethod
from contracts.wallet import ForecastShort
from wallet.domain.company import CashLikeGrant, CreditContract


def a_near_day(company_id: UUID, amount_krw: int, **changes: Any) -> PlanDayNear:
    values: dict[str, Any] = {
        "plan_id": uuid4(),
        "company_id": company_id,
        "member_id": uuid4(),
        "member_role": MemberRole.MASTER,
        "order_name": "생일 축하",
        "day": date(2026, 3, 5),
        "recipients": 3,
        "amount_krw": amount_krw,
        "cash_like_krw": 0,
        "said_at": NOON,
    }
    return PlanDayNear.model_validate(values | changes)


def forecasts(wallet: Any) -> list[tuple[str, int, int]]:
    said = [event for event in wallet.said() if isinstance(event, ForecastShort)]
    return [(event.reason.value, event.required_krw, event.available_krw) for event in said]


@pytest.mark.rule("ANN-08")
def test_a_company_with_enough_hears_nothing_and_one_with_too_little_hears_it_once(wallet: Any) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 30_000)
    wallet.hear(a_near_day(company_id, 30_000))
    assert forecasts(wallet) == []

    other = wallet.a_company()
    wallet.credit(other, 29_999)
    near = a_near_day(other, 30_000)
    wallet.hear(near, times=2)
    wallet.hear(near)

    assert forecasts(wallet) == [("balance", 30_000, 29_999)]
    (said,) = [event for event in wallet.said() if isinstance(event, ForecastShort)]
    assert (said.plan_id, said.member_id, said.order_name, said.day) == (
        near.plan_id,
        near.member_id,
        "생일 축하",
        date(2026, 3, 5),
    )


@pytest.mark.rule("ANN-08", "WAL-18")
def test_what_scheduled_orders_hold_is_not_there_any_more(wallet: Any) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 50_000)
    wallet.hear(an_order_placed(company_id, 30_000))

    wallet.hear(a_near_day(company_id, 30_000))

    assert forecasts(wallet) == [("balance", 30_000, 20_000)]


@pytest.mark.rule("ANN-08")
def test_plans_of_one_company_do_not_count_the_same_money_twice(wallet: Any) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 50_000)

    wallet.hear(a_near_day(company_id, 30_000))
    wallet.hear(a_near_day(company_id, 30_000, day=date(2026, 3, 6)))

    assert forecasts(wallet) == [("balance", 30_000, 20_000)]


@pytest.mark.rule("ANN-08")
def test_a_day_that_has_come_has_its_order_and_counts_no_more(wallet: Any) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 50_000)
    wallet.hear(a_near_day(company_id, 30_000))
    wallet.clock.advance(timedelta(days=3))

    wallet.hear(a_near_day(company_id, 30_000, day=date(2026, 3, 8)))

    assert forecasts(wallet) == []


@pytest.mark.rule("ANN-08", "ANN-09")
def test_each_limit_of_an_order_is_judged(wallet: Any) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 500_000)
    sub_member = uuid4()
    with wallet.begin() as uow:
        uow.spending_limits.set(company_id, sub_member, 10_000, NOON)

    wallet.hear(a_near_day(company_id, 20_000, member_id=sub_member, member_role=MemberRole.SUB))
    wallet.hear(a_near_day(company_id, 20_000, member_role=MemberRole.SUB))
    wallet.hear(a_near_day(company_id, 20_000, cash_like_krw=9_000))
    with wallet.begin() as uow:
        uow.companies.keep_cash_like(CashLikeGrant(company_id, 1, True, 15_000))
    wallet.hear(a_near_day(company_id, 20_000, cash_like_krw=9_000))

    assert forecasts(wallet) == [
        ("spending_limit", 20_000, 10_000),
        ("spending_limit_missing", 20_000, 0),
        ("cash_like_not_permitted", 9_000, 0),
        ("cash_like_limit", 9_000, 6_000),
    ]


@pytest.mark.rule("ANN-08", "WAL-11")
def test_a_postpaid_company_is_judged_by_the_limit_of_the_days_month(wallet: Any) -> None:
    company_id = wallet.a_company(payment_method=PaymentMethod.POSTPAID)
    with wallet.begin() as uow:
        uow.companies.keep_contract(CreditContract(company_id, 50_000, NOON.date()))
    wallet.hear(an_order_placed(company_id, 40_000))

    wallet.hear(a_near_day(company_id, 20_000))
    wallet.hear(a_near_day(company_id, 50_000, day=date(2026, 4, 1)))

    assert forecasts(wallet) == [("credit_line", 20_000, 10_000)]


def test_a_near_day_of_a_company_that_is_not_known_yet_waits_for_it(wallet: Any) -> None:
    company_id = uuid4()
    wallet.hear(a_near_day(company_id, 30_000))
    assert forecasts(wallet) == []

    wallet.hear(a_company_changed(company_id))
    wallet.redeliver_parked()

    assert forecasts(wallet) == [("balance", 30_000, 0)]


def test_a_company_that_may_not_order_is_told_so(wallet: Any) -> None:
    company_id = wallet.a_company(state="suspended")

    wallet.hear(a_near_day(company_id, 30_000))

    assert forecasts(wallet) == [("no_account", 30_000, 0)]
