"""Would an order's money be reserved? Each limit with what is short, and the very answer of reserving (ORD-15)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from wallet_builders import a_company_changed, an_order_placed

from contracts.identity import CashLikeGranted, CompanyState
from contracts.values import MemberRole
from contracts.values import PaymentMethod as SaidMethod
from contracts.wallet import FundsRefused, FundsReserved
from wallet.domain.month import seoul_month

THIS_MONTH = seoul_month(datetime.now(UTC))


def lines(seen: Any) -> list[tuple[str, int, int | None, int]]:
    """Figure, required, left and short of every limit."""
    return [(each["figure"], each["required_krw"], each["left_krw"], each["short_krw"]) for each in seen["limits"]]


def told(seen: Any) -> list[tuple[str, int, int, int]]:
    """Reason, required, available and short of every fault."""
    return [(each["reason"], each["required_krw"], each["available_krw"], each["short_krw"]) for each in seen["faults"]]


@pytest.fixture
def ask(office: Any) -> Any:
    """Asks as a member of the company."""

    def post(pay_amount_krw: int, cash_like_krw: int = 0, headers: dict[str, str] | None = None) -> Any:
        body = {"pay_amount_krw": pay_amount_krw, "cash_like_krw": cash_like_krw}
        answer = office.api.post("/internal/reservation-previews", json=body, headers=headers or office.master())
        assert answer.status_code == 200, answer.json
        return answer.json

    return post


def give_limit(wallet: Any, company_id: UUID, limit_krw: int | None) -> UUID:
    member_id = uuid4()
    wallet.sql("INSERT INTO spending_limits VALUES (:m, :c, :k)", m=member_id, c=company_id, k=limit_krw)
    return member_id


@pytest.mark.rule("ORD-15", "WAL-18")
def test_enough_money_passes_and_asking_takes_nothing(ask: Any, office: Any, wallet: Any) -> None:
    wallet.credit(office.company_id, 100_000)
    before = wallet.balances(office.company_id), len(wallet.said())
    for _ in range(2):
        seen = ask(100_000)
        assert (told(seen), lines(seen)) == ([], [("balance", 100_000, 100_000, 0)])
    assert (wallet.balances(office.company_id), len(wallet.said())) == before


@pytest.mark.rule("ORD-15")
def test_a_short_balance_is_named_in_both_languages(ask: Any, office: Any, wallet: Any) -> None:
    wallet.credit(office.company_id, 100_000)
    seen = ask(104_900)
    assert told(seen) == [("balance", 104_900, 100_000, 4_900)]
    (fault,) = seen["faults"]
    assert fault["code"] == "funds_short"
    assert fault["message"]["ko"] == "[충전금] 결제 가능 금액이 4,900원 부족합니다. (필요 104,900원, 가능 100,000원)"
    assert fault["message"]["en"] == "Short by 4,900 KRW (balance): 104,900 needed, 100,000 available."


@pytest.mark.rule("ORD-15", "WAL-11")
def test_a_short_credit_line_is_named(office: Any, wallet: Any, callers: Any, ask: Any) -> None:
    company_id = wallet.a_company(payment_method=SaidMethod.POSTPAID)
    wallet.sql("INSERT INTO credit_contracts VALUES (:c, 500000, '2026-01-01')", c=company_id)
    wallet.hear(an_order_placed(company_id, 120_000, month=THIS_MONTH))
    seen = ask(380_001, headers=callers.member("master", tenant_id=company_id))
    assert told(seen) == [("credit_line", 380_001, 380_000, 1)]


@pytest.mark.rule("ORD-30", "WAL-16")
def test_a_sub_member_is_judged_by_its_own_limit_and_by_its_masters_money(ask: Any, office: Any, wallet: Any) -> None:
    wallet.credit(office.company_id, 50_000)
    never_given = ask(1_000, headers=office.sub())
    assert told(never_given) == [("spending_limit_missing", 1_000, 0, 1_000)]
    member_id = give_limit(wallet, office.company_id, 60_000)
    assert told(ask(60_001, headers=office.sub(member_id))) == [("spending_limit", 60_001, 60_000, 1)]
    short_master = ask(55_000, headers=office.sub(member_id))
    assert told(short_master) == [("balance", 55_000, 50_000, 5_000)]
    assert lines(short_master) == [("spending_limit", 55_000, 60_000, 0), ("balance", 55_000, 50_000, 5_000)]


@pytest.mark.rule("WAL-19")
def test_the_masters_money_is_told_to_a_sub_member_only_where_it_refuses(ask: Any, office: Any, wallet: Any) -> None:
    wallet.credit(office.company_id, 50_000)
    unlimited = give_limit(wallet, office.company_id, None)
    seen = ask(40_000, headers=office.sub(unlimited))
    assert lines(seen) == [("spending_limit", 40_000, None, 0), ("balance", 40_000, None, 0)]


@pytest.mark.rule("IDN-23", "CAT-04", "ORD-15")
def test_cash_like_products_need_the_permission_and_stay_within_its_limit(ask: Any, office: Any, wallet: Any) -> None:
    wallet.credit(office.company_id, 100_000)
    assert told(ask(30_000, 10_000)) == [("cash_like_not_permitted", 10_000, 0, 10_000)]
    wallet.hear(CashLikeGranted(company_id=office.company_id, version=1, permitted=True, monthly_limit_krw=8_000))
    seen = ask(130_000, 10_000)
    assert told(seen) == [("cash_like_limit", 10_000, 8_000, 2_000)]
    assert lines(seen) == [("cash_like_limit", 10_000, 8_000, 2_000), ("balance", 130_000, 100_000, 30_000)]
    assert told(ask(30_000, 8_000)) == []


@pytest.mark.rule("ORD-15")
def test_a_suspended_company_has_nothing_to_pay_with(ask: Any, office: Any, wallet: Any) -> None:
    wallet.credit(office.company_id, 100_000)
    wallet.hear(a_company_changed(office.company_id, version=2, state=CompanyState.SUSPENDED))
    assert told(ask(1_000)) == [("no_account", 1_000, 0, 1_000)]


@pytest.mark.rule("ORD-15", "ORD-30")
@pytest.mark.parametrize("amount_krw", [39_999, 40_000, 40_001, 50_001, 60_001])
@pytest.mark.parametrize("limit_krw", [40_000, 70_000])
def test_what_is_seen_is_what_reserving_answers(
    ask: Any, office: Any, wallet: Any, amount_krw: int, limit_krw: int
) -> None:
    wallet.credit(office.company_id, 50_000)
    member_id = give_limit(wallet, office.company_id, limit_krw)
    seen = ask(amount_krw, headers=office.sub(member_id))
    wallet.hear(
        an_order_placed(
            office.company_id, amount_krw, member_id=member_id, member_role=MemberRole.SUB, month=THIS_MONTH
        )
    )
    (answer,) = wallet.answers()
    if isinstance(answer, FundsReserved):
        assert told(seen) == []
    else:
        assert isinstance(answer, FundsRefused)
        ((reason, required_krw, available_krw, _),) = told(seen)
        assert (reason, required_krw, available_krw) == (
            answer.reason.value,
            answer.required_krw,
            answer.available_krw,
        )


def test_only_members_ask(office: Any, callers: Any) -> None:
    body = {"pay_amount_krw": 1, "cash_like_krw": 0}
    assert office.api.post("/internal/reservation-previews", json=body).status_code == 401
    refused = office.api.post("/internal/reservation-previews", json=body, headers=callers.operator())
    assert refused.status_code == 403
