"""Services that answer with what they got, on real ports."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

JWKS_PATH = "/.well-known/jwks.json"
DOORS = (
    *(
        f"{name}{side}"
        for name in ("identity", "catalog", "ordering", "wallet", "messaging")
        for side in ("", "_admin")
    ),
    "scheduler_admin",
    "coupon_web",
    "coupon_web_admin",
)
"""Every port of a service, as the gateway's settings name it."""


class Service:
    """A service that answers with what it got, and remembers it."""

    def __init__(self, name: str, keys: dict[str, Any]) -> None:
        self.name = name
        self.requests: list[dict[str, Any]] = []
        self.answer: Callable[[Request], Response] | None = None
        self._keys = keys

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        request = Request(environ)
        if request.path == JWKS_PATH:
            return Response(json.dumps(self._keys), content_type="application/json")(environ, start_response)
        got = {
            "service": self.name,
            "method": request.method,
            "path": request.path,
            "target": environ["RAW_URI"],
            "query": request.query_string.decode(),
            "headers": [[name, value] for name, value in request.headers.items()],
            "body": request.get_data().decode("latin-1"),
        }
        self.requests.append(got)
        response = self.answer(request) if self.answer else Response(json.dumps(got), content_type="application/json")
        return response(environ, start_response)


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, *_: object) -> None:
        """Say nothing: what is logged in a test is the gateway's own."""


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """The application on a free port, until the block ends."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
