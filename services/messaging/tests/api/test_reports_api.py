"""Reports at the webhook and before operators: pushed by either provider, unmatched, counted."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from messaging_orders import a_request, publish
from messaging_parts import Parts
from sqlalchemy import literal_column, select, text

from chassis.clock import FixedClock
from chassis.consumer import Consumer
from chassis.database import Database
from chassis.sealing import Sealer
from chassis.testing.callers import Callers
from chassis.testing.events import deliver, eventually, published
from chassis.web import WsgiApp
from contracts.messaging import MessagesReported
from messaging.domain.night import SEOUL
from messaging.domain.report import ReportWay
from messaging.main import consumers, create_api
from messaging.settings import Settings
from messaging.storage.tables import reports
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


@pytest.mark.parametrize("provider_name", ["bizppurio"])
def test_reports_that_are_pushed_at_once_are_stored_together_and_each_is_answered_when_it_is_stored(
    app: WsgiApp, database: Database
) -> None:
    pushed = [strange_report("bizppurio") for _ in range(40)]
    with database.transaction() as session:
        session.execute(text("LOCK TABLE reports IN EXCLUSIVE MODE"))
        with ThreadPoolExecutor(len(pushed)) as threads:
            answers = [threads.submit(app.api.test_client().post, WEBHOOK, data=body) for body in pushed]
            eventually(lambda: transactions_that_wait(database) == 1)
            assert not any(answer.done() for answer in answers)
            session.rollback()
            assert {answer.result().status_code for answer in answers} == {200}
    with database.transaction() as session:
        stored = session.execute(select(reports.c.body, literal_column("xmin::text").label("added_by"))).all()
    assert sorted(row.body for row in stored) == sorted(pushed)
    # The first, who found nobody storing, and all the others together.
    assert len({row.added_by for row in stored}) <= 3


@pytest.mark.parametrize("provider_name", ["bizppurio"])
def test_a_report_that_could_not_be_stored_is_not_acknowledged(app: WsgiApp, database: Database) -> None:
    report = strange_report("bizppurio")
    with database.transaction() as session:
        session.execute(text("LOCK TABLE reports IN EXCLUSIVE MODE"))
        # Nobody waits for a lock for ever.
        assert app.api.test_client().post(WEBHOOK, data=report).status_code >= 500
    assert app.api.test_client().post(WEBHOOK, data=report).status_code == 200
    with database.transaction() as session:
        assert session.scalars(select(reports.c.body)).all() == [report]


@pytest.mark.parametrize("key", ["\\u0000", "\\ud800", "x" * 5_000])
def test_what_no_database_keeps_as_a_key_is_no_report_and_costs_no_other(
    app: WsgiApp, database: Database, provider_name: str, key: str
) -> None:
    headers = {"X-Solapi-Secret": hashlib.sha1(SECRET.encode()).hexdigest()}  # noqa: S324 - the wire's own
    body = strange_report(provider_name).replace("M4V1", key).replace('"CMSGID": "1"', f'"CMSGID": "{key}"')
    bodies = f'[{{"data": {body}}}]' if provider_name == "solapi" else body
    assert app.api.test_client().post(WEBHOOK, data=bodies, headers=headers).status_code == 200
    with database.transaction() as session:
        assert session.scalars(select(reports.c.id)).all() == []


def transactions_that_wait(database: Database) -> int:
    with database.apart() as session:
        waiting = text("SELECT count(*) FROM pg_locks WHERE relation = 'reports'::regclass AND NOT granted")
        return session.scalar(waiting) or 0
