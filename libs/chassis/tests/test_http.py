"""Single calls over real sockets: what was surely not done, what may have been done, and what is tried again."""

import logging
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from uuid import uuid4

import pytest
from prometheus_client import REGISTRY

from chassis.breaker import BreakerLimits
from chassis.context import Context, use
from chassis.http import (
    NO_RETRY,
    HttpClient,
    NotSent,
    Response,
    Retry,
    Unknown,
    UnreadableAnswerError,
)
from chassis.testing.wire import Exchange, WireServer

QUICK = Retry(attempts_max=3, first_wait_seconds=0.01, wait_seconds_max=0.05)
Behave = Callable[[Exchange], None]


class Wire:
    """Starts servers, and clients that speak to them."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def server(self, *behaviours: Behave) -> WireServer:
        """The n-th request meets the n-th behaviour; the last one stays."""
        arrived = []

        def behave(exchange: Exchange) -> None:
            arrived.append(exchange)
            behaviours[min(len(arrived), len(behaviours)) - 1](exchange)

        return self._stack.enter_context(WireServer(behave))

    def client(self, url: str, **options: object) -> HttpClient:
        given = {"name": "other", "connect_timeout_seconds": 0.5, "read_timeout_seconds": 0.5, **options}
        return self._stack.enter_context(HttpClient(url, **given))  # type: ignore[arg-type]


@pytest.fixture
def wire() -> Iterator[Wire]:
    with ExitStack() as stack:
        yield Wire(stack)


def ok(exchange: Exchange) -> None:
    exchange.answer(200, b'{"said": "yes"}')


def says(status: int, **headers: str) -> Behave:
    return lambda exchange: exchange.answer(status, b"{}", **headers)


def garbage(exchange: Exchange) -> None:
    exchange.send(b"\x00\xff this is not HTTP\r\n\r\n")
    exchange.hang_up()


def half_an_answer(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")
    exchange.hang_up()


def drip(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while not exchange.stopping.wait(0.05):
        exchange.send(b".")


AFTER_SENDING = pytest.mark.parametrize(
    "behave", [Exchange.reset, Exchange.hang_up, Exchange.hang, garbage, half_an_answer, drip]
)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_an_answer_is_an_answer_whatever_its_status(wire: Wire) -> None:
    client = wire.client(wire.server(ok, says(404), says(500)).url)
    first = client.request("POST", "/orders", json={"이름": "값"})
    assert isinstance(first, Response)
    assert (first.status, first.ok, first.json()) == (200, True, {"said": "yes"})
    second, third = client.request("GET", "/"), client.request("GET", "/")
    assert isinstance(second, Response)
    assert isinstance(third, Response)
    assert (second.status, third.status, third.ok) == (404, 500, False)


def test_what_is_sent_arrives(wire: Wire) -> None:
    server = wire.server(ok)
    client = wire.client(f"{server.url}/api", headers={"Authorization": "Basic abc"})
    context = Context(correlation_id=uuid4())
    with use(context):
        client.request("POST", "/a", json={"이름": 1}, headers={"Idempotency-Key": "k"})
        client.request("GET", "/b", params=[("q", "한 글"), ("q", "&")])
        client.request("POST", "/c", form={"phone": "01012345678"})
        client.request("POST", "/d", content=b"raw")
        client.request("POST", "/e", files={"file": ("a.png", b"PNG", "image/png")})
    posted, asked, form, raw, upload = server.requests
    assert (posted.method, posted.target, posted.body) == ("POST", "/api/a", '{"이름":1}'.encode())
    assert posted.headers["authorization"] == "Basic abc"
    assert posted.headers["idempotency-key"] == "k"
    assert posted.headers["x-correlation-id"] == str(context.correlation_id)
    assert asked.target == "/api/b?q=%ED%95%9C+%EA%B8%80&q=%26"
    assert form.body == b"phone=01012345678"
    assert raw.body == b"raw"
    assert b'filename="a.png"' in upload.body


def test_a_path_cannot_lead_to_another_host(wire: Wire) -> None:
    server = wire.server(ok)
    client = wire.client(server.url)
    with pytest.raises(ValueError, match="'/'"):
        client.request("GET", "http://elsewhere.invalid/")
    assert isinstance(client.request("GET", "//elsewhere.invalid/x"), Response)
    assert client.request("GET", "/a\x01b") == NotSent("unusable address")
    assert len(server.requests) == 1


def test_nobody_listening_is_surely_not_sent(wire: Wire) -> None:
    assert isinstance(wire.client(f"http://127.0.0.1:{free_port()}").request("POST", "/"), NotSent)


def test_an_unknown_host_is_surely_not_sent(wire: Wire) -> None:
    assert isinstance(wire.client("http://nowhere.invalid").request("POST", "/"), NotSent)


def test_a_host_that_takes_no_connection_is_surely_not_sent(wire: Wire) -> None:
    with socket.socket() as listener, ExitStack() as stack:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):  # Fill the queue of connections that nobody accepts.
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        client = wire.client(f"http://127.0.0.1:{listener.getsockname()[1]}")
        assert client.request("POST", "/") == NotSent("ConnectTimeout")


@AFTER_SENDING
def test_a_request_that_left_without_a_whole_answer_is_unknown(behave: Behave, wire: Wire) -> None:
    answer = wire.client(wire.server(behave).url, read_timeout_seconds=0.3).request("POST", "/")
    assert isinstance(answer, Unknown)


@AFTER_SENDING
def test_what_may_have_been_done_is_not_done_again(behave: Behave, wire: Wire) -> None:
    server = wire.server(behave, ok)
    client = wire.client(server.url, read_timeout_seconds=0.3)
    assert isinstance(client.request("POST", "/", retry=QUICK), Unknown)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_post_that_was_answered_is_not_sent_again(status: int, wire: Wire) -> None:
    server = wire.server(says(status), ok)
    answer = wire.client(server.url).request("POST", "/", retry=QUICK)
    assert isinstance(answer, Response)
    assert (answer.status, len(server.requests)) == (status, 1)


@pytest.mark.parametrize("behave", [Exchange.reset, Exchange.hang_up, says(429), says(502), says(503), says(504)])
def test_asking_again_is_harmless(behave: Behave, wire: Wire) -> None:
    server = wire.server(behave, behave, ok)
    answer = wire.client(server.url).request("GET", "/", retry=QUICK)
    assert isinstance(answer, Response)
    assert (answer.status, len(server.requests)) == (200, 3)


def test_a_keyed_post_may_be_sent_again_when_its_caller_says_so(wire: Wire) -> None:
    server = wire.server(Exchange.reset, ok)
    answer = wire.client(server.url).request("POST", "/", retry=QUICK, idempotent=True)
    assert isinstance(answer, Response)
    assert len(server.requests) == 2


def test_without_retry_a_call_is_made_once(wire: Wire) -> None:
    server = wire.server(says(503), ok)
    answer = wire.client(server.url).request("GET", "/", retry=NO_RETRY)
    assert isinstance(answer, Response)
    assert (answer.status, len(server.requests)) == (503, 1)


def test_the_last_answer_is_given_when_all_tries_are_used(wire: Wire) -> None:
    server = wire.server(says(503))
    answer = wire.client(server.url).request("GET", "/", retry=QUICK)
    assert isinstance(answer, Response)
    assert (answer.status, len(server.requests)) == (503, 3)


def test_once_in_doubt_a_call_is_never_called_not_sent(wire: Wire) -> None:
    server = wire.server(Exchange.reset)
    client = wire.client(server.url, breaker=BreakerLimits(failures_max=1, open_seconds=60))
    assert isinstance(client.request("PUT", "/", retry=QUICK), Unknown)
    assert len(server.requests) == 1
    assert isinstance(client.request("PUT", "/", retry=QUICK), NotSent)


def test_what_was_not_sent_is_tried_again_also_for_a_post(wire: Wire) -> None:
    port = free_port()
    client = wire.client(f"http://127.0.0.1:{port}", breaker=BreakerLimits(failures_max=1000))
    started = threading.Event()

    def accept_late() -> None:
        started.wait(15)
        with socket.create_server(("127.0.0.1", port)) as listener:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")

    thread = threading.Thread(target=accept_late)
    thread.start()
    first = client.request("POST", "/")
    started.set()
    second = client.request("POST", "/", retry=Retry(20, first_wait_seconds=0.05, wait_seconds_max=0.1))
    thread.join()
    assert isinstance(first, NotSent)
    assert isinstance(second, Response)
    assert second.status == 201


def test_retry_after_is_honoured_within_bounds(wire: Wire) -> None:
    client = wire.client(wire.server(says(503, Retry_After="3600"), ok).url)
    started_at = time.monotonic()
    answer = client.request("GET", "/", retry=Retry(2, first_wait_seconds=0.0, wait_seconds_max=0.2))
    assert isinstance(answer, Response)
    assert answer.status == 200
    assert 0.2 <= time.monotonic() - started_at < 10


def test_failures_in_a_row_leave_the_system_alone(wire: Wire) -> None:
    server = wire.server(says(500))
    client = wire.client(server.url, breaker=BreakerLimits(failures_max=3, open_seconds=60))
    answers = [client.request("GET", "/") for _ in range(5)]
    assert [type(answer) for answer in answers] == [Response, Response, Response, NotSent, NotSent]
    assert len(server.requests) == 3


def test_refusals_do_not_open_the_breaker(wire: Wire) -> None:
    server = wire.server(says(400), says(404), says(409), says(422), says(429), ok)
    client = wire.client(server.url, breaker=BreakerLimits(failures_max=1, open_seconds=60))
    for _ in range(6):
        assert isinstance(client.request("POST", "/"), Response)


def test_a_system_that_came_back_is_used_again(wire: Wire) -> None:
    server = wire.server(says(500), ok)
    client = wire.client(server.url, breaker=BreakerLimits(failures_max=1, open_seconds=0.1))
    client.request("GET", "/")
    answers = client.request("GET", "/", retry=Retry(20, first_wait_seconds=0.02, wait_seconds_max=0.05))
    assert isinstance(answers, Response)
    assert answers.status == 200


def test_a_slow_system_does_not_make_its_callers_queue(wire: Wire) -> None:
    everyone_is_here = threading.Barrier(8, timeout=15)

    def meet(exchange: Exchange) -> None:
        everyone_is_here.wait()
        exchange.answer()

    client = wire.client(wire.server(meet).url, read_timeout_seconds=20)
    answers: list[object] = []
    threads = [threading.Thread(target=lambda: answers.append(client.request("GET", "/"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(answer) for answer in answers] == [Response] * 8


def test_redirects_are_answers(wire: Wire) -> None:
    server = wire.server(says(302, Location="http://elsewhere.invalid/"))
    answer = wire.client(server.url).request("GET", "/")
    assert isinstance(answer, Response)
    assert (answer.status, answer.headers["location"]) == (302, "http://elsewhere.invalid/")


def test_an_answer_that_is_too_large_is_not_read_to_its_end(wire: Wire) -> None:
    client = wire.client(wire.server(lambda exchange: exchange.answer(200, b"x" * 10_000)).url, answer_bytes_max=1000)
    assert client.request("GET", "/") == Unknown("answer too large")


def test_an_answer_that_is_no_json_is_a_clear_error(wire: Wire) -> None:
    answer = wire.client(wire.server(lambda exchange: exchange.answer(200, b"<hush>")).url).request("GET", "/")
    assert isinstance(answer, Response)
    with pytest.raises(UnreadableAnswerError) as refusal:
        answer.json()
    assert "hush" not in str(refusal.value) + repr(answer)


def test_no_address_header_or_body_is_logged(wire: Wire, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = wire.client(wire.server(lambda exchange: exchange.answer(200, b"hush-body")).url)
    caplog.set_level(logging.DEBUG, logger="chassis.http")
    client.request("POST", "/hush-path", params={"serviceKey": "hush-query"}, json={"pin": "hush-json"})
    assert "called other: POST 2xx" in caplog.text
    assert "hush" not in caplog.text


def test_every_try_is_counted(wire: Wire) -> None:
    def count(outcome: str) -> float:
        labels = {"client": "counted", "method": "GET", "outcome": outcome}
        return REGISTRY.get_sample_value("outgoing_call_seconds_count", labels) or 0.0

    client = wire.client(wire.server(says(503), Exchange.reset, ok).url, name="counted")
    client.request("GET", "/", retry=QUICK)
    assert (count("5xx"), count("unknown"), count("2xx")) == (1, 1, 1)


def test_under_gevent_calls_run_side_by_side() -> None:
    script = textwrap.dedent(
        """
        from gevent import monkey
        monkey.patch_all()
        import gevent, gevent.event
        from chassis.http import HttpClient, Response
        from chassis.testing.wire import WireServer
        here, all_here = [], gevent.event.Event()
        def meet(exchange):
            here.append(1)
            if len(here) == 20:
                all_here.set()
            assert all_here.wait(15)
            exchange.answer()
        with WireServer(meet) as server, HttpClient(server.url, name="g", read_timeout_seconds=20) as client:
            jobs = [gevent.spawn(client.request, "GET", "/") for _ in range(20)]
            gevent.joinall(jobs)
            print([type(job.value) for job in jobs] == [Response] * 20)
        """
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert ended.stdout.strip() == "True"
