"""Reports at the webhook and before operators: pushed by either provider, unmatched, counted."""

import hashlib
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from messaging_orders import a_request, publish
from messaging_parts import Parts

from chassis.clock import FixedClock
from chassis.consumer import Consumer
from chassis.database import Database
from chassis.sealing import Sealer
from chassis.testing.callers import Callers
from chassis.testing.events import deliver, published
from chassis.web import WsgiApp
from contracts.messaging import MessagesReported
from messaging.domain.night import SEOUL
from messaging.domain.report import ReportWay
from messaging.main import consumers, create_api
from messaging.settings import Settings
from messaging.storage.unit_of_work import Transactions
from sandbox.testing import RunningSandbox

SECRET = "a-path-nobody-guesses"
WEBHOOK = f"/v1/webhooks/messages/{SECRET}"


@pytest.fixture(params=["bizppurio", "solapi"])
def provider_name(request: pytest.FixtureRequest) -> str:
    """Each provider, over its own wire."""
    return request.param


@pytest.fixture
def app(wired_settings: Settings) -> WsgiApp:
    return create_api(wired_settings)


@pytest.fixture
def bulk(wired_settings: Settings, database: Database, fixed_clock: FixedClock, transaction: Transactions) -> Consumer:
    publish(transaction)
    return next(each for each in consumers(wired_settings, database, fixed_clock) if each.queue.lane == "bulk")


def a_row(key: str, message_key: str = "M4V1") -> dict:
    return {"messageId": message_key, "type": "ATA", "statusCode": "4000", "customFields": {"refkey": key}}


def strange_report(provider: str) -> str:
    if provider == "bizppurio":
        return json.dumps({"REFKEY": uuid4().hex, "RESULT": "7000", "MEDIA": "KAT", "CMSGID": "1"})
    return json.dumps(a_row(uuid4().hex))


@pytest.mark.rule("MSG-01")
@pytest.mark.parametrize("provider_name", ["solapi"])
@pytest.mark.parametrize("secret", [SECRET, "guessed", None])
def test_a_push_of_many_reports_counts_only_with_the_providers_secret(
    app: WsgiApp,
    parts: Parts,
    bulk: Consumer,
    database: Database,
    world: RunningSandbox,
    fixed_clock: FixedClock,
    sealer: Sealer,
    secret: str | None,
) -> None:
    deliver(bulk, a_request(sealer, "01090041234", "01090041235"))
    parts.turn("handover")
    taken = world.control("GET", "/journal/messages")["items"]
    events = [
        {"eventDataId": str(number), "data": a_row(each["refkey"], each["messagekey"])}
        for number, each in enumerate(taken)
    ]
    headers = {} if secret is None else {"X-Solapi-Secret": hashlib.sha1(secret.encode()).hexdigest()}  # noqa: S324
    for _ in range(2):
        assert app.api.test_client().post(WEBHOOK, json=events, headers=headers).status_code == 200
    fixed_clock.advance(timedelta(days=400))
    parts.turn("reports")
    with database.transaction() as session:
        said = [event for event in published(session) if isinstance(event, MessagesReported)]
    assert [len(event.reports) for event in said] == ([2] if secret == SECRET else [])


@pytest.mark.rule("MSG-01", "MSG-02")
def test_a_report_that_matches_nothing_for_72_hours_is_listed_to_operators(
    app: WsgiApp,
    callers: Callers,
    parts: Parts,
    transaction: Transactions,
    fixed_clock: FixedClock,
    provider_name: str,
) -> None:
    began = fixed_clock.now()
    with transaction() as uow:
        assert uow.reports.add([("strange", strange_report(provider_name))] * 2, began, ReportWay.PUSH) == 1
        assert uow.reports.add([("strange", "again")], began, ReportWay.POLL) == 0
    operator = callers.operator("support")
    client = app.admin.test_client()
    for hours, listed in ((1, 0), (71, 0), (72, 1)):
        fixed_clock.set(began + timedelta(hours=hours))
        parts.turn("reports")
        items = client.get("/admin/unmatched-reports", headers=operator).json["items"]
        assert [item["key"] for item in items] == ["strange"] * listed
    with transaction() as uow:
        assert uow.reports.waiting(10, began + timedelta(days=30)) == []


@pytest.mark.rule("MSG-01")
@pytest.mark.parametrize("provider_name", ["bizppurio"])
def test_days_are_counted_by_how_their_reports_came(
    app: WsgiApp, callers: Callers, transaction: Transactions, provider_name: str
) -> None:
    with transaction() as uow:
        now = uow.now()
        uow.reports.add(
            [(f"pushed {number}", strange_report(provider_name)) for number in range(3)], now, ReportWay.PUSH
        )
        polled = [("pushed 0", "known already"), ("polled", strange_report(provider_name))]
        assert uow.reports.add(polled, now, ReportWay.POLL) == 1
        (counted,) = uow.reports.counts(now - timedelta(days=1))
    assert (counted.pushed, counted.polled, counted.unmatched) == (3, 1, 0)
    assert counted.day == now.astimezone(SEOUL).date()
    counts = app.admin.test_client().get("/admin/report-counts", headers=callers.operator("support"))
    assert counts.status_code == 200
