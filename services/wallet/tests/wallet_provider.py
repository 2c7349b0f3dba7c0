"""The payment provider for tests: its wire protocol on a free port, with answers that a test scripts."""

import base64
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass
class Call:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Provider:
    """Keeps payments by order id, honours idempotency keys, and plays scripted answers first.

    `script` holds, per call to confirm, one of: a (status, code) pair to refuse with, "lost" (do it, answer too
    late), "dropped" (do nothing, answer too late), "garbled" (do it, answer with no JSON).
    """

    secret_key: str
    payments: dict[str, dict[str, Any]] = field(default_factory=dict)
    script: list[Any] = field(default_factory=list)
    find_script: list[Any] = field(default_factory=list)
    cancel_script: list[Any] = field(default_factory=list)
    sent_back: list[tuple[str, int]] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    answers_by_key: dict[str, tuple[int, Any]] = field(default_factory=dict)
    hang_seconds: float = 1.0
    url: str = ""

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        serve = lambda: self._server.serve_forever(poll_interval=0.01)  # noqa: E731
        self._thread = threading.Thread(target=serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def paid_in_window(self, order_id: str, amount_krw: int, payment_key: str = "") -> str:
        """What the payer does in the payment window; the payment key."""
        key = payment_key or f"pk-{order_id}"
        self.payments[order_id] = {
            "paymentKey": key,
            "orderId": order_id,
            "totalAmount": amount_krw,
            "balanceAmount": amount_krw,
            "currency": "KRW",
            "status": "IN_PROGRESS",
            "method": "카드",
            "approvedAt": None,
            "receipt": None,
        }
        return key

    @property
    def collected(self) -> list[str]:
        """The order ids of payments that were collected, once for each time that it was done."""
        return self._collected

    def __post_init__(self) -> None:
        self._collected: list[str] = []

    def confirm_calls(self) -> list[Call]:
        return [call for call in self.calls if call.method == "POST"]

    def answer(self, call: Call) -> tuple[int, Any]:
        self.calls.append(call)
        expected = "Basic " + base64.b64encode(f"{self.secret_key}:".encode()).decode()
        if call.headers.get("authorization") != expected:
            return 401, _failure("UNAUTHORIZED_KEY")
        if call.method == "GET":
            return self._find(call)
        return self._cancel(call) if call.path.endswith("/cancel") else self._confirm(call)

    def _find(self, call: Call) -> tuple[int, Any]:
        if self.find_script:
            step = self.find_script.pop(0)
            if step is not None:
                return step[0], _failure(step[1])
        payment = self.payments.get(call.path.rsplit("/", 1)[1])
        return (404, _failure("NOT_FOUND_PAYMENT")) if payment is None else (200, payment)

    def _confirm(self, call: Call) -> tuple[int, Any]:
        key = call.headers["idempotency-key"]
        if key in self.answers_by_key:
            return self.answers_by_key[key]
        step = self.script.pop(0) if self.script else None
        if isinstance(step, tuple):
            return step[0], _failure(step[1])
        if step == "dropped":
            time.sleep(self.hang_seconds)
            return 500, _failure("COMMON_ERROR")
        answer = self._collect(call.body)
        self.answers_by_key[key] = answer
        if step == "lost":
            time.sleep(self.hang_seconds)
        return (200, "garbled") if step == "garbled" else answer

    def _cancel(self, call: Call) -> tuple[int, Any]:
        key = call.headers["idempotency-key"]
        if key in self.answers_by_key:
            return self.answers_by_key[key]
        step = self.cancel_script.pop(0) if self.cancel_script else None
        if isinstance(step, tuple):
            self.answers_by_key[key] = step[0], _failure(step[1])
            return self.answers_by_key[key]
        payment_key = call.path.split("/")[3]
        payment = next(each for each in self.payments.values() if each["paymentKey"] == payment_key)
        left_krw = payment["totalAmount"] - call.body["cancelAmount"]
        payment |= {"balanceAmount": left_krw, "status": "PARTIAL_CANCELED" if left_krw else "CANCELED"}
        self.sent_back.append((payment["orderId"], call.body["cancelAmount"]))
        self.answers_by_key[key] = 200, dict(payment)
        if step == "lost":
            time.sleep(self.hang_seconds)
        return self.answers_by_key[key]

    def _collect(self, body: dict[str, Any]) -> tuple[int, Any]:
        payment = self.payments.get(body["orderId"])
        if payment is None or payment["paymentKey"] != body["paymentKey"]:
            return 404, _failure("NOT_FOUND_PAYMENT")
        if payment["totalAmount"] != body["amount"]:
            return 400, _failure("INVALID_REQUEST")
        if payment["status"] != "IN_PROGRESS":
            return 400, _failure("ALREADY_PROCESSED_PAYMENT")
        payment |= {
            "status": "DONE",
            "approvedAt": "2026-03-02T12:00:00+09:00",
            "receipt": {"url": "https://provider.test/receipt"},
        }
        self._collected.append(body["orderId"])
        return 200, dict(payment)


def _failure(code: str) -> dict[str, Any]:
    return {"code": code, "message": f"{code} 메시지", "data": None}


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._reply(None)

        def do_POST(self) -> None:
            self._reply(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def _reply(self, body: Any) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, answer = provider.answer(Call(self.command, self.path, headers, body))
            content = b"<html>" if answer == "garbled" else json.dumps(answer).encode()
            try:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
            except OSError:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
