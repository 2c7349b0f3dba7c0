"""Many calls at once: one thread with an asyncio loop (uvloop) and aiohttp, for the loops of worker processes.

A chunk's calls run with bounded concurrency and within the other side's rate; each has a time-out of its own and
ends as an `Answer`, whatever happens to the others.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

import aiohttp
import orjson
import uvloop

from chassis import context, outgoing
from chassis.answers import ANSWER_BYTES_MAX, Answer, NotSent, Response, Unknown
from chassis.rate import TokenBucket

KEEPALIVE_SECONDS = 4.0
"""Shorter than usual servers keep an idle connection, so that a POST rarely meets one that is just being closed."""

READ_BYTES = 65_536

_JSON = {"Content-Type": "application/json"}
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Call:
    """One request; at most one of `json`, `form` and `content`. Addresses, headers and bodies appear in no repr."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    json: Any = field(default=None, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    content: bytes | None = field(default=None, repr=False)
    timeout_seconds: float = 10.0


class ChunkCaller:
    """Makes the calls of a chunk. One for a process is enough; its methods may be called from any thread.

    Not for processes in which gevent has replaced the threads.
    """

    def __init__(self, *, connect_timeout_seconds: float = 3.0, answer_bytes_max: int = ANSWER_BYTES_MAX) -> None:
        self._connect_timeout_seconds = connect_timeout_seconds
        self._answer_bytes_max = answer_bytes_max
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._session: aiohttp.ClientSession | None = None
        self._buckets: dict[tuple[str, str], TokenBucket] = {}
        self._closed = False

    def call_all(
        self, calls: Sequence[Call], *, in_flight_max: int, per_second_max: float | None = None, lane: str = ""
    ) -> list[Answer]:
        """Make all calls and return their answers in the same order.

        `per_second_max` holds for each lane of each other side (scheme, host and port) across all chunks of this
        caller; calls of one lane do not wait for the turns of another.
        Raises RuntimeError after `close`.
        """
        if in_flight_max < 1:
            raise ValueError("at least one call is in flight")
        if not calls:
            return []
        # Handed over under the lock, so that `close` either finds the chunk or refuses it.
        with self._lock:
            loop = self._running_loop()
            carried = outgoing.headers_for(context.current(), None)
            chunk = self._call_all(calls, in_flight_max, (lane, per_second_max), carried)
            answers = asyncio.run_coroutine_threadsafe(chunk, loop)
        return answers.result()

    def close(self) -> None:
        """Close the connections and end the thread. Calls still under way end as they would have by themselves."""
        with self._lock:
            self._closed = True
            loop, thread, self._loop, self._thread = self._loop, self._thread, None, None
        if loop is None or thread is None:
            return
        asyncio.run_coroutine_threadsafe(self._finish(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        """The loop, in its thread; the caller holds the lock."""
        if self._closed:
            raise RuntimeError("the chunk caller is closed")
        if self._loop is None:
            _refuse_gevent()
            self._loop = uvloop.new_event_loop()
            self._thread = threading.Thread(target=self._loop.run_forever, name="chunk-calls", daemon=True)
            self._thread.start()
        return self._loop

    async def _call_all(
        self, calls: Sequence[Call], in_flight_max: int, rate: tuple[str, float | None], carried: Mapping[str, str]
    ) -> list[Answer]:
        session = self._open_session()
        answers: list[Answer] = [NotSent("not reached")] * len(calls)
        waiting: Iterator[tuple[int, Call]] = iter(enumerate(calls))

        async def work() -> None:
            for position, call in waiting:
                await self._wait_for_turn(call, *rate)
                answers[position] = await self._call(session, call, carried)

        await asyncio.gather(*(work() for _ in range(min(in_flight_max, len(calls)))))
        return answers

    async def _wait_for_turn(self, call: Call, lane: str, per_second_max: float | None) -> None:
        if per_second_max is None:
            return
        key = (_origin(call.url), lane)
        bucket = self._buckets.get(key)
        if bucket is None or bucket.per_second != per_second_max:
            # A twentieth of a second's worth at once keeps a high rate reachable with coarse timers.
            bucket = self._buckets[key] = TokenBucket(per_second_max, burst=max(1.0, per_second_max / 20))
        seconds = bucket.reserve()
        if seconds > 0:
            await asyncio.sleep(seconds)

    async def _call(self, session: aiohttp.ClientSession, call: Call, carried: Mapping[str, str]) -> Answer:
        progress = _Progress()
        started_at = time.monotonic()
        answer: Answer
        try:
            answer = await self._exchange(session, call, carried, progress)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as problem:
            answer = _without_answer(progress, type(problem).__name__)
        except Exception as problem:
            # One call that breaks in a way nobody foresaw must not lose the answers of the others.
            logger.exception("a call broke")
            answer = _without_answer(progress, type(problem).__name__)
        outgoing.observe(_origin(call.url), call.method, answer, time.monotonic() - started_at)
        return answer

    async def _exchange(
        self, session: aiohttp.ClientSession, call: Call, carried: Mapping[str, str], progress: _Progress
    ) -> Answer:
        body_type, content = _encoded(call)
        async with session.request(
            call.method,
            call.url,
            headers={**carried, **body_type, **call.headers},
            # Given bare bytes, aiohttp looks through its kinds of bodies, at a fifth of the price of the whole call.
            data=None if content is None else aiohttp.BytesPayload(content),
            timeout=aiohttp.ClientTimeout(
                total=call.timeout_seconds, sock_connect=min(self._connect_timeout_seconds, call.timeout_seconds)
            ),
            allow_redirects=False,
            trace_request_ctx=progress,
        ) as response:
            body = bytearray()
            async for piece in response.content.iter_chunked(READ_BYTES):
                body += piece
                if len(body) > self._answer_bytes_max:
                    return Unknown("answer too large")
            headers = {key.lower(): value for key, value in response.headers.items()}
            return Response(response.status, headers, bytes(body))

    def _open_session(self) -> aiohttp.ClientSession:
        """The one session; made on the loop's own thread, so no lock is needed."""
        if self._session is None:
            watch = aiohttp.TraceConfig()
            watch.on_connection_create_end.append(_note_connection)
            watch.on_connection_reuseconn.append(_note_connection)
            self._session = aiohttp.ClientSession(
                # How many connections there are is bounded by the calls in flight.
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEPALIVE_SECONDS),
                cookie_jar=aiohttp.DummyCookieJar(),
                trace_configs=[watch],
                trust_env=False,
            )
        return self._session

    async def _finish(self) -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        if others:
            await asyncio.wait(others)
        if self._session is not None:
            await self._session.close()


@dataclass(slots=True)
class _Progress:
    """How far a call came: without a connection not one byte of it can have left."""

    connected: bool = False


async def _note_connection(_session: aiohttp.ClientSession, trace: SimpleNamespace, _params: object) -> None:
    progress = trace.trace_request_ctx
    if isinstance(progress, _Progress):
        progress.connected = True


def _without_answer(progress: _Progress, reason: str) -> Answer:
    return Unknown(reason) if progress.connected else NotSent(reason)


def _encoded(call: Call) -> tuple[Mapping[str, str], bytes | None]:
    """The header that names the body's kind, and the body: aiohttp's own ways to it cost more than the call itself."""
    if call.json is not None:
        return _JSON, orjson.dumps(call.json)
    if call.form is not None:
        return _FORM, urlencode(call.form).encode()
    return {}, call.content


@lru_cache(maxsize=256)
def _origin(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "unusable"
    return f"{parts.scheme}://{parts.hostname}:{port}" if port else f"{parts.scheme}://{parts.hostname}"


def _refuse_gevent() -> None:
    monkey = sys.modules.get("gevent.monkey")
    if monkey is not None and monkey.is_module_patched("threading"):
        raise RuntimeError("chunk calls need real threads; gevent has replaced them in this process")
