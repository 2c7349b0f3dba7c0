"""The MMS of our own in the place of an alimtalk that surely failed: once, and never after what nobody knows."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from messaging_orders import a_request, publish
from messaging_parts import Parts

from chassis.clock import FixedClock
from chassis.consumer import Consumer
from chassis.database import Database
from chassis.sealing import Sealer
from chassis.testing.events import deliver, eventually, published
from contracts.messaging import DeliveryChannel, DeliveryOutcome, DeliveryReport, MessagesReported
from messaging.application.templates import PutCard, put_card
from messaging.domain.delivery import Channel, Delivery, DeliveryState
from messaging.domain.report import ReportWay
from messaging.main import consumers
from messaging.settings import Settings
from messaging.storage.unit_of_work import Transactions
from sandbox.testing import RunningSandbox

NO_KAKAO, NO_REPORT, REFUSED = "01090011234", "01090041234", "01090031234"
JPEG = b"\xff\xd8\xff\xe0card"
DID_NOT_ARRIVE = {"bizppurio": "7318", "solapi": "3104"}


@pytest.fixture(params=["bizppurio", "solapi"])
def provider_name(request: pytest.FixtureRequest) -> str:
    """Each provider, over its own wire."""
    return request.param


@pytest.fixture
def provider_falls_back() -> bool:
    """It is ours to fall back."""
    return False


@pytest.fixture
def bulk(wired_settings: Settings, database: Database, fixed_clock: FixedClock, transaction: Transactions) -> Consumer:
    publish(transaction)
    return next(each for each in consumers(wired_settings, database, fixed_clock) if each.queue.lane == "bulk")


def taken(world: RunningSandbox) -> list[dict]:
    """What the provider took."""
    return world.control("GET", "/journal/messages?limit=1000")["items"]


def kinds(world: RunningSandbox) -> list[str]:
    return [item["type"] for item in taken(world)]


def said(database: Database) -> list[DeliveryReport]:
    with database.transaction() as session:
        events = [event for event in published(session) if isinstance(event, MessagesReported)]
    return [report for event in events for report in event.reports]


def legs(transaction: Transactions) -> dict[Channel, Delivery]:
    with transaction() as uow:
        rows = uow.deliveries.page(order_id=None, state=None, before=None, limit=10)
    return {delivery.sent_as: delivery for delivery, _ in rows}


def a_report(provider: str, delivery: Delivery, code: str, kind: str = "alimtalk") -> str:
    """A report as the provider says it."""
    if provider == "bizppurio":
        media = "KAT" if kind == "alimtalk" else "LMS"
        fields = {"REFKEY": delivery.id.hex, "RESULT": code, "MEDIA": media, "CMSGID": delivery.provider_key}
        return json.dumps(fields)
    row = {"messageId": delivery.provider_key, "type": "ATA" if kind == "alimtalk" else "LMS", "statusCode": code}
    return json.dumps({**row, "customFields": {"refkey": delivery.id.hex}})


def hear(transaction: Transactions, parts: Parts, *bodies: str) -> None:
    """Apply reports, each as one of its own, however often it was said."""
    with transaction() as uow:
        uow.reports.add([(str(uow.new_id()), body) for body in bodies], uow.now(), ReportWay.PUSH)
    parts.turn("reports")


def delivered(provider: str) -> str:
    return {"bizppurio": "7000", "solapi": "4000"}[provider]


@pytest.fixture
def waiting(bulk: Consumer, parts: Parts, transaction: Transactions, sealer: Sealer) -> Delivery:
    """An alimtalk of which the provider will report nothing by itself."""
    deliver(bulk, a_request(sealer, NO_REPORT))
    parts.turn("handover")
    return legs(transaction)[Channel.ALIMTALK]


@pytest.mark.rule("MSG-01")
def test_who_has_no_kakaotalk_gets_one_mms_with_the_link(
    bulk: Consumer, parts: Parts, world: RunningSandbox, database: Database, transaction: Transactions, sealer: Sealer
) -> None:
    assert not parts.provider.falls_back
    request = a_request(sealer, NO_KAKAO)
    deliver(bulk, request, times=2)

    def ended() -> bool:
        parts.settle()
        return bool(said(database))

    eventually(ended)
    alimtalk, mms = taken(world)
    assert [(item["type"], item["arrives_by"]) for item in (alimtalk, mms)] == [("at", None), ("lms", "LMS")]
    assert alimtalk["refkey"] != mms["refkey"]
    (shown,) = world.ask("GET", f"/phone/api/{NO_KAKAO}")["messages"]
    assert "http://127.0.0.1:1/c/link-0" in shown["text"]
    (report,) = said(database)
    assert (report.line_id, report.outcome, report.channel) == (
        request.rows[0].line_id,
        DeliveryOutcome.SUCCESS,
        DeliveryChannel.MMS,
    )
    found = legs(transaction)
    assert found[Channel.ALIMTALK].state is DeliveryState.FALLEN_BACK
    assert UUID(hex=mms["refkey"]) == found[Channel.MMS].id


@pytest.mark.rule("MSG-01", "MSG-02")
def test_a_failure_that_is_reported_again_and_again_is_followed_by_one_mms(
    waiting: Delivery, parts: Parts, transaction: Transactions, world: RunningSandbox, provider_name: str
) -> None:
    failed = a_report(provider_name, waiting, DID_NOT_ARRIVE[provider_name])
    hear(transaction, parts, failed, failed)
    parts.turn("fallback")
    hear(transaction, parts, failed)
    assert not parts.turn("fallback")
    assert kinds(world) == ["at", "lms"]


@pytest.mark.rule("MSG-01")
@pytest.mark.parametrize("code", ["wrong number", "nobody knows this code"])
def test_a_failure_that_does_not_merit_it_is_followed_by_none(
    waiting: Delivery,
    parts: Parts,
    transaction: Transactions,
    database: Database,
    world: RunningSandbox,
    provider_name: str,
    code: str,
) -> None:
    said_as = {"bizppurio": "7308", "solapi": "3058"}[provider_name] if code == "wrong number" else "3999"
    hear(transaction, parts, a_report(provider_name, waiting, said_as))
    assert not parts.turn("fallback")
    assert [(report.outcome, report.code) for report in said(database)] == [(DeliveryOutcome.FAILED, said_as)]
    assert kinds(world) == ["at"]


@pytest.mark.rule("MSG-01", "MSG-02")
@pytest.mark.parametrize("code", ["uncertain", "timed out"])
def test_what_the_provider_itself_does_not_know_is_followed_by_none(
    waiting: Delivery, parts: Parts, transaction: Transactions, database: Database, provider_name: str, code: str
) -> None:
    said_as = {"bizppurio": {"uncertain": "7305", "timed out": "7421"}}.get(provider_name, {}).get(code, "3040")
    hear(transaction, parts, a_report(provider_name, waiting, said_as))
    assert not parts.turn("fallback")
    assert said(database) == []


@pytest.mark.rule("MSG-02")
def test_after_72_hours_without_a_report_no_mms_follows_even_when_the_failure_is_told_late(
    waiting: Delivery,
    parts: Parts,
    transaction: Transactions,
    database: Database,
    world: RunningSandbox,
    fixed_clock: FixedClock,
    provider_name: str,
) -> None:
    fixed_clock.advance(timedelta(hours=72))
    parts.turn("waiting")
    hear(transaction, parts, a_report(provider_name, waiting, DID_NOT_ARRIVE[provider_name]))
    assert not parts.turn("fallback")
    assert [report.outcome for report in said(database)] == [DeliveryOutcome.FAILED]
    assert kinds(world) == ["at"]


@pytest.mark.rule("MSG-01")
def test_an_alimtalk_that_the_provider_refuses_at_the_door_is_followed_by_none(
    bulk: Consumer, parts: Parts, database: Database, world: RunningSandbox, sealer: Sealer
) -> None:
    deliver(bulk, a_request(sealer, REFUSED))
    parts.settle()
    assert [report.outcome for report in said(database)] == [DeliveryOutcome.FAILED]
    assert kinds(world) == []


@pytest.mark.rule("MSG-01")
def test_an_alimtalk_that_arrives_after_all_takes_back_the_mms_that_has_not_left(
    waiting: Delivery,
    parts: Parts,
    transaction: Transactions,
    database: Database,
    world: RunningSandbox,
    provider_name: str,
) -> None:
    hear(transaction, parts, a_report(provider_name, waiting, DID_NOT_ARRIVE[provider_name]))
    hear(transaction, parts, a_report(provider_name, waiting, delivered(provider_name)))
    assert not parts.turn("fallback")
    found = legs(transaction)
    assert (found[Channel.ALIMTALK].state, found[Channel.MMS].state) == (DeliveryState.SUCCESS, DeliveryState.WITHDRAWN)
    assert [(report.outcome, report.channel) for report in said(database)] == [
        (DeliveryOutcome.SUCCESS, DeliveryChannel.ALIMTALK)
    ]
    assert kinds(world) == ["at"]


@pytest.mark.rule("MSG-02")
def test_an_mms_that_died_in_the_call_is_in_doubt_and_never_sent_again(
    waiting: Delivery,
    parts: Parts,
    transaction: Transactions,
    database: Database,
    world: RunningSandbox,
    fixed_clock: FixedClock,
    provider_name: str,
) -> None:
    hear(transaction, parts, a_report(provider_name, waiting, DID_NOT_ARRIVE[provider_name]))
    with transaction() as uow:
        (claimed,) = uow.deliveries.claim(10, timedelta(seconds=0), uow.now(), Channel.MMS)
    parts.turn("waiting")
    assert legs(transaction)[Channel.MMS].state is DeliveryState.IN_DOUBT
    assert not parts.turn("fallback")
    assert not parts.turn("handover")
    fixed_clock.advance(timedelta(hours=72))
    parts.turn("waiting")
    assert [(report.outcome, report.code) for report in said(database)] == [(DeliveryOutcome.FAILED, "worker_gone")]
    code = {"bizppurio": "6600", "solapi": "4000"}[provider_name]
    hear(transaction, parts, a_report(provider_name, claimed.delivery, code, "mms"))
    assert [(report.outcome, report.channel) for report in said(database)][-1:] == [
        (DeliveryOutcome.SUCCESS, DeliveryChannel.MMS)
    ]
    assert kinds(world) == ["at"]


@pytest.mark.rule("MSG-01", "MSG-04")
def test_the_mms_carries_the_card_and_the_alimtalk_needs_none(
    bulk: Consumer, parts: Parts, transaction: Transactions, world: RunningSandbox, sealer: Sealer, provider_name: str
) -> None:
    template_id = a_request(sealer).template_id
    with transaction() as uow:
        put_card(PutCard(UUID(int=1), template_id, JPEG), uow)
    deliver(bulk, a_request(sealer, NO_KAKAO).model_copy(update={"template_version": 2}))
    parts.turn("handover")

    def uploads() -> list[dict]:
        calls = world.control("GET", f"/journal?provider={provider_name}&limit=100")["items"]
        return [call for call in calls if call["route"] == "file"]

    assert uploads() == []

    def both_taken() -> bool:
        parts.settle()
        return kinds(world) == ["at", "mms"]

    eventually(both_taken)
    assert len(uploads()) == 1
    assert taken(world)[1]["arrives_by"] == "MMS"
