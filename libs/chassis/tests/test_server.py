"""A real API process: two ports, problem documents for what never reaches the application, a graceful end."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chassis.testing.events import eventually

BODY_BYTES_MAX = 50_000

JSON = b"POST /v1/texts HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
CHUNKED = JSON + b"Transfer-Encoding: chunked\r\n\r\n"

MAIN = """
import os, time
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel
from chassis.access import public
from chassis.bodies import RequestBody
from chassis.clock import SystemClock
from chassis.settings import ServiceSettings
from chassis.web import create_app
from pydantic_settings import SettingsConfigDict

class Settings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="SHOP_")

class Text(RequestBody):
    text: str

def settings():
    return Settings()

def create_api(settings):
    blueprint = APIBlueprint("shop", __name__)

    @blueprint.post("/v1/texts")
    @public
    def take(body: Text):
        return {"length": len(body.text), "process": os.getpid()}

    @blueprint.get("/v1/slow")
    @public
    def slow():
        time.sleep(1)
        return {"sleeps_by": time.sleep.__module__}

    return create_app(
        service="shop", database=None, clock=SystemClock(), api_blueprints=[blueprint], problems={},
        authenticator=None, settings=settings, body_bytes_max=%d,
    )

def greet(settings, arguments):
    print("greeted", *arguments)

