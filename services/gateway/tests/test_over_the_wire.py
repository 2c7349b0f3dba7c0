"""The gateway as it runs, gunicorn and gevent and all, before bytes that no well-behaved client sends."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from gateway_services import Service

from chassis.testing.events import eventually

LINE = "/v1/recipient/line"
START_SECONDS = 60


@dataclass(frozen=True)
class Running:
    """A gateway process by its ports."""

    api_port: int
    admin_port: int

    def say(self, raw: bytes) -> bytes:
        """Send bytes, and read until the gateway closes the connection or falls silent."""
        with socket.create_connection(("127.0.0.1", self.api_port), timeout=5) as connection:
            connection.sendall(raw)
            connection.settimeout(1.5)
            answer = b""
            try:
                while piece := connection.recv(65_536):
                    answer += piece
            except TimeoutError:
                return answer
            return answer


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def process(addresses: dict[str, Any]) -> Iterator[Running]:
    """A gateway started as in production."""
    running = Running(_free_port(), _free_port())
    told = {**addresses, "api_port": running.api_port, "admin_port": running.admin_port, "bind_host": "127.0.0.1"}
    started = subprocess.Popen(
        [sys.executable, "-P", "-m", "gateway", "api"],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONUTF8": "1",
            **{f"GATEWAY_{name.upper()}": str(value) for name, value in told.items()},
        },
        stdout=subprocess.DEVNULL,
    )
    try:
        eventually(lambda: _answers(running.api_port), timeout_seconds=START_SECONDS)
        yield running
    finally:
        started.terminate()
        assert started.wait(START_SECONDS) == 0


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


@pytest.fixture
def running(process: Running, services: dict[str, Service]) -> Running:
    """The process, before services with nothing received yet."""
    del services
    return process


def status_of(answer: bytes) -> int:
    assert answer.startswith(b"HTTP/1.1 "), answer
    return int(answer.split(b" ", 2)[1])


def get(target: str, *lines: str, method: str = "GET", body: str = "") -> bytes:
    """A request, written out; it asks for the connection to be closed."""
    head = [f"{method} {target} HTTP/1.1", "Host: gateway", "Connection: close", *lines]
    return "\r\n".join([*head, "", body]).encode("latin-1")


def test_a_request_comes_through(running: Running) -> None:
    answer = running.say(get(f"{LINE}?a=%20b"))
    assert status_of(answer) == 200
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["target"] == f"{LINE}?a=%20b"


SMUGGLED = [
    pytest.param(
        get("/v1/recipient/codes", "Content-Length: 5", "Content-Length: 6", method="POST", body="hello!"),
        id="two lengths",
    ),
    pytest.param(
        get(
            "/v1/recipient/codes", "Content-Length: 5", "Transfer-Encoding: chunked", method="POST", body="0\r\n\r\nGET"
        ),
        id="length and chunks",
    ),
    pytest.param(
        get("/v1/recipient/codes", "Transfer-Encoding: xchunked", method="POST", body="0\r\n\r\n"), id="odd coding"
    ),
    pytest.param(
        get("/v1/recipient/codes", "Transfer-Encoding: chunked", method="POST", body="zz\r\nx\r\n0\r\n\r\n"),
        id="odd chunk",
    ),
    pytest.param(get("/v1/recipient/codes", "Content-Length: -1", method="POST"), id="negative length"),
    pytest.param(get("/v1/recipient/codes", "Content-Length: +5", method="POST", body="hello"), id="signed length"),
    pytest.param(get(LINE, "Bad Name: x"), id="space in a name"),
    pytest.param(get(LINE, "X-Folded: a\r\n b"), id="folded header"),
    pytest.param(get(LINE, "X-Nul: a\x00b"), id="NUL in a value"),
    pytest.param(b"GET  HTTP/1.1\r\n\r\n", id="no target"),
    pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", id="TLS on a plain port"),
    pytest.param(get(f"/{'a' * 9_000}"), id="endless address"),
    pytest.param(get(LINE, f"X-Long: {'a' * 9_000}"), id="endless header"),
    pytest.param(get(LINE, *(f"X-{number}: 1" for number in range(200))), id="too many headers"),
]


@pytest.mark.parametrize("raw", SMUGGLED)
def test_what_two_readers_could_read_differently_reaches_no_service(
    raw: bytes, running: Running, services: dict[str, Service]
) -> None:
    answer = running.say(raw)
    assert 400 <= status_of(answer) < 500 or status_of(answer) == 501
    assert b"application/problem+json" in answer
    assert answer.count(b"HTTP/1.1 ") == 1
    assert not any(service.requests for service in services.values())


@pytest.mark.parametrize(
    "target",
    [
        "/v1/orders/..%2f..%2fadmin",
        "/v1/recipient/..%2f..%2fadmin/rest",
        "/v1/recipient/../../admin/rest",
        "/v1/recipient/%2e%2e/%2e%2e/healthz/ready",
        "//admin/wallet/rest",
        "/admin/wallet/%72est",
        "/admin/wallet/..%2fmetrics",
        "/c/..%2f..%2fadmin",
        "/c/%5c..%5cadmin",
        "/c/%00",
        "http://elsewhere.example/metrics",
        "*",
    ],
)
def test_no_way_of_writing_an_address_leads_past_the_table(
    target: str, running: Running, services: dict[str, Service], token: Callable[..., str]
) -> None:
    for kind in ("member", "operator"):
        answer = running.say(get(target, f"Authorization: {token(kind)}"))
        assert status_of(answer) in {400, 403, 404}
    assert not any(service.requests for service in services.values())


def test_an_absolute_address_leads_where_its_path_leads(running: Running) -> None:
    answer = running.say(get(f"http://elsewhere.example{LINE}"))
    got = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert got["service"] == "ordering"
    assert "elsewhere" not in json.dumps(got)


def test_an_encoded_slash_is_a_slash_for_us_as_for_the_service(running: Running) -> None:
    got = json.loads(running.say(get("/v1/recipient%2Fline")).partition(b"\r\n\r\n")[2])
    assert (got["service"], got["target"]) == ("ordering", "/v1/recipient/line")


@pytest.mark.rule("IDN-11")
def test_headers_named_by_connection_cannot_take_away_what_we_say(running: Running) -> None:
    answer = running.say(
        get(
            LINE, "Connection: X-Forwarded-For, X-Correlation-Id", "X-Forwarded-For: 198.51.100.1", "X_Forwarded_For: 1"
        )
    )
    arrived = json.loads(answer.partition(b"\r\n\r\n")[2])["headers"]
    assert [value for name, value in arrived if name == "X-Forwarded-For"] == ["127.0.0.1"]
    assert [name for name, _ in arrived].count("X-Correlation-Id") == 1


def test_a_chunked_body_arrives_with_its_length(running: Running) -> None:
    chunks = "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    answer = running.say(get("/v1/recipient/codes", "Transfer-Encoding: chunked", method="POST", body=chunks))
    got = json.loads(answer.partition(b"\r\n\r\n")[2])
    assert got["body"] == "abcde"
    assert dict(got["headers"])["Content-Length"] == "5"


def test_a_body_that_is_too_large_is_refused_by_its_announcement(running: Running) -> None:
    answer = running.say(get("/v1/recipient/codes", f"Content-Length: {10**9}", method="POST"))
    assert status_of(answer) == 413
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "body_too_large"


def test_clients_that_dawdle_do_not_keep_others_waiting(running: Running) -> None:
    with_half_a_request = [socket.create_connection(("127.0.0.1", running.api_port)) for _ in range(100)]
    try:
        for connection in with_half_a_request:
            connection.sendall(b"POST /v1/recipient/codes HTTP/1.1\r\nHost: g\r\nContent-Length: 1000\r\n\r\nx")
        assert status_of(running.say(get(LINE))) == 200
    finally:
        for connection in with_half_a_request:
            connection.close()


@pytest.mark.rule("GWY-04")
def test_the_gateways_own_admin_port_is_reached_like_the_others(running: Running, token: Callable[..., str]) -> None:
    answer = running.say(get("/admin/gateway/settings", f"Authorization: {token('operator')}"))
    assert status_of(answer) == 200
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["settings"]["api_port"] == running.api_port
