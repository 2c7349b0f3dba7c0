"""One-time codes go out at once, by SMS or mail, once, and are forgotten."""

import time
from datetime import timedelta
from uuid import uuid4

import pytest
from messaging_parts import Parts
from sqlalchemy import select

from chassis.clock import FixedClock
from chassis.consumer import Consumer
from chassis.database import Database
from chassis.sealing import Sealer
from chassis.testing.events import deliver, eventually
from contracts.messaging import CodeChannel, CodePurpose, SendCode
from messaging.application.codes import CodeTexts
from messaging.domain.code import CodeChannel as Way
from messaging.domain.code import OutgoingCode
from messaging.main import CODE_SMS, consumers
from messaging.settings import Settings
from messaging.storage.tables import codes, reports
from sandbox.testing import RunningSandbox


@pytest.fixture
def lane(wired_settings: Settings, database: Database, fixed_clock: FixedClock) -> Consumer:
    return next(each for each in consumers(wired_settings, database, fixed_clock) if each.queue.lane == "codes")


def a_code(sealer: Sealer, clock: FixedClock, channel: CodeChannel, to: str) -> SendCode:
    return SendCode(
        code_id=uuid4(),
        purpose=CodePurpose.LOGIN,
        channel=channel,
        to=sealer.seal_text(to),
        code=sealer.seal_text("482913"),
        expires_at=clock.now() + timedelta(minutes=3),
    )


@pytest.mark.parametrize(
    ("channel", "to"), [(CodeChannel.SMS, "01000001234"), (CodeChannel.MAIL, "kim@hanbit.example")]
)
def test_a_code_arrives_once_however_often_it_is_asked_for(
    lane: Consumer,
    parts: Parts,
    world: RunningSandbox,
    sealer: Sealer,
    fixed_clock: FixedClock,
    channel: CodeChannel,
    to: str,
) -> None:
    deliver(lane, a_code(sealer, fixed_clock, channel, to), times=3)
    loop = {CodeChannel.SMS: "codes", CodeChannel.MAIL: "code_mails"}[channel]
    assert parts.turn(loop)
    assert not parts.turn(loop)
    assert eventually(lambda: world.control("GET", f"/codes/{to}"))["code"] == "482913"
    texts = world.control("GET", "/journal/messages")["items"] + world.control("GET", "/journal/letters")["items"]
    assert len(texts) == 1


def test_a_late_code_is_dropped(
    lane: Consumer, parts: Parts, world: RunningSandbox, sealer: Sealer, fixed_clock: FixedClock
) -> None:
    late = a_code(sealer, fixed_clock, CodeChannel.SMS, "01000001234")
    waits = a_code(sealer, fixed_clock, CodeChannel.SMS, "01000001234")
    deliver(lane, waits)
    fixed_clock.advance(timedelta(minutes=3))
    deliver(lane, late)
    parts.settle()
    assert world.control("GET", "/journal/messages")["items"] == []


def test_a_code_that_surely_did_not_leave_is_tried_again(
    lane: Consumer, parts: Parts, world: RunningSandbox, sealer: Sealer, fixed_clock: FixedClock
) -> None:
    world.fault("bizppurio", "error", "message", status=400, body={"code": 3008}, times=1)
    deliver(lane, a_code(sealer, fixed_clock, CodeChannel.SMS, "01000001234"))
    parts.turn("codes")
    assert world.control("GET", "/journal/messages")["items"] == []
    fixed_clock.advance(timedelta(seconds=2))
    parts.turn("codes")
    assert len(world.control("GET", "/journal/messages")["items"]) == 1


def test_a_code_that_the_provider_keeps_waiting_holds_no_other_up(
    lane: Consumer,
    parts: Parts,
    wired_settings: Settings,
    world: RunningSandbox,
    sealer: Sealer,
    fixed_clock: FixedClock,
) -> None:
    hangs = "01090081234"
    for phone in (hangs, "01000001234", "01000001235"):
        deliver(lane, a_code(sealer, fixed_clock, CodeChannel.SMS, phone))
    began = time.monotonic()
    parts.turn("codes")
    assert time.monotonic() - began < 2 * wired_settings.provider_timeout_seconds
    assert len(world.control("GET", "/journal/messages")["items"]) == 3


def test_codes_by_sms_and_by_mail_have_loops_of_their_own(
    lane: Consumer, parts: Parts, world: RunningSandbox, sealer: Sealer, fixed_clock: FixedClock
) -> None:
    deliver(lane, a_code(sealer, fixed_clock, CodeChannel.MAIL, "kim@hanbit.example"))
    deliver(lane, a_code(sealer, fixed_clock, CodeChannel.SMS, "01000001234"))
    parts.turn("codes")
    assert len(world.control("GET", "/journal/messages")["items"]) == 1
    assert world.control("GET", "/journal/letters")["items"] == []


def test_code_and_number_are_forgotten_when_sent_and_never_stand_readable(
    lane: Consumer, parts: Parts, database: Database, sealer: Sealer, fixed_clock: FixedClock
) -> None:
    deliver(lane, a_code(sealer, fixed_clock, CodeChannel.SMS, "01000001234"))
    with database.transaction() as session:
        stored = session.connection().exec_driver_sql("SELECT * FROM codes").all()
    assert "482913" not in str(stored)
    assert "01000001234" not in str(stored)
    parts.turn("codes")
    with database.transaction() as session:
        (row,) = session.execute(select(codes)).all()
    assert (row.state, row.to, row.code) == ("sent", None, None)


def test_what_is_reported_of_a_code_is_not_looked_at_again(
    lane: Consumer, parts: Parts, database: Database, sealer: Sealer, fixed_clock: FixedClock
) -> None:
    deliver(lane, a_code(sealer, fixed_clock, CodeChannel.SMS, "01000001234"))
    assert parts.turn("codes")
    assert eventually(lambda: parts.turn("fetch"))
    parts.turn("reports")
    with database.transaction() as session:
        assert session.scalars(select(reports.c.settled)).all() == [True]


def test_an_sms_fits_into_90_bytes(fixed_clock: FixedClock) -> None:
    code = OutgoingCode(uuid4(), "login", Way.SMS, "01000001234", "482913", fixed_clock.now())
    assert len(CodeTexts("쿠팡비즈", CODE_SMS).sms(code).encode("cp949")) <= 90
