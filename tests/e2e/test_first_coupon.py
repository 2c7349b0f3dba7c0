"""The main job through the gateway: from a company's sign-up to a barcode on a recipient's phone."""

import uuid
from typing import Any

import pytest

from chassis.testing.events import eventually
from launcher.audit import audit
from launcher.demo import Places, demonstrate
from launcher.journey.people import Master
from launcher.journey.rest import Refused, Rest


def people(*phones: str) -> list[dict[str, str]]:
    return [{"phone": phone, "name": f"받는이{number}", "company": "한빛"} for number, phone in enumerate(phones)]


@pytest.mark.rule("IDN-01", "IDN-07", "IDN-09", "WAL-02", "WAL-03", "ORD-01", "ORD-26", "MSG-01", "WAL-17", "WAL-18")
def test_the_demonstration_goes_through_and_balances_to_the_won(places: Places) -> None:
    demonstrate(places)


@pytest.mark.rule("ORD-15")
def test_an_order_that_costs_more_than_the_balance_names_the_figure_that_is_short(
    master: Master, money: int, thanks: dict[str, Any]
) -> None:
    dear = master.products("모바일상품권 50,000원")[0]["offers"][0]
    usable = master.wallet()["usable_krw"]
    body = master.order_body([dear], people("01000000001", "01000000002", "01000000003"), thanks)
    with pytest.raises(Refused) as refusal:
        master.rest.post("/v1/orders", body, key=uuid.uuid4().hex)
    assert refusal.value.status == 402
    assert refusal.value.problem["available_krw"] == usable
    assert refusal.value.problem["required_krw"] == body["pay_amount_krw"]
    assert master.wallet()["usable_krw"] == usable


@pytest.mark.rule("ORD-15")
def test_a_price_that_differs_from_the_one_seen_is_refused_with_the_new_figures(
    master: Master, money: int, coffee: dict[str, Any], thanks: dict[str, Any]
) -> None:
    body = master.order_body([coffee], people("01000000001"), thanks)
    with pytest.raises(Refused) as refusal:
        master.rest.post("/v1/orders", {**body, "pay_amount_krw": 1}, key=uuid.uuid4().hex)
    assert refusal.value.status in {409, 422}
    assert refusal.value.problem["pay_amount_krw"] == body["pay_amount_krw"]


@pytest.mark.rule("ORD-33", "GWY-01")
def test_an_order_sent_again_under_its_key_is_the_same_order(
    master: Master, money: int, coffee: dict[str, Any], thanks: dict[str, Any]
) -> None:
    body, key = master.order_body([coffee], people("01000000005"), thanks), uuid.uuid4().hex
    first, second = master.order(body, key), master.order(body, key)
    assert first["order_id"] == second["order_id"]
    with pytest.raises(Refused) as refusal:
        master.rest.post("/v1/orders", {**body, "send_title": "다른 제목"}, key=key)
    assert (refusal.value.status, refusal.value.code) == (422, "idempotency_key_reused")
    assert refusal.value.problem["fields"] == ["send_title"]


@pytest.mark.rule("IDN-22", "ORD-24")
def test_another_company_sees_nothing_of_an_order(
    master: Master, places: Places, money: int, coffee: dict[str, Any], thanks: dict[str, Any]
) -> None:
    order = master.order(master.order_body([coffee], people("01000000006"), thanks))
    for headers in ({}, {"Authorization": "Bearer nonsense"}):
        with pytest.raises(Refused) as refusal:
            Rest(places.gateway_url, headers=headers).get(f"/v1/orders/{order['order_id']}")
        assert refusal.value.status == 401


@pytest.mark.parametrize(
    ("method", "path", "content", "status"),
    [
        ("POST", "/v1/orders", b"{", 400),
        ("POST", "/v1/orders", b'{"order_type": 5}', 422),
        ("POST", "/v1/orders", b"[]", 422),
        ("POST", "/v1/charges", b'{"amount_krw": "x"}', 422),
        ("POST", "/v1/charges", b'{"amount_krw": 999}', 422),
        ("GET", "/v1/orders/not-an-id", None, 404),
        ("GET", "/v1/orders/019cac00-0000-7000-8000-000000000001", None, 404),
        ("GET", "/v1/charges/019cac00-0000-7000-8000-000000000001", None, 404),
        ("GET", "/v1/nothing", None, 404),
        ("DELETE", "/v1/orders", None, 405),
        ("GET", "/v1/orders?cursor=rubbish", None, 422),
        ("GET", "/admin/wallet/ledger/verify", None, 403),
    ],
)
@pytest.mark.rule("GWY-01")
def test_rubbish_is_a_problem_with_the_right_status(
    master: Master, method: str, path: str, content: bytes | None, status: int
) -> None:
    answer = master.rest.raw(method, path, content, {"Idempotency-Key": uuid.uuid4().hex})
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    problem = answer.json()
    assert problem["code"]
    assert problem["message"]["ko"]
    assert problem["message"]["en"]


def test_afterwards_nothing_is_lost_and_nothing_happened_twice(places: Places, master: Master, money: int) -> None:
    eventually(lambda: audit(places.postgres_url, places.sandbox_url).wrong == [], timeout_seconds=60)
