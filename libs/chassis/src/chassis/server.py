"""The HTTP server of API processes: gunicorn with gevent, configured here, both ports bound by one process."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import structlog
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.http import errors
from gunicorn.util import write_nonblock
from gunicorn.workers.base import Worker
from gunicorn.workers.ggevent import GeventWorker
from prometheus_client.multiprocess import mark_process_dead

from chassis.ids import new_id
from chassis.problems import BAD_REQUEST, INTERNAL, MEDIA_TYPE, ProblemType, describe
from chassis.settings import ServiceSettings
from chassis.web import WsgiApp

CONNECTIONS_MAX = 1_000
REQUEST_LINE_BYTES_MAX = 8_190
HEADERS_MAX = 100
HEADER_BYTES_MAX = 8_190
KEEP_ALIVE_SECONDS = 30
GRACEFUL_TIMEOUT_SECONDS = 30
"""How long requests in hand may take after SIGTERM."""
WORKER_TIMEOUT_SECONDS = 60
"""A worker that did not turn its loop for so long hangs, and is replaced."""

_STATUSES: dict[type[Exception], tuple[int, str]] = {
    errors.LimitRequestLine: (414, "URI Too Long"),
    errors.LimitRequestHeaders: (431, "Request Header Fields Too Large"),
    errors.ExpectationFailed: (417, "Expectation Failed"),
    errors.UnsupportedTransferCoding: (501, "Not Implemented"),
}

logger = structlog.get_logger(__name__)


class ApiServer(BaseApplication):  # type: ignore[misc]
    """Serves a service's two applications until it is told to stop.

    `create` is called in each worker after the fork: what it opens (connections, threads) is the worker's own.
    """

    def __init__(self, settings: ServiceSettings, create: Callable[[], WsgiApp]) -> None:
        self._settings = settings
        self._create = create
        super().__init__()

    def load_config(self) -> None:
        """gunicorn's settings; its configuration file, environment and command line are not read."""
        host = f"[{self._settings.bind_host}]" if ":" in self._settings.bind_host else self._settings.bind_host
        for name, value in {
            "bind": [f"{host}:{self._settings.api_port}", f"{host}:{self._settings.admin_port}"],
            "workers": self._settings.api_workers,
            "worker_class": ProblemWorker,
            "worker_connections": CONNECTIONS_MAX,
            "timeout": WORKER_TIMEOUT_SECONDS,
            "graceful_timeout": GRACEFUL_TIMEOUT_SECONDS,
            "keepalive": KEEP_ALIVE_SECONDS,
            "limit_request_line": REQUEST_LINE_BYTES_MAX,
            "limit_request_fields": HEADERS_MAX,
            "limit_request_field_size": HEADER_BYTES_MAX,
            # Headers of proxies are judged by `origin`, not by the server.
            "forwarded_allow_ips": "",
            "logger_class": PassingLogger,
            "loglevel": self._settings.log_level.lower(),
            "control_socket_disable": True,
            "child_exit": _forget_worker,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> WsgiApp:
        """The application of this worker."""
        return self._create()


class PassingLogger(Logger):  # type: ignore[misc]
    """gunicorn's log, handed to the root logger; requests are logged by `web`."""

    def setup(self, cfg: Any) -> None:
        """Keep no handler of its own."""
        self.cfg = cfg
        self._access_log_enabled = False
        self.error_log.handlers.clear()
        self.error_log.propagate = True
        self.access_log.handlers.clear()


class ProblemWorker(GeventWorker):  # type: ignore[misc]
    """A worker that answers what it cannot even parse with a problem document, like everything else."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:  # noqa: ARG002
        """Answer a request that did not reach the application, and close the connection."""
        problem_type, reason = _problem_of(exc)
        correlation_id = new_id()
        if problem_type is INTERNAL:
            logger.error("request failed in the server", correlation_id=str(correlation_id), exc_info=exc)
        else:
            logger.info("request refused by the server", status=problem_type.status, problem=type(exc).__name__)
        try:
            write_nonblock(client, _answer(problem_type, reason, correlation_id))
        except OSError:
            logger.debug("the client had gone")


def serve(settings: ServiceSettings, create: Callable[[], WsgiApp]) -> None:
    """Serve until SIGTERM or SIGINT; then requests in hand are finished. Exits the process."""
    Arbiter(ApiServer(settings, create)).run()


def _problem_of(error: Exception) -> tuple[ProblemType, str]:
    for kind, (status, reason) in _STATUSES.items():
        if isinstance(error, kind):
            code = reason.lower().replace(" ", "_")
            return ProblemType(code, status, BAD_REQUEST.ko, BAD_REQUEST.en), reason
    ours = isinstance(error, (errors.InvalidResponseHeader, errors.InvalidResponseHeaderName))
    if isinstance(error, (errors.ParseException, errors.NoMoreData)) and not ours:
        return BAD_REQUEST, "Bad Request"
    return INTERNAL, "Internal Server Error"


def _answer(problem_type: ProblemType, reason: str, correlation_id: object) -> bytes:
    members = describe(problem_type, None, correlation_id=correlation_id).members
    body = json.dumps(members, ensure_ascii=False).encode()
    head = (
        f"HTTP/1.1 {problem_type.status} {reason}\r\nConnection: close\r\nContent-Type: {MEDIA_TYPE}\r\n"
        f"X-Correlation-Id: {correlation_id}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _forget_worker(_arbiter: object, worker: Worker) -> None:
    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
