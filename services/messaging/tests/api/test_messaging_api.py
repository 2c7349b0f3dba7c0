"""The REST API of messaging: bad templates, the provider's webhook, and what operators see."""

import json
from uuid import uuid4

import pytest
from messaging_orders import TEMPLATE_ID, a_request, publish
from messaging_parts import Parts

from chassis.clock import FixedClock, SystemClock
from chassis.consumer import Consumer
from chassis.database import Database
from chassis.sealing import Sealer
from chassis.testing.callers import Callers
from chassis.testing.events import deliver, published
from chassis.web import WsgiApp
from contracts.messaging import MessagesReported
from messaging.main import consumers, create_api
from messaging.settings import Settings
from messaging.storage.unit_of_work import Transactions
from sandbox.testing import RunningSandbox

TEMPLATE = {"provider_code": "COUPON_1", "theme": "감사", "name": "감사 인사", "body": "#{이름}님, 고맙습니다."}
WEBHOOK = "/v1/webhooks/messages/a-path-nobody-guesses"


@pytest.fixture
def app(wired_settings: Settings) -> WsgiApp:
    return create_api(wired_settings)


def draft(app: WsgiApp, callers: Callers, **changes: object):
    return app.admin.test_client().put(
        f"/admin/templates/{TEMPLATE_ID}", json={**TEMPLATE, **changes}, headers=callers.operator("catalog")
    )


@pytest.mark.parametrize("change", [{"body": ""}, {"body": "가" * 1_001}, {"surprise": 1}, {"usable": "perhaps"}])
def test_a_bad_template_is_a_problem(app: WsgiApp, callers: Callers, change: dict[str, object]) -> None:
    answer = draft(app, callers, **change)
    assert (answer.status_code, answer.json["code"]) == (422, "invalid_request")


@pytest.mark.rule("MSG-01")
def test_a_pushed_report_settles_a_message_however_often_it_is_pushed(
    app: WsgiApp,
    callers: Callers,
    parts: Parts,
    transaction: Transactions,
    database: Database,
    fixed_clock: FixedClock,
    wired_settings: Settings,
    world: RunningSandbox,
    sealer: Sealer,
) -> None:
    publish(transaction)
    bulk: Consumer = next(
        each for each in consumers(wired_settings, database, SystemClock()) if each.queue.lane == "bulk"
    )
    deliver(bulk, a_request(sealer, "01000001234"))
    parts.turn("handover")
    listed = app.admin.test_client().get("/admin/deliveries", headers=callers.operator("support"))
    (delivery,) = listed.json["items"]
    assert (delivery["phone_ending"], delivery["state"]) == ("1234", "handed_over")
    (taken,) = world.control("GET", "/journal/messages")["items"]
    report = {
        "REFKEY": delivery["delivery_id"].replace("-", ""),
        "RESULT": 7000,
        "MEDIA": "KAT",
        "CMSGID": taken["messagekey"],
        "PHONE": "01000001234",
    }
    for _ in range(3):
        assert app.api.test_client().post(WEBHOOK, data=json.dumps(report)).status_code == 200
    fixed_clock.set(SystemClock().now())
    parts.turn("reports")
    parts.turn("reports")
    with database.transaction() as session:
        said = [event for event in published(session) if isinstance(event, MessagesReported)]
    assert [report.code for event in said for report in event.reports] == ["7000"]
    listed = app.admin.test_client().get("/admin/deliveries", headers=callers.operator("support"))
    (arrived,) = listed.json["items"]
    assert (arrived["state"], arrived["channel"], arrived["cost_jeon"]) == ("success", "alimtalk", 650)
    assert arrived["provider_key"] == taken["messagekey"]


@pytest.mark.parametrize(
    "body", [b"", b"garbage", b"[1]", b"\xff\xfe", b'{"REFKEY": "none of ours", "RESULT": "7000"}']
)
def test_rubbish_at_the_webhook_is_taken_and_changes_nothing(app: WsgiApp, parts: Parts, body: bytes) -> None:
    assert app.api.test_client().post(WEBHOOK, data=body).status_code == 200
    parts.turn("reports")


def test_a_wrong_webhook_secret_is_not_found(app: WsgiApp) -> None:
    for secret in ("guess", "", "a-path-nobody-guesse", "%00"):
        assert app.api.test_client().post(f"/v1/webhooks/messages/{secret}", data=b"{}").status_code == 404


def test_phones_are_encrypted_and_never_shown_whole(
    app: WsgiApp,
    callers: Callers,
    transaction: Transactions,
    database: Database,
    world: RunningSandbox,
    wired_settings: Settings,
    sealer: Sealer,
) -> None:
    publish(transaction)
    bulk = next(each for each in consumers(wired_settings, database, SystemClock()) if each.queue.lane == "bulk")
    deliver(bulk, a_request(sealer, "01000009876"))
    with database.transaction() as session:
        stored = str(session.connection().exec_driver_sql("SELECT * FROM deliveries").all())
    assert "01000009876" not in stored
    assert "link-0" not in stored
    listed = app.admin.test_client().get("/admin/deliveries", headers=callers.operator("support"))
    assert "01000009876" not in listed.text
    unknown = app.admin.test_client().get(f"/admin/deliveries?order_id={uuid4()}", headers=callers.operator("support"))
    assert unknown.json["items"] == []
