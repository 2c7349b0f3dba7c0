"""A chunk of recipients, from ordering's request to the report, against the provider's wire.

The sandbox's journal, not our database, judges what was handed over.
"""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from messaging_orders import a_request, a_row, publish
from messaging_parts import Parts

from chassis.clock import FixedClock
from chassis.consumer import Consumer
from chassis.database import Database
from chassis.sealing import Sealer
from chassis.testing.events import deliver, eventually, published
from contracts.messaging import DeliveryChannel, DeliveryOutcome, DeliveryReport, MessagesReported
from contracts.ordering.dispatches import DispatchRequested
from messaging.domain.delivery import DeliveryState
from messaging.domain.report import ReportWay
from messaging.main import consumers
from messaging.settings import Settings
from messaging.storage.unit_of_work import Transactions
from sandbox.testing import RunningSandbox


@pytest.fixture(params=["bizppurio", "solapi"])
def provider_name(request: pytest.FixtureRequest) -> str:
    """Each provider, over its own wire."""
    return request.param


@pytest.fixture(params=[True, False], ids=["the provider falls back", "we fall back"])
def provider_falls_back(request: pytest.FixtureRequest) -> bool:
    """Each side that may send the MMS."""
    return request.param


CODES_OF_SOLAPI = {"7000": "4000", "6600": "4000", "6606": "3058", "2000": "1062"}
"""What the results below are called there."""


def code_at(provider: str, code: str) -> str:
    return code if provider == "bizppurio" else CODES_OF_SOLAPI[code]


def hand_over_calls(world: RunningSandbox, provider: str) -> list[dict]:
    calls = world.control("GET", f"/journal?provider={provider}&limit=1000")["items"]
    return [call for call in calls if call["route"] == "message"]


def a_report(provider: str, key: str, message_key: str = "1") -> str:
    """A report of success as the provider says it."""
    if provider == "bizppurio":
        return json.dumps({"REFKEY": key, "RESULT": "7000", "MEDIA": "KAT", "CMSGID": message_key})
    row = {"messageId": message_key, "type": "ATA", "statusCode": "4000", "customFields": {"refkey": key}}
    return json.dumps(row)


@pytest.fixture
def bulk(wired_settings: Settings, database: Database, fixed_clock: FixedClock, transaction: Transactions) -> Consumer:
    publish(transaction)
    return next(each for each in consumers(wired_settings, database, fixed_clock) if each.queue.lane == "bulk")


def reported(database: Database) -> dict[object, DeliveryReport]:
    """The last report of each line."""
    with database.transaction() as session:
        events = [event for event in published(session) if isinstance(event, MessagesReported)]
    return {report.line_id: report for event in events for report in event.reports}


def handed_over(world: RunningSandbox) -> Counter:
    """How many messages the provider accepted, by phone."""
    return Counter(item["to"] for item in world.control("GET", "/journal/messages?limit=1000")["items"])


def handed_over_as(world: RunningSandbox) -> Counter:
    """How many messages of each kind the provider accepted, by phone; an MMS without a picture is an LMS."""
    taken = world.control("GET", "/journal/messages?limit=1000")["items"]
    return Counter((item["to"], item["type"]) for item in taken)


