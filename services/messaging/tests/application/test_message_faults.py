"""The fault table: each fault of a provider, and what became of 1,000 messages; the sandbox's journal is the judge.

It is gone through twice at each provider: where the provider sends an MMS by itself, and where we do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from messaging_orders import a_request, publish
from messaging_parts import Parts
from sqlalchemy import Row, func, select

from chassis.clock import FixedClock
from chassis.consumer import Consumer
from chassis.database import Database
from chassis.sealing import Sealer
from chassis.testing.events import deliver, eventually, published
from contracts.messaging import MessagesReported
from messaging.main import consumers
from messaging.settings import Settings
from messaging.storage.tables import deliveries
from messaging.storage.unit_of_work import Transactions
from sandbox.testing import RunningSandbox

MESSAGES, CHUNK = 1_000, 100
STRUCK = 100
"""How many messages a fault of the wire concerns; the provider that takes a chunk a call loses one call."""
BIZPPURIO, SOLAPI = "bizppurio", "solapi"


@dataclass(frozen=True)
class Trouble:
    """A fault, and what may become of messages: `sent`, `fallen back`, or `failed` with nothing on the phone."""

    name: str
    ends: Mapping[str, int]
    kind: str = ""
    more: Mapping[str, object] = field(default_factory=dict)
    route: str = "message"
    phones: str = "0100000"
    ends_at_solapi: Mapping[str, int] | None = None
    of_our_own_mms: bool = False
    """Whether the fault strikes the calls that only our own fallback makes."""

    def ends_at(self, provider: str) -> Mapping[str, int]:
        """The expected ends at a provider."""
        return self.ends if provider == BIZPPURIO or self.ends_at_solapi is None else self.ends_at_solapi


ALL_SENT = {"sent": MESSAGES}
SOME_FAILED = {"sent": MESSAGES - STRUCK, "failed": STRUCK}
TABLE = (
    Trouble("nothing goes wrong", ALL_SENT),
    Trouble("the connection breaks before the work", SOME_FAILED, "drop_before"),
    Trouble("the connection breaks after the work", ALL_SENT, "drop_after"),
    Trouble("silence after the work", ALL_SENT, "hang_after"),
    Trouble("500 before the work", SOME_FAILED, "5xx"),
    Trouble("500 after the work", ALL_SENT, "5xx_after"),
    Trouble("an answer that is no JSON", ALL_SENT, "malformed"),
    Trouble("too many calls a second", ALL_SENT, "rate", {"per_second": 300.0}),
    Trouble("every report three times", ALL_SENT, "duplicate", {"copies": 3, "times": MESSAGES}, "report"),
    Trouble("reports hours late", ALL_SENT, "late_report", {"delay_seconds": 0.5}, "report"),
    Trouble(
        "reports that never come",
        {"sent": MESSAGES - STRUCK, "sent, told as failed": STRUCK},
        "no_report",
        {},
        "report",
        ends_at_solapi=ALL_SENT,
    ),
    Trouble("no KakaoTalk", {"fallen back": MESSAGES}, phones="0109001"),
    Trouble("no KakaoTalk, and no MMS", {"failed": MESSAGES}, phones="0109002"),
    Trouble("messages that the provider refuses", {"failed": MESSAGES}, phones="0109003"),
)
NO_KAKAO, ALL_BY_MMS = "0109001", {"fallen back": MESSAGES}
SOME_MMS_FAILED = {"fallen back": MESSAGES - STRUCK, "failed": STRUCK}
LMS = {BIZPPURIO: "lms", SOLAPI: "LMS"}
"""What providers call the MMS without a picture."""


def at_the_mms(name: str, ends: Mapping[str, int], kind: str, **more: object) -> Trouble:
    """Nobody has KakaoTalk, and the fault strikes the MMSs that we send in place of the alimtalks."""
    return Trouble(f"at the MMS, {name}", ends, kind, more, phones=NO_KAKAO, of_our_own_mms=True)


TABLE_OF_OUR_MMS = (
    at_the_mms("the connection breaks before the work", SOME_MMS_FAILED, "drop_before"),
    at_the_mms("the connection breaks after the work", ALL_BY_MMS, "drop_after"),
    at_the_mms("silence after the work", ALL_BY_MMS, "hang_after"),
    at_the_mms("500 before the work", SOME_MMS_FAILED, "5xx"),
    at_the_mms("500 after the work", ALL_BY_MMS, "5xx_after"),
    at_the_mms("an answer that is no JSON", ALL_BY_MMS, "malformed"),
    at_the_mms("too many calls a second", ALL_BY_MMS, "rate", per_second=300.0),
    Trouble(
        "failures reported three times",
        ALL_BY_MMS,
        "duplicate",
        {"copies": 3, "times": 2 * MESSAGES},
        "report",
        phones=NO_KAKAO,
        of_our_own_mms=True,
    ),
    Trouble(
        # What the provider never reports nobody knows: no MMS follows it.
        "failures that are never reported",
        {"failed": STRUCK, "fallen back": MESSAGES - STRUCK},
        "no_report",
        {},
        "report",
        phones=NO_KAKAO,
        ends_at_solapi=ALL_BY_MMS,
        of_our_own_mms=True,
    ),
)
BOTH_WAYS = (
    *((trouble, True) for trouble in TABLE),
    *((trouble, False) for trouble in (*TABLE, *TABLE_OF_OUR_MMS)),
)


def named(way: tuple[Trouble, bool]) -> str:
    trouble, provider_falls_back = way
    return trouble.name if provider_falls_back else f"{trouble.name}, we fall back"


@pytest.fixture(params=[BIZPPURIO, SOLAPI])
def provider_name(request: pytest.FixtureRequest) -> str:
    """Each provider, over its own wire."""
    return request.param


@pytest.fixture
def bulk(wired_settings: Settings, database: Database, fixed_clock: FixedClock, transaction: Transactions) -> Consumer:
    publish(transaction)
    return next(each for each in consumers(wired_settings, database, fixed_clock) if each.queue.lane == "bulk")


def states(database: Database) -> Counter[str]:
    with database.transaction() as session:
        rows = session.execute(
            select(deliveries.c.state, func.count().label("messages")).group_by(deliveries.c.state)
        ).all()
    return Counter({row.state: row.messages for row in rows})


def taken_by_key(world: RunningSandbox) -> dict[str, list[dict]]:
    """What the provider took, by our key."""
    found: dict[str, list[dict]] = {}
    after: int | None = 0
    while after is not None:
        page = world.control("GET", f"/journal/messages?limit=1000&after={after}")
        for item in page["items"]:
            found.setdefault(item["refkey"], []).append(item)
        after = page["next"]
    return found


def ends(database: Database, world: RunningSandbox) -> Counter[str]:
    """What became of each recipient, by our rows and by the journal; whatever is wrong stands under its own name."""
    taken = taken_by_key(world)
    with database.transaction() as session:
        rows = session.execute(
            select(
                deliveries.c.id,
                deliveries.c.line_id,
                deliveries.c.state,
                deliveries.c.channel,
                deliveries.c.code,
                deliveries.c.sent_as,
            )
        ).all()
    of_recipient: dict[object, list[Row]] = {}
    for row in rows:
        of_recipient.setdefault(row.line_id, []).append(row)
    by_phone = Counter((item["to"], item["type"] == "at") for items in taken.values() for item in items)
    assert max(by_phone.values(), default=0) <= 1, "a phone was sent an alimtalk or an MMS twice"
    return Counter(_end(legs, taken) for legs in of_recipient.values())


def _end(legs: list[Row], taken: Mapping[str, list[dict]]) -> str:
    alimtalk = next(row for row in legs if row.sent_as == "alimtalk")
    mms = next((row for row in legs if row.sent_as == "mms"), None)
    if (alimtalk.state == "fallen_back") is not (mms is not None):
        return "AN MMS WITHOUT A FAILURE, OR A FAILURE WITHOUT ITS MMS"
    last = mms or alimtalk
    arrived = [item["arrives_by"] for row in legs for item in taken.get(row.id.hex, []) if item["arrives_by"]]
    if last.state == "success":
        ways = {"alimtalk": ["KAT"], "mms": ["MMS"] if mms is None else ["LMS"]}[str(last.channel)]
        return {"KAT": "sent"}.get(ways[0], "fallen back") if arrived == ways else "A SUCCESS THAT NOBODY GOT"
    if last.state != "failed":
        return "LOST"
    if not last.code:
        return "FAILED WITHOUT A REASON"
    return "sent, told as failed" if arrived else "failed"


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.rule("MSG-01", "MSG-02")
@pytest.mark.parametrize(("trouble", "provider_falls_back"), BOTH_WAYS, ids=map(named, BOTH_WAYS))
def test_none_of_a_thousand_messages_is_lost_or_sent_twice(
    trouble: Trouble,
    provider_name: str,
    provider_falls_back: bool,
    bulk: Consumer,
    parts: Parts,
    database: Database,
    world: RunningSandbox,
    sealer: Sealer,
    fixed_clock: FixedClock,
) -> None:
    if trouble.kind:
        calls = STRUCK if provider_name == BIZPPURIO or trouble.route == "report" else STRUCK // CHUNK
        times = {} if trouble.kind == "rate" else {"times": calls}
        where = {"match": {"type": LMS[provider_name]}} if trouble.of_our_own_mms and trouble.route == "message" else {}
        world.fault(provider_name, trouble.kind, trouble.route, **{**times, **trouble.more, **where})
    for first in range(0, MESSAGES, CHUNK):
        deliver(bulk, a_request(sealer, *(f"{trouble.phones}{number:04d}" for number in range(first, first + CHUNK))))

    def at_rest() -> bool:
        fixed_clock.advance(timedelta(minutes=5))
        parts.settle()
        return not states(database)["queued"] and world.control("GET", "/idle")["idle"] and not parts.turn("fetch")

    eventually(at_rest, timeout_seconds=120)
    parts.settle()
    fixed_clock.advance(timedelta(hours=72))
    while parts.turn("waiting"):
        pass
    parts.settle()
    found = ends(database, world)
    by = provider_name if provider_falls_back else f"{provider_name}, we fall back"
    print(f"{by}: {trouble.name}: {dict(found)}")
    assert found == trouble.ends_at(provider_name)
    with database.transaction() as session:
        said = [event for event in published(session) if isinstance(event, MessagesReported)]
    assert len({report.line_id for event in said for report in event.reports}) == MESSAGES
