"""Liveness and metrics of processes that serve no requests: worker and relay.

A part of such a process that falls ends the whole process, so whoever gets an answer here talks to a sound one.
"""

import threading
from collections.abc import Iterable
from http import HTTPStatus
from socketserver import TCPServer, ThreadingMixIn
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from chassis import metrics

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


def serve_probes(host: str, port: int) -> int:
    """Answer `/healthz/live` and `/metrics` from a thread as long as the process lives; the port (of 0, the one taken).

    Raises OSError when the port is taken.
    """
    server = make_server(host, port, _answer, server_class=_Server, handler_class=_Silent)
    threading.Thread(target=server.serve_forever, name="probes", daemon=True).start()
    return server.server_port


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def server_bind(self) -> None:
        """Bind without asking the name server for our name, which may know none and take its time over it."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "localhost", self.server_address[1]
        self.setup_environ()


class _Silent(WSGIRequestHandler):
    timeout = 5

    def log_message(self, *_: object) -> None:
        """Probes come every few seconds: their log would drown the rest."""


def _answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    status, body, media_type = HTTPStatus.OK, b'{"status":"live"}', "application/json"
    if environ["PATH_INFO"] == "/metrics":
        body, media_type = metrics.exposition()
    elif environ["PATH_INFO"] != "/healthz/live":
        status, body = HTTPStatus.NOT_FOUND, b'{"status":"unknown"}'
    start_response(f"{status.value} {status.phrase}", [("Content-Type", media_type)])
    return [body]
