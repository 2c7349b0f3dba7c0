"""What the gateway refuses itself, and what it says in the place of a service that gives no answer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from gateway_services import Service
from joserfc.jwk import OKPKey
from werkzeug.test import TestResponse
from werkzeug.wrappers import Request, Response

from chassis.breaker import BreakerLimits
from chassis.testing.events import eventually
from chassis.testing.wire import Exchange, WireServer
from chassis.web import WsgiApp
from gateway.domain.routes import ROUTES, Route

LINE = "/v1/recipient/line"


def assert_problem(answer: TestResponse, status: int, code: str) -> None:
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert answer.json["code"] == code
    assert answer.json["message"]["ko"]
    assert answer.json["message"]["en"]


@pytest.mark.rule("GWY-01")
@pytest.mark.parametrize(
    "path",
    ["/", "/v1", "/v1/nothing", "/v1/ordersx", "/v2/orders", "/metrics", "/healthz/ready", "/admin", "/admin/other/x",
     "/admin/wallet/rest", "/admin/wallet/rest/x", "/admin/coupon_web/x", "/docs", "/static/x"],
)  # fmt: skip
def test_what_stands_in_no_row_is_not_there(path: str, client: FlaskClient, token: Callable[..., str]) -> None:
    assert_problem(client.get(path, headers={"Authorization": token("operator")}), 404, "not_found")


@pytest.mark.parametrize(
    "path",
    ["/v1/recipient/../../admin/rest", "/v1/recipient/..%2f..%2fadmin", "/v1/recipient/%2e%2e/x", "/v1/recipient/./x",
     "/v1/recipient//x", "/v1/recipient/x/", "/v1/recipient/..%5cadmin",
     "/v1/recipient/a%00b", "/v1/recipient/%0d%0aX"],
)  # fmt: skip
def test_addresses_that_readers_could_take_differently_reach_nobody(
    path: str, client: FlaskClient, services: dict[str, Service]
) -> None:
    assert client.get(path).status_code == 404
    assert not any(service.requests for service in services.values())


def test_a_twice_encoded_address_is_decoded_only_once(client: FlaskClient) -> None:
    got = client.get("/v1/recipient/%252e%252e%252fadmin").json
    assert got["target"] == "/v1/recipient/%252e%252e%252fadmin"


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "CONNECT", "PROPFIND"])
def test_other_methods_are_refused(method: str, client: FlaskClient, services: dict[str, Service]) -> None:
    assert_problem(client.open(LINE, method=method), 405, "method_not_allowed")
    assert not services["ordering"].requests


PROTECTED = [route for route in ROUTES if route.access != "public"]


@pytest.mark.parametrize("route", PROTECTED, ids=lambda r: r.prefix)
def test_nobody_gets_through_without_a_token_or_with_one_of_another_kind(
    route: Route, client: FlaskClient, services: dict[str, Service], token: Callable[..., str]
) -> None:
    other = "operator" if route.access == "member" else "member"
    assert_problem(client.get(f"{route.prefix}/x"), 401, "unauthenticated")
    assert_problem(client.get(f"{route.prefix}/x", headers={"Authorization": token(other)}), 403, "forbidden")
    assert not any(service.requests for service in services.values())


def test_a_token_that_is_over_or_not_ours_is_refused(client: FlaskClient, token: Callable[..., str]) -> None:
    earlier = int((datetime.now(UTC) - timedelta(minutes=1)).timestamp())
    stranger = OKPKey.generate_key("Ed25519", parameters={"kid": "test-gateway"})
    for bad in (
        token(exp=earlier),
        token(key=stranger),
        token(iss="other"),
        token(aud="other"),
        "Bearer x.y.z",
        "Basic eA==",
    ):
        assert_problem(client.get("/v1/orders", headers={"Authorization": bad}), 401, "unauthenticated")


def test_the_token_itself_goes_on_to_the_service(client: FlaskClient, token: Callable[..., str]) -> None:
    sent = token()
    assert dict(client.get("/v1/wallet", headers={"Authorization": sent}).json["headers"])["Authorization"] == sent


@pytest.mark.rule("GWY-03")
def test_a_service_that_is_away_is_named(gateway: Callable[..., WsgiApp], token: Callable[..., str]) -> None:
    with WireServer(Exchange.hang_up) as server:
        nobody_there = server.url
    client = gateway(wallet_url=nobody_there).api.test_client()
    headers = {"Authorization": token()}
    answer = client.get("/v1/wallet", headers=headers)
    assert_problem(answer, 503, "service_away")
    assert answer.json["part"] == "wallet"
    assert answer.headers["Retry-After"] == "2"
    # The others go on as if nothing were.
    assert client.get("/v1/orders", headers=headers).status_code == 200


@pytest.mark.rule("GWY-03")
def test_a_service_that_does_not_answer_in_time_is_named(
    gateway: Callable[..., WsgiApp], monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Route(LINE, ROUTES[0].part.ORDERING, ROUTES[0].access.PUBLIC, timeout_seconds=0.2)
    monkeypatch.setattr("gateway.main.ROUTES", (slow,))
    with WireServer(Exchange.hang) as server:
        answer = gateway(ordering_url=server.url).api.test_client().get(LINE)
        assert_problem(answer, 504, "service_slow")
        assert answer.json["part"] == "ordering"
        assert len(server.requests) == 1


def test_a_service_that_drips_does_not_hold_the_door_open(
    gateway: Callable[..., WsgiApp], monkeypatch: pytest.MonkeyPatch
) -> None:
    def drip(exchange: Exchange) -> None:
        exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not exchange.stopping.wait(0.05):
            exchange.send(b"x")

    slow = Route(LINE, ROUTES[0].part.ORDERING, ROUTES[0].access.PUBLIC, timeout_seconds=0.3)
    monkeypatch.setattr("gateway.main.ROUTES", (slow,))
    with WireServer(drip) as server:
        client = gateway(ordering_url=server.url, connect_timeout_seconds=0.1).api.test_client()
        assert_problem(client.get(LINE), 504, "service_slow")


BREAKING = [
    pytest.param(Exchange.reset, id="reset"),
    pytest.param(Exchange.hang_up, id="closed"),
    pytest.param(lambda exchange: (exchange.send(b"SSH-2.0 hello\r\n\r\n"), exchange.hang_up()), id="another protocol"),
    pytest.param(
        lambda exchange: (exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"), exchange.hang_up()),
        id="half a body",
    ),
    pytest.param(
        lambda exchange: exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
        id="two lengths",
    ),
]


@pytest.mark.parametrize("behave", BREAKING)
def test_a_change_whose_answer_is_lost_is_sent_once_and_said_to_be_uncertain(
    behave: Callable[[Exchange], object], gateway: Callable[..., WsgiApp]
) -> None:
    with WireServer(lambda exchange: (behave(exchange), None)[1]) as server:
        answer = gateway(ordering_url=server.url).api.test_client().post("/v1/recipient/codes", json={})
        assert_problem(answer, 502, "service_answer_lost")
        assert answer.json["part"] == "ordering"
        assert len(server.requests) == 1


def test_a_reading_whose_connection_breaks_is_sent_once_more(gateway: Callable[..., WsgiApp]) -> None:
    def break_first(exchange: Exchange) -> None:
        if len(server.requests) == 1:
            exchange.reset()
        else:
            exchange.answer(200, b'{"ok": true}', Content_Type="application/json")

    with WireServer(break_first) as server:
        assert gateway(ordering_url=server.url).api.test_client().get(LINE).json == {"ok": True}
        assert len(server.requests) == 2


def test_after_failures_in_a_row_a_service_is_left_alone_for_a_while(
    gateway: Callable[..., WsgiApp], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.adapters.upstream.BREAKER", BreakerLimits(failures_max=3, open_seconds=600))
    with WireServer(Exchange.hang_up) as server:
        client = gateway(ordering_url=server.url).api.test_client()
        for _ in range(3):
            assert_problem(client.post("/v1/recipient/codes", json={}), 502, "service_answer_lost")
        assert_problem(client.post("/v1/recipient/codes", json={}), 503, "service_away")
        assert len(server.requests) == 3


def test_a_service_that_is_back_is_used_again(gateway: Callable[..., WsgiApp], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.adapters.upstream.BREAKER", BreakerLimits(failures_max=1, open_seconds=0))

    def come_back(exchange: Exchange) -> None:
        if len(server.requests) == 1:
            exchange.hang_up()
        else:
            exchange.answer()

    with WireServer(come_back) as server:
        client = gateway(ordering_url=server.url).api.test_client()
        statuses = [client.post("/v1/recipient/codes", json={}).status_code for _ in range(3)]
    assert statuses == [502, 200, 200]


def test_a_service_that_answers_with_errors_is_not_left_alone(
    client: FlaskClient, services: dict[str, Service]
) -> None:
    services["ordering"].answer = lambda _: Response(status=500)
    for _ in range(10):
        assert client.get(LINE).status_code == 500
    assert len(services["ordering"].requests) == 10


def test_a_body_that_is_too_large_is_refused_before_anybody_gets_it(
    gateway: Callable[..., WsgiApp], services: dict[str, Service]
) -> None:
    client = gateway(body_bytes_max=1_000).api.test_client()
    assert client.post("/v1/recipient/codes", data=b"x" * 1_000).status_code == 200
    assert_problem(client.post("/v1/recipient/codes", data=b"x" * 1_001), 413, "body_too_large")
    assert len(services["ordering"].requests) == 1


def test_an_answer_that_is_too_large_is_not_kept_in_memory(
    gateway: Callable[..., WsgiApp], services: dict[str, Service]
) -> None:
    services["ordering"].answer = lambda _: Response(b"x" * 5_001)
    assert_problem(gateway(answer_bytes_max=5_000).api.test_client().get(LINE), 502, "service_answer_lost")


def test_an_address_that_asks_too_often_is_told_when_to_come_again(gateway: Callable[..., WsgiApp]) -> None:
    client = gateway(rate_per_address="3/minute").api.test_client()
    assert [client.get(LINE).status_code for _ in range(3)] == [200, 200, 200]
    answer = client.get(LINE)
    assert_problem(answer, 429, "too_many_requests")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    assert client.get(LINE, environ_overrides=elsewhere).status_code == 200


def test_one_client_of_ipv6_is_its_whole_network(gateway: Callable[..., WsgiApp]) -> None:
    client = gateway(rate_per_address="1/minute").api.test_client()
    assert client.get(LINE, environ_overrides={"REMOTE_ADDR": "2001:db8::1"}).status_code == 200
    assert client.get(LINE, environ_overrides={"REMOTE_ADDR": "2001:db8::2"}).status_code == 429
    assert client.get(LINE, environ_overrides={"REMOTE_ADDR": "2001:db8:0:1::1"}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/v1/sessions", "/v1/sign-ups", "/v1/recipient/codes/check", "/c/token/code", "/admin/identity/sessions"]
)
def test_passwords_and_codes_are_tried_at_a_tighter_rate(path: str, gateway: Callable[..., WsgiApp]) -> None:
    client = gateway(rate_careful="2/minute").api.test_client()
    assert [client.post(path, json={}).status_code for _ in range(2)] == [200, 200]
    assert_problem(client.post(path, json={}), 429, "too_many_requests")
    assert client.get(LINE).status_code == 200


def test_trying_out_tokens_counts_as_well(gateway: Callable[..., WsgiApp]) -> None:
    client = gateway(rate_per_address="3/minute").api.test_client()
    bad = {"Authorization": "Bearer x.y.z"}
    assert [client.get("/v1/orders", headers=bad).status_code for _ in range(4)] == [401, 401, 401, 429]


def test_a_members_rate_holds_wherever_they_come_from(
    gateway: Callable[..., WsgiApp], token: Callable[..., str]
) -> None:
    client = gateway(rate_per_caller="2/minute").api.test_client()
    member = uuid4()

    def ask(address: str, subject_id: object = member) -> int:
        headers = {"Authorization": token(subject_id=subject_id)}
        return client.get("/v1/wallet", headers=headers, environ_overrides={"REMOTE_ADDR": address}).status_code

    assert [ask("203.0.113.1"), ask("203.0.113.2"), ask("203.0.113.3")] == [200, 200, 429]
    assert ask("203.0.113.1", uuid4()) == 200


def test_so_many_requests_wait_for_news_and_no_more(
    gateway: Callable[..., WsgiApp], services: dict[str, Service], token: Callable[..., str]
) -> None:
    app = gateway(long_polls_max=2, long_polls_per_caller_max=2).api
    news = threading.Event()

    def wait(request: Request) -> Response:
        if "wait_seconds" in request.args:
            news.wait(10)
        return Response("{}", content_type="application/json")

    services["ordering"].answer = wait
    path, headers = f"/v1/orders/{uuid4()}", {"Authorization": token()}
    answers: list[int] = []

    def poll() -> None:
        answers.append(app.test_client().get(f"{path}?wait_seconds=20&seen=1", headers=headers).status_code)

    with ExitStack() as stack:
        stack.callback(news.set)
        threads = [threading.Thread(target=poll) for _ in range(2)]
        for thread in threads:
            thread.start()
            stack.callback(thread.join)
        eventually(lambda: len(services["ordering"].requests) == 2)
        refused = app.test_client().get(f"{path}?wait_seconds=20", headers=headers)
        assert_problem(refused, 503, "too_many_waiting")
        assert refused.headers["Retry-After"] == "2"
        assert app.test_client().get(path, headers=headers).status_code == 200
        news.set()
    assert answers == [200, 200]
    assert app.test_client().get(f"{path}?wait_seconds=1", headers=headers).status_code == 200


def test_one_member_does_not_take_all_places(
    gateway: Callable[..., WsgiApp], services: dict[str, Service], token: Callable[..., str]
) -> None:
    app = gateway(long_polls_max=10, long_polls_per_caller_max=1).api
    news = threading.Event()
    services["ordering"].answer = lambda _: (news.wait(10), Response("{}"))[1]
    greedy, other = ({"Authorization": token(subject_id=uuid4())} for _ in range(2))
    path = "/v1/orders/x?wait_seconds=20"
    first = threading.Thread(target=lambda: app.test_client().get(path, headers=greedy))
    first.start()
    try:
        eventually(lambda: len(services["ordering"].requests) == 1)
        assert_problem(app.test_client().get(path, headers=greedy), 503, "too_many_waiting")
    finally:
        news.set()
        first.join()
    assert app.test_client().get(path, headers=other).status_code == 200


def test_a_long_poll_may_take_longer_than_an_ordinary_request(
    gateway: Callable[..., WsgiApp], monkeypatch: pytest.MonkeyPatch, token: Callable[..., str]
) -> None:
    quick = Route("/v1/orders", ROUTES[0].part.ORDERING, ROUTES[0].access.MEMBER, timeout_seconds=0.1, may_wait=True)
    monkeypatch.setattr("gateway.main.ROUTES", (quick,))

    def answer_late(exchange: Exchange) -> None:
        exchange.stopping.wait(0.4)
        exchange.answer()

    with WireServer(answer_late) as server:
        client = gateway(ordering_url=server.url).api.test_client()
        headers = {"Authorization": token()}
        assert client.get("/v1/orders/x?wait_seconds=1", headers=headers).status_code == 200
        for rubbish in ("", "?wait_seconds=-1", "?wait_seconds=nan", "?wait_seconds=soon", "?wait_seconds=inf"):
            assert client.get(f"/v1/orders/x{rubbish}", headers=headers).status_code == 504


def test_a_providers_reports_have_a_rate_of_their_own(gateway: Callable[..., WsgiApp]) -> None:
    client = gateway(rate_per_address="1/minute", rate_webhooks="3/minute").api.test_client()
    statuses = [client.post("/v1/webhooks/messages/secret", json={}).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert client.get(LINE).status_code == 200


@pytest.mark.rule("GWY-03")
def test_a_recipient_reads_words_when_the_coupon_page_is_away(gateway: Callable[..., WsgiApp]) -> None:
    with WireServer(Exchange.hang_up) as server:
        nobody_there = server.url
    client = gateway(coupon_web_url=nobody_there).api.test_client()
    page = client.get("/c/token", headers={"Accept": "text/html,application/xhtml+xml;q=0.9"})
    assert page.status_code == 503
    assert page.content_type == "text/html; charset=utf-8"
    assert page.headers["Retry-After"] == "2"
    assert "쿠폰 페이지 서비스가 잠시 응답하지 않습니다." in page.text
    assert_problem(client.get("/c/token", headers={"Accept": "application/json"}), 503, "service_away")


def test_a_refusal_of_the_coupon_page_itself_stays_as_it_is(client: FlaskClient, services: dict[str, Service]) -> None:
    own = b'{"message": {"ko": "a", "en": "b"}}'
    services["coupon_web"].answer = lambda _: Response(own, status=404, content_type="application/problem+json")
    answer = client.get("/c/token", headers={"Accept": "text/html"})
    assert answer.data == own
    assert answer.content_type == "application/problem+json"
