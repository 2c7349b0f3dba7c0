"""Single calls to another system over HTTP: time-outs, retries where they are harmless, a circuit breaker.

Works in plain threads and under gevent. Bodies, queries and headers appear in no log.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import httpx
from tenacity import RetryCallState, Retrying, retry_if_result, stop_after_attempt, wait_random_exponential

from chassis import context, outgoing
from chassis.answers import (
    ANSWER_BYTES_MAX,
    Answer,
    NotSent,
    Response,
    Unknown,
    UnreadableAnswerError,
    outcome_of,
)
from chassis.breaker import Breaker, BreakerLimits

__all__ = [
    "NO_RETRY",
    "RETRY",
    "Answer",
    "HttpClient",
    "NotSent",
    "Response",
    "Retry",
    "Unknown",
    "UnreadableAnswerError",
]

IDEMPOTENT_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
PASSING_STATUSES = frozenset({429, 502, 503, 504})
"""Answers that say "later": worth another try where a second call does no harm."""

_NOTHING_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Retry:
    """How often a call is tried in all, and how long is waited between (at random, up to a growing bound)."""

    attempts_max: int
    first_wait_seconds: float = 0.2
    wait_seconds_max: float = 2.0


NO_RETRY = Retry(attempts_max=1)
RETRY = Retry(attempts_max=3)


class HttpClient:
    """Calls one system. Every outcome is an `Answer`; nothing that the network does is raised."""

    def __init__(
        self,
        base_url: str,
        *,
        name: str,
        connect_timeout_seconds: float = 3.0,
        read_timeout_seconds: float = 10.0,
        breaker: BreakerLimits | None = None,
        connections_max: int = 100,
        headers: Mapping[str, str] | None = None,
        answer_bytes_max: int = ANSWER_BYTES_MAX,
    ) -> None:
        # The library logs whole addresses, and some vendors want their key in the query.
        for noisy in ("httpx", "httpcore"):
            logging.getLogger(noisy).setLevel(logging.WARNING)
        self.name = name
        self._connect_timeout_seconds = connect_timeout_seconds
        self._read_timeout_seconds = read_timeout_seconds
        self._answer_bytes_max = answer_bytes_max
        self._breaker = Breaker(breaker or BreakerLimits())
        self._client = httpx.Client(
            base_url=base_url,
            headers=dict(headers or {}),
            limits=httpx.Limits(
                max_connections=connections_max, max_keepalive_connections=connections_max, keepalive_expiry=5.0
            ),
            follow_redirects=False,
            trust_env=False,
        )

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | Sequence[tuple[str, str]] | None = None,
        json: Any = None,
        form: Mapping[str, str] | None = None,
        content: bytes | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
        headers: Mapping[str, str] | None = None,
        retry: Retry = NO_RETRY,
        idempotent: bool | None = None,
        read_timeout_seconds: float | None = None,
    ) -> Answer:
        """Call `path` (it starts with "/") below the base address.

        `retry` tries again what was surely not sent; what was sent, or answered with 429, 502, 503 or 504, only when
        the call is idempotent (by its method, or because the caller says so: it carries a key that the other side
        honours). When any try may have been done, the outcome is never `NotSent`.
        """
        if not path.startswith("/"):
            raise ValueError("a path starts with '/'")
        method = method.upper()
        read_seconds = read_timeout_seconds or self._read_timeout_seconds
        try:
            url = httpx.URL(path)
        except httpx.InvalidURL:
            return NotSent("unusable address")
        request = self._client.build_request(
            method,
            url,
            params=httpx.QueryParams(_pairs(params)) if params else None,
            json=json,
            data=form,
            content=content,
            files=files,
            headers=outgoing.headers_for(context.current(), headers),
            timeout=httpx.Timeout(
                read_seconds, connect=self._connect_timeout_seconds, pool=self._connect_timeout_seconds
            ),
        )
        repeatable = method in IDEMPOTENT_METHODS if idempotent is None else idempotent
        doubt: list[Unknown] = []

        def once() -> Answer:
            answer = self._try(request, read_seconds)
            if isinstance(answer, Unknown):
                doubt.append(answer)
            return answer

        answer = Retrying(
            stop=stop_after_attempt(retry.attempts_max),
            wait=_Waiting(retry),
            retry=retry_if_result(lambda answer: _is_worth_another_try(answer, repeatable=repeatable)),
            retry_error_callback=_last_answer,
        )(once)
        return doubt[-1] if doubt and isinstance(answer, NotSent) else answer

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _try(self, request: httpx.Request, read_seconds: float) -> Answer:
        if not self._breaker.admits():
            return NotSent("left alone after failures in a row")
        started_at = time.monotonic()
        answer: Answer = Unknown("interrupted")
        try:
            answer = self._send(request, read_seconds)
        finally:
            # A refusal (4xx) is a working system; so is 501, which no waiting will change.
            if isinstance(answer, Response) and (answer.status < 500 or answer.status == 501):
                self._breaker.succeeded()
            else:
                self._breaker.failed()
            seconds = time.monotonic() - started_at
            outgoing.observe(self.name, request.method, answer, seconds)
            logger.debug("called %s: %s %s in %.3f s", self.name, request.method, outcome_of(answer), seconds)
        return answer

    def _send(self, request: httpx.Request, read_seconds: float) -> Answer:
        # The library's read time-out is for each piece, so a system that drips would hold us for ever.
        deadline = time.monotonic() + self._connect_timeout_seconds + 2 * read_seconds
        try:
            response = self._client.send(request, stream=True)
            try:
                return self._read(response, deadline)
            finally:
                response.close()
        except _NOTHING_SENT as problem:
            return NotSent(type(problem).__name__)
        except (httpx.HTTPError, httpx.StreamError) as problem:
            return Unknown(type(problem).__name__)

    def _read(self, response: httpx.Response, deadline: float) -> Answer:
        body = bytearray()
        for piece in response.iter_bytes():
            body += piece
            if len(body) > self._answer_bytes_max:
                return Unknown("answer too large")
            if time.monotonic() > deadline:
                return Unknown("answer too slow")
        headers = {key.lower(): value for key, value in response.headers.items()}
        return Response(response.status_code, headers, bytes(body))


class _Waiting(wait_random_exponential):
    """Waits at random up to a growing bound, or what the answer's `Retry-After` asks for, within the retry's bounds."""

    def __init__(self, retry: Retry) -> None:
        super().__init__(multiplier=retry.first_wait_seconds, max=retry.wait_seconds_max)
        self._seconds_max = retry.wait_seconds_max

    def __call__(self, retry_state: RetryCallState) -> float:
        answer = retry_state.outcome.result() if retry_state.outcome else None
        asked = answer.headers.get("retry-after", "") if isinstance(answer, Response) else ""
        if asked.isascii() and asked.isdigit():
            return min(float(asked), self._seconds_max)
        return super().__call__(retry_state)


def _pairs(params: Mapping[str, str] | Sequence[tuple[str, str]]) -> list[tuple[str, str | int | float | None]]:
    return [*(params.items() if isinstance(params, Mapping) else params)]


def _is_worth_another_try(answer: Answer, *, repeatable: bool) -> bool:
    if isinstance(answer, NotSent):
        return True
    if not repeatable:
        return False
    return isinstance(answer, Unknown) or answer.status in PASSING_STATUSES


def _last_answer(state: RetryCallState) -> Any:
    if state.outcome is None:
        raise RuntimeError("a call ended without an outcome")
    return state.outcome.result()
