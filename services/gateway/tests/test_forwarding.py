"""What a client sends arrives at the one service that owns it, and its answer comes back, as they are."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from gateway_services import Service
from werkzeug.wrappers import Request, Response

from chassis.web import WsgiApp
from gateway.domain.parts import Part, Side
from gateway.domain.routes import ROUTES, Access, Route

LINE = "/v1/recipient/line"
"""A public address, for what has nothing to do with tokens."""


@pytest.mark.rule("GWY-01")
@pytest.mark.parametrize("route", [route for route in ROUTES if route.part is not Part.GATEWAY], ids=lambda r: r.prefix)
def test_every_prefix_of_the_table_leads_to_its_owner(
    route: Route, client: FlaskClient, services: dict[str, Service], token: Callable[..., str]
) -> None:
    if route.prefix == "/.well-known/jwks.json":
        assert client.get(route.prefix).json["keys"][0]["kty"] == "OKP"
        return
    kind = {Access.PUBLIC: None, Access.MEMBER: "member", Access.OPERATOR: "operator"}[route.access]
    headers = {"Authorization": token(kind)} if kind else {}
    for below in ("", "/0190a7b2", "/a/b"):
        answer = client.get(route.prefix + below, headers=headers)
        owner = f"{route.part}_admin" if route.side is Side.ADMIN else str(route.part)
        assert answer.status_code == 200
        assert answer.json["service"] == owner
        assert answer.json["path"] == (route.target_prefix or route.prefix) + below


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_method_query_body_and_headers_arrive_as_they_were_sent(method: str, client: FlaskClient) -> None:
    answer = client.open(
        f"{LINE}?q=%EC%BB%A4%ED%94%BC&q=2&empty=&plus=a+b&percent=%2520",
        method=method,
        data=b'{"a": "\xec\xbb\xa4"}',
        headers={"Content-Type": "application/json", "Idempotency-Key": "k-1", "Link-Token": "t", "Accept": "a/b"},
    )
    got = answer.json
    assert got["method"] == method
    assert got["query"] == "q=%EC%BB%A4%ED%94%BC&q=2&empty=&plus=a+b&percent=%2520"
    assert got["body"].encode("latin-1") == b'{"a": "\xec\xbb\xa4"}'
    arrived = dict(got["headers"])
    assert arrived["Idempotency-Key"] == "k-1"
    assert arrived["Link-Token"] == "t"
    assert arrived["Accept"] == "a/b"
    assert arrived["Content-Type"] == "application/json"


def test_head_is_answered_with_the_length_and_no_body(client: FlaskClient, services: dict[str, Service]) -> None:
    services["catalog"].answer = lambda _: Response(b"12345", content_type="image/png")
    answer = client.head("/v1/images/a.png")
    assert answer.status_code == 200
    assert answer.headers["Content-Length"] == "5"
    assert answer.data == b""


def test_an_upload_arrives_byte_for_byte(client: FlaskClient, services: dict[str, Service]) -> None:
    content = bytes(range(256)) * 4_000
    sent = client.put(
        f"/v1/sign-ups/{uuid4()}/certificate",
        data={"file": (io.BytesIO(content), "사업자.pdf", "application/pdf"), "note": "가"},
        content_type="multipart/form-data",
    )
    assert sent.status_code == 200
    got: dict[str, object] = {}

    def read(request: Request) -> Response:
        got.update(file=request.files["file"].read(), name=request.files["file"].filename, note=request.form["note"])
        return Response(status=204)

    services["identity"].answer = read
    again = client.put(
        f"/v1/sign-ups/{uuid4()}/certificate",
        data={"file": (io.BytesIO(content), "사업자.pdf", "application/pdf"), "note": "가"},
        content_type="multipart/form-data",
    )
    assert again.status_code == 204
    assert got == {"file": content, "name": "사업자.pdf", "note": "가"}


@pytest.mark.rule("GWY-01")
def test_a_services_refusal_passes_through_unchanged(
    client: FlaskClient, services: dict[str, Service], token: Callable[..., str]
) -> None:
    refusal = json.dumps({"code": "insufficient_funds", "status": 402, "required_krw": 9_900}).encode()
    services["ordering"].answer = lambda _: Response(
        refusal, status=402, content_type="application/problem+json", headers={"Retry-After": "7"}
    )
    answer = client.post("/v1/orders", json={}, headers={"Authorization": token()})
    assert answer.status_code == 402
    assert answer.data == refusal
    assert answer.content_type == "application/problem+json"
    assert answer.headers["Retry-After"] == "7"


@pytest.mark.parametrize("status", [200, 201, 202, 204, 303, 304, 401, 404, 409, 422, 429, 500, 503])
def test_every_status_passes_through(status: int, client: FlaskClient, services: dict[str, Service]) -> None:
    services["ordering"].answer = lambda _: Response(status=status, headers={"Location": "/v1/orders/1"})
    answer = client.get(LINE)
    assert answer.status_code == status
    assert answer.headers["Location"] == "/v1/orders/1"


def test_several_cookies_stay_several_and_stay_with_their_client(
    gateway: Callable[..., WsgiApp], services: dict[str, Service]
) -> None:
    app = gateway().api

    def bake(_: Request) -> Response:
        response = Response("page", content_type="text/html")
        response.set_cookie("proof", "one", path="/c")
        response.set_cookie("seen", "two", path="/c")
        return response

    services["coupon_web"].answer = bake
    answer = app.test_client(use_cookies=False).get("/c/token")
    assert len(answer.headers.getlist("Set-Cookie")) == 2
    services["coupon_web"].answer = None
    stranger = app.test_client(use_cookies=False).get("/c/token")
    assert "Cookie" not in dict(stranger.json["headers"])


def test_headers_of_one_connection_do_not_pass_in_either_direction(
    client: FlaskClient, services: dict[str, Service]
) -> None:
    sent = {
        "Connection": "close, X-Private",
        "X-Private": "1",
        "Keep-Alive": "timeout=5",
        "TE": "trailers",
        "Upgrade": "websocket",
        "Proxy-Authorization": "Basic eA==",
        "Expect": "100-continue",
    }
    arrived = {name.lower() for name, _ in client.get(LINE, headers=sent).json["headers"]}
    assert not arrived & {name.lower() for name in sent} - {"connection"}

    services["ordering"].answer = lambda _: Response(
        "{}", headers={"Connection": "X-Inner", "X-Inner": "1", "Keep-Alive": "timeout=9", "X-Outer": "2"}
    )
    answered = client.get(LINE).headers
    assert "X-Inner" not in answered
    assert "Keep-Alive" not in answered
    assert answered["X-Outer"] == "2"


def test_the_correlation_id_is_made_here_and_told_to_both_sides(client: FlaskClient) -> None:
    answer = client.get(LINE)
    made = answer.headers["X-Correlation-Id"]
    assert UUID(made)
    assert dict(answer.json["headers"])["X-Correlation-Id"] == made


def test_a_strangers_correlation_id_and_trace_are_not_believed(client: FlaskClient) -> None:
    theirs = str(uuid4())
    sent = {"X-Correlation-Id": theirs, "Traceparent": f"00-{uuid4().hex}-{uuid4().hex[:16]}-01"}
    answer = client.get(LINE, headers=sent)
    assert answer.headers["X-Correlation-Id"] != theirs
    assert "Traceparent" not in dict(answer.json["headers"])


def test_the_correlation_id_of_our_own_page_is_kept(gateway: Callable[..., WsgiApp]) -> None:
    ours = str(uuid4())
    client = gateway(trusted_proxies="127.0.0.0/8").api.test_client()
    answer = client.get(LINE, headers={"X-Correlation-Id": ours})
    assert answer.headers["X-Correlation-Id"] == ours
    assert [value for name, value in answer.json["headers"] if name == "X-Correlation-Id"] == [ours]


@pytest.mark.rule("IDN-11")
def test_an_address_that_a_client_claims_is_not_believed(client: FlaskClient) -> None:
    claimed = {
        "X-Forwarded-For": "198.51.100.1",
        "Forwarded": "for=198.51.100.1",
        "X-Real-IP": "198.51.100.1",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
    }
    arrived = client.get(LINE, headers=claimed, environ_overrides={"REMOTE_ADDR": "203.0.113.9"}).json["headers"]
    assert [value for name, value in arrived if name == "X-Forwarded-For"] == ["203.0.113.9"]
    assert not {name for name, _ in arrived} & {"Forwarded", "X-Real-Ip", "X-Forwarded-Proto", "X-Forwarded-Host"}


@pytest.mark.rule("IDN-11")
def test_the_address_that_a_trusted_proxy_reports_is_handed_on(gateway: Callable[..., WsgiApp]) -> None:
    client = gateway(trusted_proxies="10.0.0.0/8").api.test_client()
    got = client.get(
        LINE,
        headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9, 10.0.0.7"},
        environ_overrides={"REMOTE_ADDR": "10.0.0.8"},
    )
    # What the client itself wrote before the proxy's own entry counts for nothing.
    assert dict(got.json["headers"])["X-Forwarded-For"] == "203.0.113.9"


def test_browsers_are_told_how_little_an_answer_may_do(client: FlaskClient, services: dict[str, Service]) -> None:
    answer = client.get(LINE, headers={"Origin": "https://evil.example"})
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert not [name for name in answer.headers.keys() if name.startswith("Access-Control")]  # noqa: SIM118
    services["coupon_web"].answer = lambda _: Response("p", headers={"Content-Security-Policy": "default-src 'self'"})
    assert client.get("/c/token").headers.getlist("Content-Security-Policy") == ["default-src 'self'"]


def test_transport_security_is_asked_for_in_production(gateway: Callable[..., WsgiApp]) -> None:
    assert "Strict-Transport-Security" not in gateway().api.test_client().get(LINE).headers
    production = gateway(environment="production").api.test_client()
    assert production.get(LINE).headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.rule("ORD-26")
def test_a_recipients_link_stands_in_no_log_and_no_metric(
    client: FlaskClient,
    gateway: Callable[..., WsgiApp],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    secret = "s3cretlinkt0ken"
    with caplog.at_level("DEBUG"):
        assert client.get(f"/c/{secret}").json["path"] == f"/c/{secret}"
    assert secret not in caplog.text
    assert secret not in str(capfd.readouterr())
    assert secret not in gateway().admin.test_client().get("/metrics").text
