"""One port of a service over pooled HTTP connections, with time-outs and a circuit breaker."""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import structlog

from chassis import context, outgoing
from chassis.answers import Answer, NotSent, Response, Unknown
from chassis.breaker import Breaker, BreakerLimits
from gateway.domain.errors import AnswerLost, PartAway, PartBusy, PartSlow
from gateway.domain.exchange import Incoming, Outgoing, UnsendableRequest
from gateway.domain.parts import Part

KEEP_ALIVE_SECONDS = 5.0
"""Shorter than a service keeps an idle connection, so that it does not close one just as we use it."""
POOL_WAIT_SECONDS = 1.0
BREAKER = BreakerLimits(failures_max=5, open_seconds=2.0)
"""A restarted service is back within two seconds; until then its callers are told at once."""
SAFE_METHODS = frozenset({"GET", "HEAD"})

logger = structlog.get_logger(__name__)


class HttpUpstream:
    """Hands requests on as they are. Redirects, cookies and encodings are between the client and the service.

    Works under gevent and in threads. Only failures of the connection open the breaker: an answer of 5xx is an answer.
    """

    def __init__(
        self,
        part: Part,
        base_url: str,
        *,
        connections_max: int,
        connect_timeout_seconds: float,
        answer_bytes_max: int,
        tls: ssl.SSLContext,
    ) -> None:
        # The library logs whole addresses, and links of recipients stand in them.
        for noisy in ("httpx", "httpcore"):
            logging.getLogger(noisy).setLevel(logging.WARNING)
        self.part = part
        self._url = httpx.URL(base_url)
        self._base_path = self._url.raw_path.rstrip(b"/")
        self._connect_timeout_seconds = connect_timeout_seconds
        self._answer_bytes_max = answer_bytes_max
        self._breaker = Breaker(BREAKER)
        # The transport alone: a client above it would keep one person's cookies for the next.
        self._transport = httpx.HTTPTransport(
            verify=tls,
            trust_env=False,
            limits=httpx.Limits(
                max_connections=connections_max,
                max_keepalive_connections=connections_max,
                keepalive_expiry=KEEP_ALIVE_SECONDS,
            ),
        )

    def send(self, request: Outgoing, *, timeout_seconds: float) -> Incoming:
        """The service's answer; `gateway.domain.exchange.Upstream` lists what is raised.

        A request that reads is sent once more when its connection broke before the answer; no other ever is.
        """
        try:
            return self._try(request, timeout_seconds)
        except AnswerLost:
            if request.method not in SAFE_METHODS:
                raise
            return self._try(request, timeout_seconds)

    def close(self) -> None:
        """Close all connections."""
        self._transport.close()

    def _try(self, request: Outgoing, timeout_seconds: float) -> Incoming:
        if not self._breaker.admits():
            raise PartAway(self.part, "left alone after failures in a row")
        started_at = time.monotonic()
        outcome: Answer = Unknown("interrupted")
        try:
            answer = self._exchange(request, timeout_seconds)
            outcome = Response(answer.status, {}, b"")
        except (PartAway, PartBusy) as failure:
            outcome = NotSent(failure.reason)
            raise
        except UnsendableRequest:
            outcome = Response(400, {}, b"")  # The client's fault; the service is not judged by it.
            raise
        finally:
            if isinstance(outcome, Response):
                self._breaker.succeeded()
            else:
                self._breaker.failed()
                logger.warning("no answer", part=self.part.value, reason=outcome.reason)
            outgoing.observe(self.part, request.method, outcome, time.monotonic() - started_at)
        return answer

    def _exchange(self, request: Outgoing, timeout_seconds: float) -> Incoming:
        deadline = time.monotonic() + self._connect_timeout_seconds + timeout_seconds
        with self._failures_named():
            response = self._transport.handle_request(self._prepared(request, timeout_seconds))
            try:
                body = self._read(response, deadline)
            finally:
                response.close()
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw]
        return Incoming(response.status_code, headers, body)

    def _prepared(self, request: Outgoing, timeout_seconds: float) -> httpx.Request:
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in request.headers]
        followed = outgoing.headers_for(context.current(), None)
        headers += [(name.encode("latin-1"), value.encode("latin-1")) for name, value in followed.items()]
        timeout = httpx.Timeout(timeout_seconds, connect=self._connect_timeout_seconds, pool=POOL_WAIT_SECONDS)
        return httpx.Request(
            request.method,
            self._url,
            headers=headers,
            content=request.body,
            # Exactly the target that was judged: the library would write it in a form of its own.
            extensions={"target": self._base_path + request.target.encode("ascii"), "timeout": timeout.as_dict()},
        )

    def _read(self, response: httpx.Response, deadline: float) -> bytes:
        body = bytearray()
        if not isinstance(response.stream, httpx.SyncByteStream):
            raise TypeError("the transport answers with a stream")
        for piece in response.stream:
            body += piece
            if len(body) > self._answer_bytes_max:
                raise AnswerLost(self.part, "answer too large")
            # The library's time-out is for each piece, so a service that drips would hold us for ever.
            if time.monotonic() > deadline:
                raise PartSlow(self.part, "answer drips")
        return bytes(body)

    @contextmanager
    def _failures_named(self) -> Iterator[None]:
        try:
            yield
        except (httpx.ConnectError, httpx.ConnectTimeout) as problem:
            raise PartAway(self.part, type(problem).__name__) from None
        except httpx.PoolTimeout:
            raise PartBusy(self.part, "no connection free") from None
        except httpx.TimeoutException as problem:
            raise PartSlow(self.part, type(problem).__name__) from None
        except httpx.LocalProtocolError:
            raise UnsendableRequest from None
        except httpx.TransportError as problem:
            raise AnswerLost(self.part, type(problem).__name__) from None
