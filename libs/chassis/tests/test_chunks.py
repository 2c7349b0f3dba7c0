"""Many calls at once over real sockets: bounded, paced, and each with an outcome of its own."""

import asyncio
import json
import logging
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Self
from uuid import uuid4

import pytest
from aiohttp import web
from chassis_probe.calling import WITHOUT_A_WHOLE_ANSWER

from chassis.answers import NotSent, Response, Unknown
from chassis.chunks import Call, ChunkCaller
from chassis.context import Context, use
from chassis.testing.wire import Behave, Exchange, WireServer, free_port, unaccepting_host


class Provider:
    """A fast server in a thread of its own, that counts how many requests it has at once."""

    def __init__(self, delay_seconds: float = 0.0) -> None:
        self._delay_seconds = delay_seconds
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self.in_flight = self.in_flight_max = 0
        self.arrived_at: list[float] = []
        self.bodies: list[str] = []
        self.url = ""

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _open(self) -> None:
        application = web.Application()
        application.router.add_route("*", "/{tail:.*}", self._answer)
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0, backlog=1024)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def _answer(self, request: web.Request) -> web.Response:
        self.in_flight += 1
        self.in_flight_max = max(self.in_flight_max, self.in_flight)
        self.arrived_at.append(time.monotonic())
        body = await request.text()
        self.bodies.append(body)
        await asyncio.sleep(self._delay_seconds)
        self.in_flight -= 1
        return web.json_response({"echo": body, "correlation": request.headers.get("X-Correlation-Id")})


@pytest.fixture
def caller() -> Iterator[ChunkCaller]:
    with ChunkCaller(connect_timeout_seconds=0.5) as caller:
        yield caller


def post(url: str, timeout_seconds: float = 0.5) -> Call:
    return Call("POST", url, json={"n": 1}, timeout_seconds=timeout_seconds)


def test_ten_thousand_calls_each_get_their_own_answer() -> None:
    with Provider() as provider, ChunkCaller(connect_timeout_seconds=60) as caller:
        calls = [Call("POST", provider.url, content=str(n).encode(), timeout_seconds=60) for n in range(10_000)]
        answers = caller.call_all(calls, in_flight_max=100)
        assert provider.in_flight_max <= 100
    echoes = [json.loads(answer.body)["echo"] for answer in answers if isinstance(answer, Response)]
    assert echoes == [str(n) for n in range(10_000)]


def test_no_more_calls_are_in_flight_than_allowed(caller: ChunkCaller) -> None:
    with Provider(delay_seconds=0.02) as provider:
        caller.call_all([post(provider.url, 30)] * 60, in_flight_max=7)
        assert provider.in_flight_max == 7


def test_a_rate_is_kept_across_chunks(caller: ChunkCaller) -> None:
    with Provider() as provider:
        for _ in range(4):
            caller.call_all([post(provider.url, 30)] * 25, in_flight_max=25, per_second_max=200)
        first, last = provider.arrived_at[0], provider.arrived_at[-1]
    # 100 calls at 200 a second, of which the burst (a twentieth of a second's worth) comes at once.
    assert last - first >= 0.4


def test_a_lane_does_not_wait_for_the_turns_of_another(caller: ChunkCaller) -> None:
    with Provider() as provider:
        slow = threading.Thread(
            target=caller.call_all,
            args=([post(provider.url, 30)] * 20,),
            kwargs={"in_flight_max": 20, "per_second_max": 10, "lane": "bulk"},
        )
        slow.start()
        began = time.monotonic()
        for _ in range(5):
            caller.call_all([post(provider.url, 30)], in_flight_max=1, per_second_max=1_000, lane="codes")
        seconds = time.monotonic() - began
        still_waiting = slow.is_alive()
        slow.join()
    # Twenty calls at ten a second take most of two seconds.
    assert still_waiting
    assert seconds < 1


def test_json_form_and_context_arrive(caller: ChunkCaller) -> None:
    context = Context(correlation_id=uuid4())
    with Provider() as provider, use(context):
        answers = caller.call_all(
            [
                Call("POST", provider.url, json={"이름": "값"}),
                Call("POST", provider.url, form={"phone": "01012345678"}),
                Call("GET", provider.url),
            ],
            in_flight_max=1,
        )
        assert [json.loads(provider.bodies[0]), *provider.bodies[1:]] == [{"이름": "값"}, "phone=01012345678", ""]
    assert all(isinstance(answer, Response) for answer in answers)
    assert {answer.json()["correlation"] for answer in answers if isinstance(answer, Response)} == {
        str(context.correlation_id)
    }


def test_nothing_to_call_is_nothing_called(caller: ChunkCaller) -> None:
    assert caller.call_all([], in_flight_max=1) == []
    with pytest.raises(ValueError, match="at least one"):
        caller.call_all([post("http://127.0.0.1")], in_flight_max=0)


def test_what_never_had_a_connection_is_surely_not_sent(caller: ChunkCaller) -> None:
    calls = [
        post(f"http://127.0.0.1:{free_port()}"),
        post("http://nowhere.invalid/"),
        post("not an address"),
        post("http://[::1"),
        post("http://127.0.0.1:99999/"),
    ]
    answers = caller.call_all(calls, in_flight_max=5)
    assert [type(answer) for answer in answers] == [NotSent] * 5


