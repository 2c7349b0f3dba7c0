"""The supplier's sandbox in a thread of the test: the production adapter meets it over HTTP."""

import asyncio
import json
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from ordering.adapters.giftishow import GiftishowAccount
from ordering_probe.builders import CAKE, COFFEE
from sandbox import app
from sandbox.settings import Credentials, Settings

STARTED_WITHIN_SECONDS = 10


@dataclass(frozen=True)
class SupplierWorld:
    """A running sandbox, and what the world outside knows of it."""

    url: str

    @property
    def account(self) -> GiftishowAccount:
        """Our account with it; a hanging answer is waited for three seconds."""
        return GiftishowAccount(
            base_url=f"{self.url}/giftishow/bizApi",
            auth_code=SecretStr("code"),
            auth_token=SecretStr("token"),
            user_id="coupbiz",
            callback_number="15996567",
            is_trial=False,
            timeout_seconds=3,
            in_flight_max=50,
            per_second_max=None,
        )

    def fault(self, kind: str, route: str, **more: Any) -> None:
        """Let the next call of the route go wrong."""
        self.control("POST", "/faults", {"provider": "giftishow", "kind": kind, "route": route, **more})

    def calls(self, route: str) -> list[dict[str, Any]]:
        """The calls that reached the supplier by a route."""
        page: dict[str, Any] = self.control("GET", f"/journal?provider=giftishow&route={route}&limit=1000")
        found: list[dict[str, Any]] = page["items"]
        return found

    def control(self, method: str, path: str, body: object = None) -> Any:
        """Ask the sandbox's control plane."""
        request = urllib.request.Request(  # noqa: S310 - an address of ours
            f"{self.url}/__sim{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return json.loads(answer.read() or b"null")


@contextmanager
def supplier_world(data_dir: Path) -> Iterator[SupplierWorld]:
    """Run the sandbox until the block ends."""
    goods = data_dir / "goods.json"
    goods.write_text(
        json.dumps([{"goodsCode": f"G{offer.int:011d}", "discountPrice": 4_000} for offer in (COFFEE, CAKE)])
    )
    settings = Settings(
        data_dir=data_dir / "sandbox",
        credentials=Credentials(
            payment_secret_key="x",
            message_account="x",
            message_password="x",
            supplier_auth_code="code",
            supplier_auth_token="token",
            tax_office_service_key="x",
        ),
        goods_file=goods,
        hang_seconds=3,
    )
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    running = asyncio.run_coroutine_threadsafe(app.start(settings), loop).result(STARTED_WITHIN_SECONDS)
    try:
        yield SupplierWorld(f"http://127.0.0.1:{running.http_port}")
    finally:
        asyncio.run_coroutine_threadsafe(running.stop(), loop).result(STARTED_WITHIN_SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