@pytest.mark.rule("MSG-01")
@pytest.mark.parametrize(
    ("phone", "outcome", "channel", "code"),
    [
        ("01000001234", DeliveryOutcome.SUCCESS, DeliveryChannel.ALIMTALK, "7000"),
        ("01090011234", DeliveryOutcome.SUCCESS, DeliveryChannel.MMS, "6600"),
        ("01090021234", DeliveryOutcome.FAILED, None, "6606"),
        ("01090031234", DeliveryOutcome.FAILED, None, "2000"),
        ("01090061234", DeliveryOutcome.SUCCESS, DeliveryChannel.ALIMTALK, "7000"),
        ("01090081234", DeliveryOutcome.SUCCESS, DeliveryChannel.ALIMTALK, "7000"),
        ("01090092234", DeliveryOutcome.SUCCESS, DeliveryChannel.ALIMTALK, "7000"),
        ("01090101234", DeliveryOutcome.SUCCESS, DeliveryChannel.ALIMTALK, "7000"),
    ],
    ids=["well", "mms", "neither", "refused", "reported thrice", "hangs", "later", "uncertain"],
)
def test_what_becomes_of_a_message_is_reported_once(
    bulk: Consumer,
    parts: Parts,
    database: Database,
    world: RunningSandbox,
    sealer: Sealer,
    fixed_clock: FixedClock,
    provider_name: str,
    phone: str,
    outcome: DeliveryOutcome,
    channel: DeliveryChannel | None,
    code: str,
) -> None:
    request = a_request(sealer, phone)
    deliver(bulk, request, times=2)

    def ended() -> DeliveryReport:
        fixed_clock.advance(timedelta(seconds=2))
        parts.settle()
        return reported(database)[request.rows[0].line_id]

    report = eventually(lambda: _tried(ended))
    assert (report.outcome, report.channel, report.code) == (outcome, channel, code_at(provider_name, code))
    assert max(handed_over_as(world).values(), default=0) <= 1


@pytest.mark.rule("MSG-02")
@pytest.mark.parametrize("phone", ["01090041234", "01090071234", "01090091235"], ids=["no report", "500", "9000"])
def test_an_unknown_hand_over_waits_72_hours_fails_and_is_never_repeated(
    bulk: Consumer,
    parts,
    database: Database,
    world: RunningSandbox,
    sealer: Sealer,
    fixed_clock: FixedClock,
    provider_name: str,
    phone: str,
) -> None:
    request = a_request(sealer, phone)
    deliver(bulk, request)
    parts.settle()
    fixed_clock.advance(timedelta(hours=71, minutes=59))
    parts.turn("waiting")
    parts.settle()
    assert reported(database) == {}
    fixed_clock.advance(timedelta(minutes=1))
    parts.turn("waiting")
    parts.settle()
    assert reported(database)[request.rows[0].line_id].outcome is DeliveryOutcome.FAILED
    assert len(hand_over_calls(world, provider_name)) == 1


@pytest.mark.rule("MSG-02")
def test_a_worker_that_died_in_a_call_leaves_the_message_in_doubt_and_its_report_settles_it(
    bulk: Consumer, parts: Parts, database: Database, transaction: Transactions, world: RunningSandbox, sealer: Sealer
) -> None:
    request = a_request(sealer, "01000001234")
    deliver(bulk, request)
    with transaction() as uow:
        (claimed,) = uow.deliveries.claim(10, timedelta(seconds=0), uow.now())
    parts.provider.send([claimed])
    parts.turn("waiting")
    with transaction() as uow:
        (delivery,) = uow.deliveries.for_update([claimed.delivery.id])
    assert delivery.state is DeliveryState.IN_DOUBT
    assert not parts.turn("handover")

    def settled() -> bool:
        parts.settle()
        return request.rows[0].line_id in reported(database)

    eventually(settled)
    assert reported(database)[request.rows[0].line_id].outcome is DeliveryOutcome.SUCCESS
    assert handed_over(world)["01000001234"] == 1


@pytest.mark.rule("MSG-06")
def test_order_messages_go_at_night(
    bulk: Consumer, parts: Parts, world: RunningSandbox, sealer: Sealer, fixed_clock: FixedClock
) -> None:
    fixed_clock.advance(datetime(2026, 3, 2, 15, 0, tzinfo=UTC) - fixed_clock.now())
    deliver(bulk, a_request(sealer, "01000001234"))
    parts.turn("handover")
    assert handed_over(world) == {"01000001234": 1}


def test_the_provider_away_costs_nothing_but_time(
    bulk: Consumer,
    parts: Parts,
    database: Database,
    world: RunningSandbox,
    sealer: Sealer,
    fixed_clock: FixedClock,
    provider_name: str,
) -> None:
    status, body = (400, {"code": 3008}) if provider_name == "bizppurio" else (429, {"errorCode": "TooManyRequests"})
    world.fault(provider_name, "error", "message", status=status, body=body, times=3)
    requests = [a_request(sealer, f"0100000{number:04d}") for number in range(3)]
    for request in requests:
        deliver(bulk, request)

    def all_ended() -> bool:
        fixed_clock.advance(timedelta(minutes=5))
        parts.settle()
        return len(reported(database)) == 3

    eventually(all_ended)
    assert set(handed_over(world).values()) == {1}