def test_a_host_that_takes_no_connection_is_surely_not_sent(caller: ChunkCaller) -> None:
    with unaccepting_host() as url:
        answers = caller.call_all([post(url, 30), post(url, 0.2)], in_flight_max=2)
    assert [type(answer) for answer in answers] == [NotSent, NotSent]


@pytest.mark.parametrize("behave", WITHOUT_A_WHOLE_ANSWER)
def test_a_request_that_left_without_a_whole_answer_is_unknown(behave: Behave, caller: ChunkCaller) -> None:
    with WireServer(behave) as server:
        answers = caller.call_all([post(server.url)], in_flight_max=1)
        assert len(server.requests) == 1
    assert [type(answer) for answer in answers] == [Unknown]


def test_a_post_on_a_connection_that_is_just_being_closed_is_unknown_and_not_sent_twice(caller: ChunkCaller) -> None:
    def answer_once(exchange: Exchange) -> None:
        if len(server.requests) == 1:
            exchange.answer()
        else:
            exchange.reset()

    with WireServer(answer_once) as server:
        first, second = caller.call_all([post(server.url), post(server.url)], in_flight_max=1)
        assert len(server.requests) == 2
    assert isinstance(first, Response)
    assert isinstance(second, Unknown)


def test_one_bad_call_does_not_spoil_the_others(caller: ChunkCaller) -> None:
    def misbehave_for_two(exchange: Exchange) -> None:
        {"/reset": exchange.reset, "/hang": exchange.hang}.get(exchange.target, exchange.answer)()

    with WireServer(misbehave_for_two) as server:
        calls = [post(f"{server.url}/{path}") for path in ("a", "reset", "b", "hang", "c")]
        calls.append(Call("POST", server.url, json=object()))
        calls.append(Call("POST", server.url, headers={"X": "a\r\nb"}))
        answers = caller.call_all(calls, in_flight_max=7)
    assert [type(answer) for answer in answers[:5]] == [Response, Unknown, Response, Unknown, Response]
    assert not any(isinstance(answer, Response) for answer in answers[5:])


def test_each_call_has_its_own_time_out(caller: ChunkCaller) -> None:
    with WireServer(Exchange.hang) as server:
        started_at = time.monotonic()
        answers = caller.call_all([post(server.url, 0.2)] * 20, in_flight_max=20)
        assert time.monotonic() - started_at < 5
    assert [type(answer) for answer in answers] == [Unknown] * 20


def test_refusals_redirects_and_large_answers() -> None:
    def behave(exchange: Exchange) -> None:
        if exchange.target == "/moved":
            exchange.answer(302, Location="http://elsewhere.invalid/")
        elif exchange.target == "/large":
            exchange.answer(200, b"x" * 10_000)
        else:
            exchange.answer(422)

    with WireServer(behave) as server, ChunkCaller(answer_bytes_max=1000) as caller:
        calls = [post(f"{server.url}/{path}") for path in ("moved", "large", "refused")]
        moved, large, refused = caller.call_all(calls, in_flight_max=3)
    assert isinstance(moved, Response)
    assert (moved.status, moved.headers["location"]) == (302, "http://elsewhere.invalid/")
    assert large == Unknown("answer too large")
    assert isinstance(refused, Response)
    assert refused.status == 422


def test_several_threads_share_one_caller(caller: ChunkCaller) -> None:
    with Provider() as provider, ThreadPoolExecutor(4) as pool:
        chunks = pool.map(lambda _: caller.call_all([post(provider.url, 30)] * 50, in_flight_max=10), range(8))
        assert [type(answer) for chunk in chunks for answer in chunk] == [Response] * 400


def test_calls_under_way_end_before_the_caller_closes() -> None:
    release = threading.Event()

    def wait_for_it(exchange: Exchange) -> None:
        release.wait(15)
        exchange.answer()

    with WireServer(wait_for_it) as server, ThreadPoolExecutor(2) as pool:
        caller = ChunkCaller()
        answers = pool.submit(caller.call_all, [post(server.url, 30)], in_flight_max=1)
        while not server.requests:
            assert not answers.done()
        closing = pool.submit(caller.close)
        release.set()
        closing.result(15)
        assert [type(answer) for answer in answers.result(15)] == [Response]
    with pytest.raises(RuntimeError, match="closed"):
        caller.call_all([post("http://127.0.0.1")], in_flight_max=1)
    caller.close()


def test_neither_address_nor_content_is_shown(caller: ChunkCaller, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    call = Call("POST", "http://127.0.0.1:1/hush?pin=hush", {"A": "hush"}, json={"pin": "hush"})
    answers = caller.call_all([call, Call("POST", "http://127.0.0.1:1", json=object())], in_flight_max=2)
    assert "hush" not in repr(call) + repr(answers) + caplog.text


def test_it_refuses_to_run_where_gevent_has_replaced_the_threads() -> None:
    script = textwrap.dedent(
        """
        from gevent import monkey
        monkey.patch_all()
        from chassis.chunks import Call, ChunkCaller
        try:
            ChunkCaller().call_all([Call("GET", "http://127.0.0.1:1")], in_flight_max=1)
        except RuntimeError as refusal:
            print(refusal)
        """
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert "real threads" in ended.stdout
