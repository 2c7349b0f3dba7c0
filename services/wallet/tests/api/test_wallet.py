"""What members see of the money over HTTP (WAL-04, WAL-19)."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from wallet_builders import an_order_placed, failed, issued, withdrawn

from contracts.identity import SessionsRevoked
from contracts.values import MemberRole, OrderType
from contracts.values import PaymentMethod as SaidMethod
from wallet.domain.month import seoul_month

THIS_MONTH = seoul_month(datetime.now(UTC))


@pytest.mark.rule("WAL-02", "WAL-19")
def test_a_master_sees_balance_holds_and_what_is_usable(office, wallet) -> None:
    wallet.credit(office.company_id, 100_000)
    wallet.hear(an_order_placed(office.company_id, 30_000))

    answer = office.api.get("/v1/wallet", headers=office.master())

    assert answer.status_code == 200
    shown = answer.json
    assert (shown["balance_krw"], shown["held_krw"], shown["usable_krw"]) == (100_000, 30_000, 70_000)
    assert (shown["payment_method"], shown["cash_like_usable_krw"]) == ("prepaid", 0)


@pytest.mark.rule("WAL-19", "WAL-16")
def test_a_sub_member_sees_its_own_limit_and_not_the_masters_balance(office, wallet) -> None:
    wallet.credit(office.company_id, 100_000)
    member_id = uuid4()
    wallet.sql("INSERT INTO spending_limits VALUES (:m, :c, 40000)", m=member_id, c=office.company_id)
    wallet.hear(
        an_order_placed(office.company_id, 15_000, member_id=member_id, member_role=MemberRole.SUB, month=THIS_MONTH)
    )

    shown = office.api.get("/v1/wallet", headers=office.sub(member_id)).json

    assert shown["usable_krw"] == 25_000
    assert shown["spending"] == {"limit_krw": 40_000, "used_krw": 15_000, "left_krw": 25_000}
    assert (shown["balance_krw"], shown["held_krw"], shown["credit"]) == (None, None, None)
    assert office.api.get("/v1/wallet", headers=office.sub()).json["usable_krw"] == 0


@pytest.mark.rule("WAL-11", "WAL-19")
def test_a_postpaid_master_sees_what_is_left_of_the_month(office, wallet, callers) -> None:
    company_id = wallet.a_company(payment_method=SaidMethod.POSTPAID)
    wallet.sql("INSERT INTO credit_contracts VALUES (:c, 500000, '2026-01-01')", c=company_id)
    wallet.hear(an_order_placed(company_id, 120_000, month=THIS_MONTH))

    shown = office.api.get("/v1/wallet", headers=callers.member("master", tenant_id=company_id)).json

    assert shown["usable_krw"] == 380_000
    assert shown["credit"] == {"limit_krw": 500_000, "used_krw": 120_000, "left_krw": 380_000}
    assert (shown["balance_krw"], shown["month"]) == (None, THIS_MONTH)


@pytest.mark.rule("WAL-04")
def test_the_history_names_every_movement_and_its_lines_add_up_to_the_balance(office, wallet) -> None:
    wallet.credit(office.company_id, 100_000)
    order = an_order_placed(office.company_id, 30_000, order_type=OrderType.CHOICE, order_name="봄 선물")
    given_up = an_order_placed(office.company_id, 5_000)
    for event in (order, issued(order, 20_000), failed(order, 10_000), given_up, withdrawn(given_up)):
        wallet.hear(event)

    lines = office.api.get("/v1/wallet/entries", headers=office.master()).json["items"]

    assert [(line["kind_ko"], line["amount_krw"], line["balance_krw"]) for line in lines] == [
        ("사용취소", 5_000, 80_000),
        ("사용", -5_000, 75_000),
        ("발행실패환급", 10_000, 80_000),
        ("사용", -30_000, 70_000),
        ("충전", 100_000, 100_000),
    ]
    assert sum(line["amount_krw"] for line in lines) == lines[0]["balance_krw"]
    assert lines[3]["detail_ko"] == f"[선택형] 봄 선물 (주문번호: {order.order_number})"
    assert lines[3]["order"]["order_id"] == str(order.order_id)
    assert (lines[4]["order"], lines[4]["means"]) == (None, "카드")


@pytest.mark.rule("GWY-01", "WAL-04")
def test_the_history_is_paged_by_cursor(office, wallet) -> None:
    for amount_krw in (1_000, 2_000, 3_000):
        wallet.credit(office.company_id, amount_krw)

    first = office.api.get("/v1/wallet/entries?limit=2", headers=office.master()).json
    rest = office.api.get(f"/v1/wallet/entries?limit=2&cursor={first['next_cursor']}", headers=office.master()).json

    assert [line["amount_krw"] for line in first["items"] + rest["items"]] == [3_000, 2_000, 1_000]
    assert rest["next_cursor"] is None


@pytest.mark.parametrize("query", ["cursor=nonsense", "limit=0", "limit=201", "limit=many", "cursor=WyJhIl0"])
def test_a_page_that_does_not_exist_is_refused(query: str, office) -> None:
    answer = office.api.get(f"/v1/wallet/entries?{query}", headers=office.master())

    assert (answer.status_code, answer.json["code"]) == (422, "invalid_request")


@pytest.mark.rule("WAL-01")
def test_the_history_belongs_to_prepaid_masters(office, wallet, callers) -> None:
    postpaid = callers.member("master", tenant_id=wallet.a_company(payment_method=SaidMethod.POSTPAID))

    for headers, status, code in (
        (office.sub(), 403, "forbidden"),
        (postpaid, 403, "prepaid_only"),
        (callers.member("master"), 409, "wallet_not_ready"),
        (callers.operator("finance"), 403, "forbidden"),
        ({}, 401, "unauthenticated"),
    ):
        answer = office.api.get("/v1/wallet/entries", headers=headers)
        assert (answer.status_code, answer.json["code"]) == (status, code)


@pytest.mark.rule("IDN-22")
def test_a_master_sees_no_other_companys_lines(office, wallet) -> None:
    wallet.credit(wallet.a_company(), 100_000)

    assert office.api.get("/v1/wallet/entries", headers=office.master()).json["items"] == []


@pytest.mark.rule("IDN-13")
def test_a_revoked_session_sees_nothing(office, wallet) -> None:
    wallet.hear(SessionsRevoked(subject_id=office.master_id, version=2, lowest_generation=2))

    assert office.api.get("/v1/wallet", headers=office.master()).status_code == 401
