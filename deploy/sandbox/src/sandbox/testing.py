"""The sandbox in a thread of a test process: production adapters meet it over real sockets."""

import asyncio
import json
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox import app
from sandbox.settings import Credentials, Settings

STARTED_WITHIN_SECONDS = 15
ANSWERED_WITHIN_SECONDS = 10

CREDENTIALS = Credentials(
    payment_secret_key="test_sk_sandbox",  # noqa: S106 - opens nothing but this sandbox
    message_account="coupbiz",
    message_password="message-password",  # noqa: S106
    supplier_auth_code="auth-code",
    supplier_auth_token="auth-token",  # noqa: S106
    tax_office_service_key="key+with/signs==",
)
"""What callers present to a sandbox that was started here."""


@dataclass(frozen=True)
class RunningSandbox:
    """Where a running sandbox is, and its control plane."""

    url: str
    smtp_port: int

    def control(self, method: str, path: str, body: object = None) -> Any:
        """Ask the control plane (`/__sim…`)."""
        return self.ask(method, f"/__sim{path}", body)

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Ask anything that answers JSON."""
        request = urllib.request.Request(  # noqa: S310 - an address of ours
            f"{self.url}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=ANSWERED_WITHIN_SECONDS) as answer:  # noqa: S310
            return json.loads(answer.read() or b"null")

    def fault(self, provider: str, kind: str, route: str, **more: Any) -> None:
        """Let the next call of a route go wrong."""
        self.control("POST", "/faults", {"provider": provider, "kind": kind, "route": route, **more})


@contextmanager
def running_sandbox(data_dir: Path, **settings: Any) -> Iterator[RunningSandbox]:
    """Run a sandbox until the block ends."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    chosen = Settings(data_dir=data_dir, credentials=CREDENTIALS, **settings)
    running = asyncio.run_coroutine_threadsafe(app.start(chosen), loop).result(STARTED_WITHIN_SECONDS)
    try:
        yield RunningSandbox(f"http://127.0.0.1:{running.http_port}", running.smtp_port)
    finally:
        asyncio.run_coroutine_threadsafe(running.stop(), loop).result(STARTED_WITHIN_SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