COMMANDS = {"greet": greet}
"""


@dataclass(frozen=True)
class Raw:
    """An answer."""

    status: int
    content_type: str
    correlation_id: str
    document: dict[str, Any]


class Shop:
    """The process, and ways to speak to it."""

    def __init__(self, folder: Path, *, workers: int) -> None:
        package = folder / "shop"
        package.mkdir()
        (package / "main.py").write_text(MAIN % BODY_BYTES_MAX, encoding="utf-8")
        (package / "__main__.py").write_text(
            "from chassis.entrypoint import run\n\nrun('shop.main')\n", encoding="utf-8"
        )
        self.folder = folder
        self.api_port, self.admin_port = _free_ports(2)
        self.environment = os.environ | {
            "PYTHONPATH": str(folder),
            "TMPDIR": str(folder),
            "SHOP_ENVIRONMENT": "test",
            "SHOP_API_PORT": str(self.api_port),
            "SHOP_ADMIN_PORT": str(self.admin_port),
            "SHOP_TOKEN_KEYS_URL": "http://127.0.0.1:9/",
            "SHOP_API_WORKERS": str(workers),
        }
        self.log = folder / "log"

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "shop", *arguments]
        return subprocess.run(
            command, env=self.environment, cwd=self.folder, capture_output=True, text=True, timeout=60, check=False
        )

    def start(self) -> None:
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "shop", "api"],
                env=self.environment,
                cwd=self.folder,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        eventually(self._answers, timeout_seconds=60)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=40)

    def ask(self, method: str, path: str, *, port: int | None = None, **kwargs: Any) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", port or self.api_port, timeout=20)
        try:
            connection.request(method, path, **kwargs)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def send(self, raw: bytes) -> Raw:
        """Send bytes as they are."""
        with socket.create_connection(("127.0.0.1", self.api_port), timeout=20) as connection:
            connection.sendall(raw)
            connection.shutdown(socket.SHUT_WR)
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            document = json.loads(answer.read())
        correlation_id = answer.getheader("X-Correlation-Id") or ""
        return Raw(answer.status, answer.getheader("Content-Type") or "", correlation_id, document)

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]

    def _answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text(encoding="utf-8")
        try:
            return self.ask("GET", "/healthz/live", port=self.admin_port)[0] == 200
        except OSError:
            return False


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    shop = Shop(tmp_path_factory.mktemp("shop"), workers=2)
    shop.start()
    yield shop
    if shop.process.poll() is None:
        shop.stop()


def test_the_port_decides_which_application_answers(shop: Shop) -> None:
    assert shop.ask("GET", "/healthz/ready", port=shop.admin_port)[0] == 200
    assert shop.ask("GET", "/healthz/ready")[0] == 404
    assert shop.ask("GET", "/v1/slow", port=shop.admin_port)[0] == 404
    host = {"Host": f"127.0.0.1:{shop.admin_port}"}
    assert shop.ask("GET", "/healthz/ready", headers=host)[0] == 404


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"garbage\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nBad Header: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nX: a\x00b\r\n\r\n", 400),
        (b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 9_000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * 101 + b"\r\n", 431),
        (b"POST /v1/texts HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
        (
            b"POST /v1/texts HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
        ),
        (CHUNKED + b"zz\r\n{}\r\n0\r\n\r\n", 400),
        (JSON + b"Content-Length: 100\r\n\r\n{", 400),
    ],
)
def test_what_is_no_request_is_a_problem_document(shop: Shop, raw: bytes, status: int) -> None:
    answer = shop.send(raw)
    assert (answer.status, answer.content_type) == (status, "application/problem+json")
    assert answer.document["message"]["ko"]
    assert answer.document["correlation_id"] == answer.correlation_id


@pytest.mark.parametrize(("size_bytes", "status"), [(50_000, 200), (50_001, 413), (90_000, 413)])
def test_a_chunked_body_may_be_as_large_as_any_other(shop: Shop, size_bytes: int, status: int) -> None:
    body = b'{"text": "a"}' + b" " * (size_bytes - 13)
    chunks = (body[at : at + 8_000] for at in range(0, len(body), 8_000))
    framed = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
    answer = shop.send(CHUNKED + framed + b"0\r\n\r\n")
    assert answer.status == status
    assert (status == 200) == (answer.document.get("length") == 1)


def test_a_large_body_that_fits_is_read_whole(shop: Shop) -> None:
    text = "가" * 10_000
    status, body = shop.ask(
        "POST",
        "/v1/texts",
        body=json.dumps({"text": text}, ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json"},
    )
    assert (status, json.loads(body)["length"]) == (200, 10_000)


def test_a_request_that_waits_leaves_the_process_to_others(shop: Shop) -> None:
    status, body = shop.ask("GET", "/v1/slow")
    assert (status, json.loads(body)["sleeps_by"]) == (200, "gevent.hub")


def test_the_metrics_of_all_workers_are_counted_together(shop: Shop) -> None:
    pattern = re.compile(r'http_requests_total\{app="api",method="DELETE",route="\(none\)".*\} (\d+)')
    for _ in range(20):
        assert shop.ask("DELETE", "/v1/counted")[0] == 404

    def counted() -> str:
        match = pattern.search(shop.ask("GET", "/metrics", port=shop.admin_port)[1].decode())
        assert match
        return match[1]

    assert {counted() for _ in range(6)} == {"20.0"[:2]}


def test_a_request_in_hand_is_finished_before_the_process_ends(shop: Shop) -> None:
    with socket.create_connection(("127.0.0.1", shop.api_port), timeout=20) as connection:
        connection.sendall(b"GET /v1/slow HTTP/1.1\r\nHost: a\r\n\r\n")
        before = len(shop.lines())
        assert shop.stop() == 0
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        assert answer.status == 200
    assert any(line.get("route") == "/v1/slow" for line in shop.lines()[before:])
    assert not list(shop.folder.glob("metrics-*"))
    assert all(line["service"] == "shop" and line["process"] == "api" for line in shop.lines())


class TestCommands:
    @pytest.fixture
    def shop(self, tmp_path: Path) -> Shop:
        return Shop(tmp_path, workers=1)

    def test_the_document_is_printed(self, shop: Shop) -> None:
        done = shop.run("openapi")
        assert done.returncode == 0, done.stderr
        assert "/v1/texts" in json.loads(done.stdout)["paths"]
        assert "/healthz/live" in json.loads(shop.run("openapi", "admin").stdout)["paths"]

    def test_a_service_s_own_command_gets_its_arguments(self, shop: Shop) -> None:
        assert shop.run("greet", "a", "b").stdout == "greeted a b\n"

    def test_settings_that_are_missing_or_wrong_are_named_without_their_values(self, shop: Shop) -> None:
        del shop.environment["SHOP_API_PORT"]
        shop.environment["SHOP_ADMIN_PORT"] = "s3cret"
        done = shop.run("greet")
        assert done.returncode == 2
        assert "SHOP_API_PORT: Field required" in done.stderr
        assert "SHOP_ADMIN_PORT" in done.stderr
        assert "s3cret" not in done.stderr
        assert "Traceback" not in done.stderr

    def test_a_folder_named_in_the_environment_counts_the_metrics_of_every_process(self, shop: Shop) -> None:
        shop.environment["PROMETHEUS_MULTIPROC_DIR"] = str(shop.folder / "counted")
        shop.run("greet")
        assert (shop.folder / "counted").is_dir()

    @pytest.mark.parametrize("arguments", [(), ("dance",), ("worker",)])
    def test_what_the_service_does_not_have_is_answered_with_what_it_has(
        self, shop: Shop, arguments: tuple[str, ...]
    ) -> None:
        done = shop.run(*arguments)
        assert done.returncode == 2
        assert "api|openapi|greet" in done.stderr


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
