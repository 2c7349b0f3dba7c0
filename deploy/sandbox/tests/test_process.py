"""`python -m sandbox`, killed without warning and started again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

ENVIRONMENT = {
    "SANDBOX_TOSS_SECRET_KEY": "test_sk_sandbox",
    "SANDBOX_BIZPPURIO_ACCOUNT": "coupbiz",
    "SANDBOX_BIZPPURIO_PASSWORD": "message-password",
    "SANDBOX_GIFTISHOW_AUTH_CODE": "auth-code",
    "SANDBOX_GIFTISHOW_AUTH_TOKEN": "auth-token",
    "SANDBOX_NTS_SERVICE_KEY": "service-key",
}


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[[], tuple[subprocess.Popen[str], str]]]:
    started: list[subprocess.Popen[str]] = []

    def build() -> tuple[subprocess.Popen[str], str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "sandbox"],
            env={**os.environ, **ENVIRONMENT, "SANDBOX_DATA_DIR": str(tmp_path / "data")},
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        ports = json.loads(process.stdout.readline())
        return process, f"http://127.0.0.1:{ports['http_port']}"

    yield build
    for process in started:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def test_a_killed_sandbox_remembers_every_payment_it_answered_for(run):
    process, url = run()
    auth = ("test_sk_sandbox", "")
    orders = [f"order-{number:04d}" for number in range(20)]
    for order in orders:
        paid = httpx.post(f"{url}/__sim/toss/authenticate", json={"orderId": order, "amount": 1000}).json()
        assert httpx.post(f"{url}/toss/v1/payments/confirm", json=paid, auth=auth).status_code == 200
    process.send_signal(signal.SIGKILL)
    process.wait()

    _, url = run()

    answers = [httpx.get(f"{url}/toss/v1/payments/orders/{order}", auth=auth).json() for order in orders]
    assert [answer["status"] for answer in answers] == ["DONE"] * 20


def test_it_stops_cleanly_when_told(run):
    process, _ = run()
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=10) == 0


@pytest.mark.parametrize("missing", sorted(ENVIRONMENT))
def test_it_does_not_start_without_a_credential_and_names_it(tmp_path, missing):
    environment = {name: value for name, value in ENVIRONMENT.items() if name != missing}
    ended = subprocess.run(
        [sys.executable, "-m", "sandbox"],
        env={**os.environ, **environment, "SANDBOX_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert ended.returncode == 2
    assert missing in ended.stderr
