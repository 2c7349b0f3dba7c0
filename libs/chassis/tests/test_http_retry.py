"""What is tried again, what is left alone, and that callers do not wait for each other."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from chassis_probe.calling import WITHOUT_A_WHOLE_ANSWER, Wire, ok

from chassis.breaker import BreakerLimits
from chassis.http import NO_RETRY, NotSent, Response, Retry, Unknown
from chassis.testing.wire import Behave, Exchange, free_port, says

QUICK = Retry(attempts_max=3, first_wait_seconds=0.01, wait_seconds_max=0.05)


@pytest.fixture
def wire() -> Iterator[Wire]:
    with ExitStack() as stack:
        yield Wire(stack)


@pytest.mark.parametrize("behave", WITHOUT_A_WHOLE_ANSWER)
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