@pytest.mark.parametrize("provider_name", ["bizppurio"])
def test_a_worn_out_token_is_fetched_anew(bulk: Consumer, parts: Parts, world: RunningSandbox, sealer: Sealer) -> None:
    deliver(bulk, a_request(sealer, "01000000001"))
    parts.turn("handover")
    world.control("POST", "/clock/advance", {"seconds": 90_000})
    deliver(bulk, a_request(sealer, "01000000002"))
    parts.turn("handover")
    assert handed_over(world) == {"01000000001": 1, "01000000002": 1}


@pytest.mark.rule("ORD-13")
def test_a_message_that_lacks_a_value_fails_alone(
    bulk: Consumer, parts: Parts, database: Database, world: RunningSandbox, sealer: Sealer
) -> None:
    request = a_request(sealer)
    rows = (a_row(sealer, "01000000001", name=""), a_row(sealer, "01000000002"))
    deliver(bulk, request.model_copy(update={"rows": rows}))
    parts.turn("handover")
    assert reported(database)[rows[0].line_id].outcome is DeliveryOutcome.FAILED
    assert handed_over(world) == {"01000000002": 1}


def test_a_report_that_overtakes_our_record_is_kept_until_it_matches(
    bulk: Consumer,
    parts: Parts,
    database: Database,
    transaction: Transactions,
    sealer: Sealer,
    fixed_clock: FixedClock,
    provider_name: str,
) -> None:
    request = a_request(sealer, "01000001234")
    deliver(bulk, request)
    with transaction() as uow:
        (waiting,) = uow.deliveries.claim(1, timedelta(minutes=1), uow.now())
        uow.deliveries.save([waiting.delivery.not_sent("later", uow.now())])
        body = a_report(provider_name, waiting.delivery.id.hex)
        uow.reports.add([("early", body)], uow.now(), ReportWay.PUSH)
    parts.turn("reports")
    assert reported(database) == {}
    with transaction() as uow:
        uow.deliveries.claim(1, timedelta(minutes=1), uow.now())
    fixed_clock.advance(timedelta(seconds=5))
    parts.turn("reports")
    assert reported(database)[request.rows[0].line_id].outcome is DeliveryOutcome.SUCCESS


def test_a_chunk_is_reported_by_few_events_not_one_a_recipient(
    bulk: Consumer, parts: Parts, database: Database, sealer: Sealer
) -> None:
    request: DispatchRequested = a_request(sealer, *(f"0100000{number:04d}" for number in range(50)))
    deliver(bulk, request)

    def all_ended() -> bool:
        parts.settle()
        return len(reported(database)) == 50

    eventually(all_ended)
    with database.transaction() as session:
        assert len(published(session)) < 25


@pytest.mark.rule("MSG-01")
def test_a_forged_report_with_our_key_and_not_the_providers_changes_nothing(
    bulk: Consumer,
    parts: Parts,
    database: Database,
    transaction: Transactions,
    sealer: Sealer,
    provider_name: str,
) -> None:
    deliver(bulk, a_request(sealer, "01090041234"))
    parts.turn("handover")
    with transaction() as uow:
        (delivery, _), *_ = uow.deliveries.page(order_id=None, state=None, before=None, limit=1)
        assert delivery.provider_key
        uow.reports.add([("forged", a_report(provider_name, delivery.id.hex, "guessed"))], uow.now(), ReportWay.PUSH)
    parts.turn("reports")
    assert reported(database) == {}
    with transaction() as uow:
        genuine = a_report(provider_name, delivery.id.hex, delivery.provider_key)
        uow.reports.add([("genuine", genuine)], uow.now(), ReportWay.PUSH)
    parts.turn("reports")
    assert len(reported(database)) == 1


def _tried(ended):
    try:
        return ended()
    except KeyError:
        return False
