"""The processes' own logs: nothing personal in them, and one order's way can be followed through all of them."""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from canaries import Canary, Sung, leaks
from watching import Written

from chassis.testing.events import eventually
from launcher.journey.people import Master
from launcher.services import SERVICES
from launcher.suite import Suite

ORDERS_WAY = {
    ("gateway", "api"),
    ("ordering", "api"),
    ("wallet", "worker"),
    ("ordering", "worker"),
    ("messaging", "worker"),
    ("scheduler", "worker"),
}


@pytest.mark.rule("IDN-09", "ORD-24", "MSG-01")
def test_personal_values_and_secrets_are_found_in_no_log_of_any_process(suite: Suite, sung: Sung) -> None:
    logs = {log.stem: log.read_text(encoding="utf-8") for log in suite.logs.glob("*.log")}
    assert set(logs) >= {f"{service.package}-{role}" for service in SERVICES for role in service.roles}
    secrets = [
        Canary(f"the secret {name}", suite.keys.password(name))
        for name in ("webhook:payments", "webhook:messages", "vendor:payments", "database:wallet", "rabbitmq")
    ]
    assert leaks([*sung.canaries, *secrets], [Written(name, text) for name, text in logs.items()]) == []


def test_one_correlation_id_leads_through_every_service_that_had_to_do_with_an_order(
    suite: Suite, master: Master, money: int, coffee: dict[str, Any], thanks: dict[str, Any]
) -> None:
    body = master.order_body([coffee], [{"phone": "01000000077", "name": "김하나", "company": "한빛"}], thanks)
    placed = master.rest.raw("POST", "/v1/orders", json.dumps(body).encode(), {"Idempotency-Key": uuid.uuid4().hex})
    assert placed.is_success, placed.text
    correlation_id = placed.headers["X-Correlation-Id"]
    master.follow(placed.json()["order_id"], lambda order: order["state"] == "sent", "the end of the sending")

    def followed() -> bool:
        lines = list(_lines_of(suite, correlation_id))
        reported = any(line.get("type") == "messaging.messages_reported.v1" for line in lines)
        return reported and {(line["service"], line["process"]) for line in lines} >= ORDERS_WAY

    eventually(followed)


def _lines_of(suite: Suite, correlation_id: str) -> Iterator[dict[str, Any]]:
    for log in suite.logs.glob("*.log"):
        for line in log.read_text(encoding="utf-8").splitlines():
            if correlation_id in line:
                yield json.loads(line)
