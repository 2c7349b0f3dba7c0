"""A sandbox on free ports in a thread of its own, spoken to over real HTTP and SMTP."""

from __future__ import annotations

import asyncio
import base64
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from sandbox.app import Running, start
from sandbox.settings import Credentials, Settings

CREDENTIALS = Credentials(
    payment_secret_key="test_sk_sandbox",
    message_account="coupbiz",
    message_password="message-password",
    supplier_auth_code="auth-code",
    supplier_auth_token="auth-token",
    tax_office_service_key="key+with/signs==",
)


@dataclass
class Inbox:
    """A service's webhook address: what it was told, and what it answers."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    received: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)

    def bodies(self) -> list[dict[str, Any]]:
        return [body for _, body in self.received]


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    box = Inbox()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            box.received.append(({name.lower(): value for name, value in self.headers.items()}, json.loads(raw)))
            self.send_response(box.answers.pop(0) if box.answers else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    box.url = f"http://127.0.0.1:{server.server_port}/webhook"
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01), daemon=True)
    thread.start()
    yield box
    server.shutdown()
    server.server_close()
    thread.join()


class World:
    """A running sandbox and a client that knows its credentials."""

    def __init__(self, settings: Settings) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._running: Running = self._await(start(settings))
        self.url = f"http://127.0.0.1:{self._running.http_port}"
        self.smtp_port = self._running.smtp_port
        self.http = httpx.Client(base_url=self.url, timeout=5.0)
        self._token: str | None = None

    def _await(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=15)

    def stop(self) -> None:
        self.http.close()
        self._await(self._running.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._loop.close()

    def sim(self, path: str, body: Any = None, method: str = "") -> Any:
        """A control call; GET without a body."""
        answer = self.http.request(method or ("GET" if body is None else "POST"), f"/__sim{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def advance(self, seconds: float) -> None:
        self.sim("/clock/advance", {"seconds": seconds})

    def toss(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        key = base64.b64encode(f"{CREDENTIALS.payment_secret_key}:".encode()).decode()
        sent = {"Authorization": f"Basic {key}", **{name.replace("_", "-"): value for name, value in headers.items()}}
        return self.http.request(method, f"/toss/v1{path}", json=body, headers=sent)

    def authenticated(
        self, order_id: str = "order-0001", amount: int = 100_000, method: str = "카드"
    ) -> dict[str, Any]:
        """What the payer does in the window; the answer is the body of a confirm."""
        paid = self.sim("/toss/authenticate", {"orderId": order_id, "amount": amount, "method": method})
        return {"paymentKey": paid["paymentKey"], "orderId": order_id, "amount": amount}

    def token(self) -> str:
        answer = self.http.post("/bizppurio/v1/token", auth=(CREDENTIALS.message_account, CREDENTIALS.message_password))
        assert answer.status_code == 200, answer.text
        return str(answer.json()["accesstoken"])

    def bizppurio(self, path: str, body: Any, timeout: float = 5.0) -> httpx.Response:
        self._token = self._token or self.token()
        headers = {"Authorization": f"Bearer {self._token}"}
        return self.http.post(f"/bizppurio{path}", json=body, headers=headers, timeout=timeout)

    def alimtalk(self, to: str, refkey: str, *, timeout: float = 5.0, **changes: Any) -> httpx.Response:
        """Send an alimtalk with an MMS behind it."""
        body = {
            "account": CREDENTIALS.message_account,
            "type": "at",
            "from": "15996567",
            "to": to,
            "refkey": refkey,
            "content": {
                "at": {
                    "senderkey": "s" * 40,
                    "templatecode": "coupon-1",
                    "message": "홍길동님, 쿠폰이 도착했습니다.",
                    "button": [{"name": "쿠폰 보기", "type": "WL", "url_mobile": "http://127.0.0.1:9/c/token"}],
                }
            },
            "resend": {"first": "mms"},
            "recontent": {"mms": {"subject": "쿠폰", "message": "쿠폰: http://127.0.0.1:9/c/token"}},
            **changes,
        }
        return self.bizppurio("/v3/message", body, timeout)

    def sms(self, to: str, text: str, refkey: str) -> httpx.Response:
        body = {
            "account": CREDENTIALS.message_account,
            "type": "sms",
            "from": "15996567",
            "to": to,
            "refkey": refkey,
            "content": {"sms": {"message": text}},
        }
        return self.bizppurio("/v3/message", body)

    def giftishow(self, api_code: str, path: str, timeout: float = 5.0, **form: str) -> httpx.Response:
        common = {
            "api_code": api_code,
            "custom_auth_code": CREDENTIALS.supplier_auth_code,
            "custom_auth_token": CREDENTIALS.supplier_auth_token,
            "dev_yn": "N",
        }
        return self.http.post(f"/giftishow/bizApi{path}", data={**common, **form}, timeout=timeout)

    def issue(self, tr_id: str, phone: str = "01000000001", timeout: float = 5.0, **changes: str) -> httpx.Response:
        form = {
            "goods_code": "G-COFFEE-30",
            "tr_id": tr_id,
            "phone_no": phone,
            "callback_no": "15996567",
            "mms_title": "쿠폰",
            "mms_msg": "쿠폰입니다",
            "user_id": "coupbiz",
            "gubun": "Y",
            **changes,
        }
        return self.giftishow("0204", "/send", timeout, **form)

    def status(self, *numbers: str, key: str = CREDENTIALS.tax_office_service_key, **options: Any) -> httpx.Response:
        return self.http.post(
            "/nts/api/nts-businessman/v1/status",
            params={"serviceKey": key},
            json={"b_no": list(numbers)},
            **options,
        )

    def number(self, serial: str) -> str:
        return str(self.sim(f"/nts/numbers?serial={serial}")["numbers"][0])


GOODS = [
    {
        "goodsCode": "G-COFFEE-30",
        "goodsName": "아메리카노",
        "salePrice": 4500,
        "discountPrice": 4000,
        "validPrdDay": "30",
    },
    {
        "goodsCode": "G-COFFEE-60",
        "goodsName": "아메리카노",
        "salePrice": 4600,
        "discountPrice": 4100,
        "validPrdDay": "60",
    },
    {"goodsCode": "G-CAKE-30", "goodsName": "케이크", "salePrice": 30_000, "validPrdDay": "30"},
]


@pytest.fixture
def settings(tmp_path: Path, inbox: Inbox) -> Settings:
    return Settings(
        data_dir=tmp_path / "sandbox",
        credentials=CREDENTIALS,
        toss_webhook_url=inbox.url,
        bizppurio_report_url=inbox.url,
        report_delay_seconds=0.01,
        report_retry_scale=0.02,
        hang_seconds=3.0,
        slow_mail_seconds=1.0,
    )


@pytest.fixture
def open_world() -> Iterator[Callable[[Settings], World]]:
    """Open worlds by hand: one after another over the same directory is a restart."""
    opened: list[World] = []

    def build(settings: Settings) -> World:
        opened.append(World(settings))
        return opened[-1]

    yield build
    for world in opened:
        if not world.http.is_closed:
            world.stop()


@pytest.fixture
def world(open_world: Callable[[Settings], World], settings: Settings) -> World:
    opened = open_world(settings)
    opened.sim("/giftishow/goods", GOODS)
    return opened


@pytest.fixture
def eventually() -> Callable[..., None]:
    def poll(check: Callable[[], bool], timeout_seconds: float = 5.0) -> None:
        deadline = time.monotonic() + timeout_seconds
        while not check():
            assert time.monotonic() < deadline, "it did not come true in time"
            time.sleep(0.01)

    return poll
