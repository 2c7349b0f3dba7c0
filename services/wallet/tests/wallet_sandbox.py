"""The sandbox on free ports, for tests that need the payment provider as a whole."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from wallet_builders import SECRET_KEY

from sandbox.app import start
from sandbox.settings import Credentials, Settings


@contextmanager
def running_sandbox(folder: Path, hang_seconds: float = 1.0) -> Iterator[httpx.Client]:
    """The sandbox in a thread of its own; a client of its control plane."""
    credentials = Credentials(SECRET_KEY, "account", "password", "code", "token", "key")
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def wait_for(work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(timeout=15)

    running = wait_for(start(Settings(folder, credentials, hang_seconds=hang_seconds)))
    with httpx.Client(base_url=f"http://127.0.0.1:{running.http_port}") as client:
        yield client
    wait_for(running.stop())
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()
