"""Stepping: what a service says it has still to do, and going from due time to due time until nothing moves."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask_openapi3 import OpenAPI
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from chassis.access import access_of
from chassis.clock import FixedClock
from chassis.database import Database
from chassis.ids import new_id
from chassis.settings import ServiceSettings
from chassis.stepping import NotAtRestError, Patience, Probe, Rest, Work, advance, stepping_blueprints
from chassis.tables import one_time_codes, outbox

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
QUICK = Patience(timeout_seconds=0.3, poll_seconds=0.001)


def say(session: Session) -> None:
    session.execute(
        insert(outbox).values(
            message_id=new_id(), exchange="e", routing_key="k", type="k", envelope="{}", mandatory=False
        )
    )


def code_rows(expires_at: datetime) -> Callable[[Session], None]:
    """A row of work that becomes due: the chassis's own tables have one kind that knows a time."""

    def add(session: Session) -> None:
        session.execute(
            insert(one_time_codes).values(
                id=new_id(),
                purpose="work",
                target_hash=b"",
                source_hash=b"",
                code_hash=b"",
                issued_at=NOON,
                expires_at=expires_at,
            )
        )

    return add


def due_codes(session: Session, now: datetime) -> int:
    return len(session.execute(select(one_time_codes.c.id).where(one_time_codes.c.expires_at <= now)).all())


def next_code(session: Session, now: datetime) -> datetime | None:
    due = select(one_time_codes.c.expires_at).where(one_time_codes.c.expires_at > now)
    return session.scalar(due.order_by(one_time_codes.c.expires_at).limit(1))


WORK = Work("codes", due_codes, next_code)


def test_a_service_without_anything_to_do_is_at_rest(database: Database) -> None:
    rest = Probe("probe", database, FixedClock(NOON), [WORK]).look()
    assert rest.at_rest
    assert (rest.source, rest.now, rest.next_due_at) == ("probe", NOON, None)


def test_unsaid_events_and_due_work_are_unfinished(database: Database) -> None:
    clock = FixedClock(NOON)
    probe = Probe("probe", database, clock, [WORK])
    before = probe.look().activity
    with database.transaction() as session:
        say(session)
        code_rows(NOON + MINUTE)(session)
        code_rows(NOON + 2 * MINUTE)(session)
    rest = probe.look()
    assert rest.unfinished == {"outbox": 1}
    assert rest.next_due_at == NOON + MINUTE
    assert rest.activity > before
    clock.advance(MINUTE)
    rest = probe.look()
    assert rest.unfinished == {"outbox": 1, "codes": 1}
    assert rest.next_due_at == NOON + 2 * MINUTE


def test_activity_remembers_an_event_that_is_gone_already(database: Database) -> None:
    probe = Probe("probe", database, FixedClock(NOON))
    with database.transaction() as session:
        say(session)
    after = probe.look().activity
    with database.transaction() as session:
        session.execute(outbox.delete())
    assert probe.look().at_rest
    assert probe.look().activity == after


def settings(clock_url: str | None) -> ServiceSettings:
    return ServiceSettings(
        environment="test", api_port=1, admin_port=2, token_keys_url="http://keys", clock_url=clock_url
    )


def test_the_probe_is_served_only_where_the_sandboxs_clock_is_in_force(database: Database) -> None:
    probe = Probe("probe", database, FixedClock(NOON), [WORK])
    assert stepping_blueprints(probe, settings(None)) == ()
    app = OpenAPI("probe")
    for blueprint in stepping_blueprints(probe, settings("http://sandbox/__sim/clock")):
        app.register_api(blueprint)
    answer = app.test_client().get("/admin/rest")
    assert Rest.model_validate(answer.json) == probe.look()
    access = access_of(app.view_functions["stepping.rest"])
    assert access is not None
    assert access.is_public


class Part:
    """A part of a suite with work at fixed times; `takes` looks pass before work that came due is done."""

    def __init__(self, name: str, *due_at: datetime, takes: int = 1) -> None:
        self.name, self.waiting, self.takes = name, sorted(due_at), takes
        self.now = NOON
        self.activity = 0
        self.done_at: list[datetime] = []
        self._looks = 0

    def move(self, to: datetime) -> None:
        self.now = max(self.now, to)

    def look(self) -> Rest:
        due = [at for at in self.waiting if at <= self.now]
        if due:
            self._looks += 1
        if due and self._looks > self.takes:
            self._looks = 0
            self.activity += 1
            self.done_at.append(self.now)
            self.waiting = [at for at in self.waiting if at > self.now]
            self.on_done()
            due = []
        ahead = [at for at in self.waiting if at > self.now]
        return Rest(
            source=self.name,
            now=self.now,
            unfinished={"work": len(due)} if due else {},
            activity=self.activity,
            next_due_at=min(ahead, default=None),
        )

    def on_done(self) -> None:
        """What its work leads to."""


def run(to: datetime, *parts: Part) -> list[datetime]:
    def move(at: datetime) -> None:
        for part in parts:
            part.move(at)

    return advance(to, sources=parts, move=move, patience=QUICK)


def test_the_clock_stops_at_every_due_time_on_its_way() -> None:
    first = Part("first", NOON + MINUTE, NOON + 3 * MINUTE)
    second = Part("second", NOON + 2 * MINUTE, NOON + 9 * MINUTE)
    stood_at = run(NOON + 5 * MINUTE, first, second)
    assert stood_at == [NOON + minutes * MINUTE for minutes in (1, 2, 3, 5)]
    assert first.done_at == [NOON + MINUTE, NOON + 3 * MINUTE]
    assert second.done_at == [NOON + 2 * MINUTE]


def test_work_that_leads_to_work_before_the_end_is_done_at_its_time() -> None:
    class Leading(Part):
        def on_done(self) -> None:
            if len(self.done_at) < 4:
                self.waiting.append(self.now + MINUTE)

    part = Leading("leading", NOON + MINUTE)
    run(NOON + timedelta(hours=1), part)
    assert part.done_at == [NOON + minutes * MINUTE for minutes in (1, 2, 3, 4)]


def test_what_passes_behind_the_looking_is_waited_for() -> None:
    class Behind(Part):
        """Its work, when done, gives the part that was looked at before it something to do."""

        def on_done(self) -> None:
            earlier.waiting.append(self.now)

    earlier = Part("earlier")
    run(NOON + MINUTE, earlier, Behind("behind", NOON + MINUTE))
    assert earlier.done_at == [NOON + MINUTE]


def test_what_does_not_come_to_rest_is_named() -> None:
    stuck = Part("wallet", NOON + MINUTE, takes=10**9)
    with pytest.raises(NotAtRestError, match="wallet: 1 work") as refusal:
        run(NOON + timedelta(hours=1), Part("ordering", NOON + 2 * MINUTE), stuck)
    assert refusal.value.unfinished == ("wallet: 1 work",)
    assert stuck.now == NOON + MINUTE


def test_events_that_are_said_without_end_are_no_rest() -> None:
    class Chattering(Part):
        def look(self) -> Rest:
            self.activity += 1
            return super().look()

    with pytest.raises(NotAtRestError, match="still being said"):
        run(NOON + MINUTE, Chattering("loop"))
