"""An order form in one call: ordering judges it, then wallet and messaging are asked what it lets us ask of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from gateway_services import Service
from werkzeug.wrappers import Request, Response

from chassis.web import WsgiApp

ORDER = {
    "faults": [],
    "heading": "주문상품: 1건",
    "pay_amount_krw": 59_400,
    "cash_like_krw": 49_500,
    "message_row": {"row_no": 2, "template_id": "t-1", "template_version": 3, "values": {"이름": "김하늘"}},
}
FUNDS: dict[str, Any] = {"faults": [], "limits": [{"figure": "balance", "short_krw": 0}]}
MESSAGE = {"text": "김하늘님, 쿠폰이 도착했습니다."}
FORM = {"send_title": "연말 감사", "recipients": [{"phone": "010-0000-0001", "name": "김하늘"}]}
FAULT = {"code": "funds_short", "reason": "balance", "short_krw": 4_900}
Post = Callable[..., Any]


def says(status: int = 200, **body: Any) -> Callable[[Request], Response]:
    return lambda _: Response(json.dumps(body), status=status, content_type="application/json")


@pytest.fixture
def post(services: dict[str, Service], client: FlaskClient, token: Callable[..., str]) -> Post:
    """Previews the form at services that find nothing wrong."""
    services["ordering"].answer = says(**ORDER)
    services["wallet"].answer = says(**FUNDS)
    services["messaging"].answer = says(**MESSAGE)

    def send(at: FlaskClient = client) -> Any:
        return at.post("/v1/orders/preview", json=FORM, headers={"Authorization": token()})

    return send


@pytest.mark.rule("ORD-13", "ORD-15", "ORD-35")
def test_every_part_is_asked_what_the_judged_form_lets_us_ask(post: Post, services: dict[str, Service]) -> None:
    seen = post()
    assert seen.status_code == 200
    assert seen.json == {
        "would_pass": True,
        "order": ORDER,
        "funds": FUNDS,
        "message": MESSAGE,
        "missing": [],
    }
    asked = {name: services[name].requests for name in ("ordering", "wallet", "messaging")}
    assert {name: [(one["method"], one["path"]) for one in requests] for name, requests in asked.items()} == {
        "ordering": [("POST", "/internal/order-previews")],
        "wallet": [("POST", "/internal/reservation-previews")],
        "messaging": [("POST", "/internal/message-previews")],
    }
    bodies = {name: json.loads(requests[0]["body"].encode("latin-1")) for name, requests in asked.items()}
    assert bodies["ordering"] == FORM
    assert bodies["wallet"] == {"pay_amount_krw": 59_400, "cash_like_krw": 49_500}
    assert bodies["messaging"] == {"template_id": "t-1", "template_version": 3, "values": {"이름": "김하늘"}}
    sent = [dict(requests[0]["headers"]) for requests in asked.values()]
    assert len({(each["Authorization"], each["X-Correlation-Id"]) for each in sent}) == 1


@pytest.mark.rule("ORD-15")
def test_a_fault_of_either_says_that_it_would_not_pass(post: Post, services: dict[str, Service]) -> None:
    services["wallet"].answer = says(**FUNDS | {"faults": [FAULT]})
    assert post().json["would_pass"] is False
    services["wallet"].answer = says(**FUNDS)
    services["ordering"].answer = says(**ORDER | {"faults": [{"code": "send_title_missing"}]})
    assert post().json["would_pass"] is False


@pytest.mark.rule("GWY-03")
def test_without_wallet_nothing_is_promised_and_a_fault_of_the_form_is_still_told(
    post: Post, services: dict[str, Service], gateway: Callable[..., WsgiApp]
) -> None:
    without_wallet = gateway(wallet_url="http://127.0.0.1:9").api.test_client()
    seen = post(without_wallet)
    assert (seen.status_code, seen.json["would_pass"], seen.json["missing"]) == (200, None, ["funds"])
    assert (seen.json["funds"], seen.json["order"], seen.json["message"]) == (None, ORDER, MESSAGE)
    services["ordering"].answer = says(**ORDER | {"faults": [{"code": "send_title_missing"}]})
    assert post(without_wallet).json["would_pass"] is False


@pytest.mark.rule("GWY-03")
def test_without_messaging_the_order_is_judged_and_the_message_missing(
    post: Post, gateway: Callable[..., WsgiApp]
) -> None:
    seen = post(gateway(messaging_url="http://127.0.0.1:9").api.test_client()).json
    assert (seen["would_pass"], seen["missing"], seen["message"]) == (True, ["message"], None)


@pytest.mark.rule("GWY-03")
@pytest.mark.parametrize("broken", [says(503), says(409, code="wallet_not_ready"), lambda _: Response("<html>")])
def test_a_wallet_that_cannot_say_is_missing(post: Post, services: dict[str, Service], broken: Any) -> None:
    services["wallet"].answer = broken
    seen = post().json
    assert (seen["would_pass"], seen["missing"]) == (None, ["funds"])


@pytest.mark.rule("GWY-03")
def test_without_ordering_there_is_no_preview_and_the_problem_names_it(
    post: Post, gateway: Callable[..., WsgiApp], services: dict[str, Service]
) -> None:
    seen = post(gateway(ordering_url="http://127.0.0.1:9").api.test_client())
    assert (seen.status_code, seen.json["code"], seen.json["part"]) == (503, "service_away", "ordering")
    services["ordering"].answer = lambda _: Response("[1]", content_type="application/json")
    assert (post().status_code, post().json["code"]) == (502, "service_answer_lost")


def test_a_form_that_ordering_cannot_read_is_refused_in_its_words(post: Post, services: dict[str, Service]) -> None:
    services["ordering"].answer = says(422, code="invalid_request")
    seen = post()
    assert (seen.status_code, seen.json) == (422, {"code": "invalid_request"})
    assert services["wallet"].requests == services["messaging"].requests == []


def test_without_a_row_to_show_messaging_is_not_asked(post: Post, services: dict[str, Service]) -> None:
    services["ordering"].answer = says(**ORDER | {"message_row": None})
    seen = post().json
    assert (seen["message"], seen["missing"]) == (None, [])
    assert services["messaging"].requests == []


@pytest.mark.rule("IDN-13")
def test_a_session_that_a_service_knows_to_be_over_sees_no_preview(
    post: Post, services: dict[str, Service], client: FlaskClient, token: Callable[..., str]
) -> None:
    services["wallet"].answer = says(401, code="session_revoked")
    assert (post().status_code, post().json["code"]) == (401, "session_revoked")
    assert client.post("/v1/orders/preview", json=FORM).status_code == 401
    operator = {"Authorization": token("operator")}
    assert client.post("/v1/orders/preview", json=FORM, headers=operator).status_code == 403
    assert len(services["ordering"].requests) == 2


@pytest.mark.parametrize("path", ["/internal/order-previews", "/internal/reservation-previews"])
def test_what_the_gateway_asks_for_itself_nobody_reaches_through_it(
    client: FlaskClient, token: Callable[..., str], path: str
) -> None:
    assert client.post(path, json={}, headers={"Authorization": token()}).status_code == 404
