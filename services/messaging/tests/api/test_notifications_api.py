"""알림 설정 over the API."""

from collections.abc import Mapping

import pytest
from messaging_members import COMPANY, MASTER, a_company

from chassis.clock import FixedClock
from chassis.consumer import Consumer
from chassis.database import Database
from chassis.testing.callers import Callers
from chassis.testing.events import deliver
from chassis.web import WsgiApp
from messaging.main import consumers, create_api
from messaging.settings import Settings

PATH = "/v1/notifications"


@pytest.fixture
def app(api_settings: Settings) -> WsgiApp:
    return create_api(api_settings)


@pytest.fixture
def lanes(api_settings: Settings, database: Database, fixed_clock: FixedClock) -> Mapping[str, Consumer]:
    return {each.queue.lane: each for each in consumers(api_settings, database, fixed_clock)}


def shown(answer: object) -> dict[str, tuple[bool, bool]]:
    return {item["kind"]: (item["mail"], item["alimtalk"]) for item in answer.json["items"]}


@pytest.mark.rule("MSG-07")
def test_a_member_chooses_by_kind_and_what_is_not_named_stays(app: WsgiApp, callers: Callers) -> None:
    client = app.api.test_client()
    member = callers.member("sub", subject_id=MASTER, tenant_id=COMPANY)
    assert shown(client.get(PATH, headers=member)) == {
        "order_done": (True, False),
        "order_failures": (True, True),
        "plan_stopped": (True, True),
    }
    change = {"items": [{"kind": "order_done", "mail": False, "alimtalk": True}]}
    changed = client.put(PATH, headers=member, json=change)
    assert changed.status_code == 200
    assert shown(changed) == shown(client.get(PATH, headers=member))
    assert shown(changed)["order_done"] == (False, True)
    assert shown(changed)["order_failures"] == (True, True)
    colleague = callers.member("sub", tenant_id=COMPANY)
    assert shown(client.get(PATH, headers=colleague))["order_done"] == (True, False)


@pytest.mark.rule("MSG-07")
def test_masters_choose_about_money_too_and_postpaid_ones_about_invoices(
    app: WsgiApp, callers: Callers, lanes: Mapping[str, Consumer]
) -> None:
    client = app.api.test_client()
    master = callers.member("master", subject_id=MASTER, tenant_id=COMPANY)
    assert "balance_low" in shown(client.get(PATH, headers=master))
    assert "invoice_ready" not in shown(client.get(PATH, headers=master))
    deliver(lanes["members"], a_company(payment_method="postpaid"))
    assert "invoice_ready" in shown(client.get(PATH, headers=master))


@pytest.mark.rule("MSG-07")
@pytest.mark.parametrize(
    ("items", "code"),
    [
        ([{"kind": "balance_low", "mail": True, "alimtalk": True}], "notification_not_offered"),
        ([{"kind": "plan_stopped", "mail": False, "alimtalk": False}], "notification_channel_missing"),
        ([{"kind": "order_done", "mail": True, "alimtalk": True}] * 2, "invalid_request"),
        ([{"kind": "weather", "mail": True, "alimtalk": True}], "invalid_request"),
        ([], "invalid_request"),
    ],
)
def test_what_cannot_be_chosen_is_refused_and_changes_nothing(
    app: WsgiApp, callers: Callers, items: list, code: str
) -> None:
    client = app.api.test_client()
    member = callers.member("sub", tenant_id=COMPANY)
    before = shown(client.get(PATH, headers=member))
    refused = client.put(PATH, headers=member, json={"items": items})
    assert (refused.status_code, refused.json["code"]) == (422, code)
    assert shown(client.get(PATH, headers=member)) == before
