"""Single calls over real sockets: what was surely not done, and what may have been done."""

import logging
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import ExitStack
from uuid import uuid4

import pytest
from chassis_probe.calling import WITHOUT_A_WHOLE_ANSWER, Wire, ok
from prometheus_client import REGISTRY

from chassis.context import Context, use
from chassis.http import (
    NotSent,
    Response,
    Retry,
    Unknown,
    UnreadableAnswerError,
)
from chassis.testing.wire import Behave, Exchange, free_port, says, unaccepting_host

QUICK = Retry(attempts_max=3, first_wait_seconds=0.01, wait_seconds_max=0.05)


@pytest.fixture
def wire() -> Iterator[Wire]:
    with ExitStack() as stack:
        yield Wire(stack)


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
    with unaccepting_host() as url:
        client = wire.client(url)
        assert client.request("POST", "/") == NotSent("ConnectTimeout")


@pytest.mark.parametrize("behave", WITHOUT_A_WHOLE_ANSWER)
def test_a_request_that_left_without_a_whole_answer_is_unknown(behave: Behave, wire: Wire) -> None:
    answer = wire.client(wire.server(behave).url, read_timeout_seconds=0.3).request("POST", "/")
    assert isinstance(answer, Unknown)


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
