"""What the order form shows of a message is what a delivery of it would hold (ORD-13)."""

from typing import Any

import pytest
from messaging_orders import TEMPLATE_ID, a_request, publish
from messaging_parts import Parts

from chassis.clock import SystemClock
from chassis.database import Database
from chassis.sealing import Sealer
from chassis.testing.callers import Callers
from chassis.testing.events import deliver
from contracts.ordering.dispatches import DispatchRecipient
from messaging.main import consumers, create_api
from messaging.settings import Settings
from messaging.storage.unit_of_work import Transactions
from sandbox.testing import RunningSandbox


@pytest.fixture
def ask(wired_settings: Settings, callers: Callers, transaction: Transactions) -> Any:
    """Asks for the message of the published template."""
    publish(transaction)
    api = create_api(wired_settings).api.test_client()

    def post(**changes: Any) -> Any:
        body = {"template_id": str(TEMPLATE_ID), "template_version": 1, "values": {"이름": "홍길동"}} | changes
        return api.post("/internal/message-previews", json=body, headers=callers.member())

    return post


@pytest.mark.rule("ORD-13")
def test_a_previewed_message_is_the_one_that_is_sent(
    ask: Any,
    wired_settings: Settings,
    database: Database,
    sealer: Sealer,
    parts: Parts,
    world: RunningSandbox,
) -> None:
    (bulk,) = [each for each in consumers(wired_settings, database, SystemClock()) if each.queue.lane == "bulk"]
    request = a_request(sealer, "01000001234")
    values = sealer.open(request.rows[0].recipient, DispatchRecipient).values
    seen = ask(values=values)
    assert seen.status_code == 200, seen.json
    deliver(bulk, request)
    parts.turn("handover")
    (taken,) = world.control("GET", "/journal/messages")["items"]
    assert taken["text"] == seen.json["text"]


@pytest.mark.rule("ORD-13", "MSG-01")
def test_sizes_button_and_card_come_with_the_text(ask: Any) -> None:
    seen = ask().json
    assert seen["button_name"] == "확인하러 가기"
    assert (seen["card_url"], seen["fallback_number"]) == (None, "15996567")
    assert seen["characters"] == len(seen["text"])
    assert seen["bytes_cp949"] == len(seen["text"].encode("cp949"))


@pytest.mark.rule("ORD-13")
def test_what_no_delivery_could_fill_has_no_text(ask: Any) -> None:
    for values in ({}, {"이름": ""}, {"이름": "가" * 1_001}):
        seen = ask(values=values)
        assert (seen.status_code, seen.json["text"], seen.json["bytes_cp949"]) == (200, None, None)
        assert seen.json["button_name"] == "확인하러 가기"


def test_an_unknown_version_is_a_problem(ask: Any) -> None:
    seen = ask(template_version=9)
    assert (seen.status_code, seen.json["code"]) == (404, "template_not_found")
