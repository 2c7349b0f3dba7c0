"""Members are told what they chose, once a cause, by mail and alimtalk; the sandbox is where it arrives."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from messaging_members import COMPANY, MASTER, SUB, a_company, a_member
from messaging_parts import Parts
from sqlalchemy import select

from chassis.clock import FixedClock
from chassis.consumer import Consumer
from chassis.database import Database
from chassis.sealing import Sealer
from chassis.tables import outbox
from chassis.testing.events import deliver
from contracts.envelope import Envelope
from contracts.event import Event
from contracts.examples import example
from contracts.ordering.orders import ChoicesStopped, OrderRejected, OrderSent
from contracts.ordering.plans import PlanStopped
from contracts.wallet import BalanceLow, ForecastShort, InvoiceIssued
from messaging.documents.notification_texts import NAMES, REASONS, TEXTS
from messaging.domain.notification import NotificationChoice, NotificationKind, Occasion
from messaging.domain.template import variables_of
from messaging.main import consumers
from messaging.settings import Settings
from messaging.storage.notifications import NotificationTransactions
from sandbox.testing import RunningSandbox

FAILURES = "[쿠팡비즈] 쿠폰을 받지 못한 수신자가 있습니다"
K = NotificationKind


@pytest.fixture(params=["bizppurio", "solapi"])
def provider_name(request: pytest.FixtureRequest) -> str:
    """Each provider, over its own wire."""
    return request.param


@pytest.fixture
def lanes(wired_settings: Settings, database: Database, fixed_clock: FixedClock) -> Mapping[str, Consumer]:
    return {each.queue.lane: each for each in consumers(wired_settings, database, fixed_clock)}


@pytest.fixture
def known(lanes: Mapping[str, Consumer], sealer: Sealer) -> Mapping[str, Consumer]:
    """The lanes, with a company, its master and a sub-member known."""
    deliver(lanes["members"], a_company())
    deliver(lanes["members"], a_member(sealer))
    sub = {"member_id": SUB, "role": "sub", "name": "이두리", "email": "lee@hanbit.example", "phone": "01000000002"}
    deliver(lanes["members"], a_member(sealer, **sub))
    return lanes


def an(event: type[Event], **changes: object) -> Event:
    about = {"company_id": COMPANY, "member_id": MASTER}
    fields = {name: value for name, value in about.items() if name in event.model_fields}
    return event.model_validate(example(event.type) | fields | changes)


def letters(world: RunningSandbox) -> list[dict]:
    return world.control("GET", "/journal/letters")["items"]


def on_phone(world: RunningSandbox, phone: str = "01000000001") -> list[str]:
    return [item["text"] for item in world.ask("GET", f"/phone/api/{phone}")["messages"]]


def told(parts: Parts, world: RunningSandbox) -> tuple[list[str], list[str]]:
    """Subjects of mails and first lines of alimtalks that were sent."""
    parts.settle()
    notices = world.control("GET", "/journal/messages?limit=1000")["items"]
    return [letter["subject"] for letter in letters(world)], [item["text"].split("\n")[0] for item in notices]


def choose(database: Database, clock: FixedClock, kind: K, *, mail: bool, alimtalk: bool) -> None:
    with NotificationTransactions(database, clock)() as work:
        work.choices.put(MASTER, [NotificationChoice(kind, mail, alimtalk)], work.now())


@pytest.mark.rule("MSG-07")
def test_failures_are_told_once_by_mail_and_alimtalk_whatever_the_broker_repeats(
    known: Mapping[str, Consumer], parts: Parts, world: RunningSandbox
) -> None:
    deliver(known["notices"], an(OrderSent, order_name="임직원 생일"), times=2)
    deliver(known["notices"], an(OrderSent, order_name="임직원 생일"))
    mails, notices = told(parts, world)
    assert mails == [FAILURES]
    assert notices == ["김하나님, 쿠폰을 받지 못한 분이 있습니다."]
    (letter,) = letters(world)
    assert letter["to"] == ["hana@hanbit.example"]
    for part in ("text", "html"):
        assert all(word in letter[part] for word in ("임직원 생일", "CB20261124C0001", "8,820원", "1명", "2명"))


@pytest.mark.rule("MSG-07")
@pytest.mark.parametrize(
    ("failed", "done", "failures", "mails", "notices"),
    [
        (0, (True, False), (True, True), 1, 0),
        (0, (False, False), (True, True), 0, 0),
        (2, (True, True), (False, False), 1, 1),
        (2, (False, False), (False, True), 0, 1),
        (2, (False, False), (False, False), 0, 0),
    ],
)
def test_a_sent_order_is_told_by_the_chosen_ways(
    known: Mapping[str, Consumer],
    parts: Parts,
    world: RunningSandbox,
    database: Database,
    fixed_clock: FixedClock,
    failed: int,
    done: tuple[bool, bool],
    failures: tuple[bool, bool],
    mails: int,
    notices: int,
) -> None:
    for kind, (mail, alimtalk) in ((K.ORDER_DONE, done), (K.ORDER_FAILURES, failures)):
        choose(database, fixed_clock, kind, mail=mail, alimtalk=alimtalk)
    deliver(known["notices"], an(OrderSent, failed=failed, error=0))
    assert tuple(map(len, told(parts, world))) == (mails, notices)


@pytest.mark.rule("ORD-27", "MSG-07")
@pytest.mark.parametrize(
    ("mail", "alimtalk", "mails", "notices"), [(True, True, 1, 1), (False, True, 0, 1), (False, False, 1, 0)]
)
def test_an_orderer_is_told_in_any_case_that_nothing_of_a_choice_order_is_left(
    known: Mapping[str, Consumer],
    parts: Parts,
    world: RunningSandbox,
    database: Database,
    fixed_clock: FixedClock,
    mail: bool,
    alimtalk: bool,
    mails: int,
    notices: int,
) -> None:
    choose(database, fixed_clock, K.ORDER_FAILURES, mail=mail, alimtalk=alimtalk)
    deliver(known["notices"], an(ChoicesStopped), times=2)
    # Another stop of the same order is no news: its open choices are on their way back already.
    deliver(known["notices"], an(ChoicesStopped, recipients=1, amount_krw=9_900))
    assert tuple(map(len, told(parts, world))) == (mails, notices)
    said = [letter["text"] for letter in letters(world)] + on_phone(world)
    assert all(word in text for text in said for word in ("모든 상품", "CB20261124C0391", "3명", "29,700원"))


@pytest.mark.rule("MSG-07", "ANN-05", "ANN-08", "ANN-09")
@pytest.mark.parametrize(
    ("event", "subject", "words"),
    [
        (an(PlanStopped), "기념일 발송이 자동으로 중지되었습니다", ("아메리카노 T", "상품의 가격이 변경되었습니다.")),
        (an(PlanStopped, reason="discontinued"), "기념일 발송이 자동으로 중지되었습니다", ("판매가 종료",)),
        (
            an(OrderRejected, plan_id=COMPANY, order_name="임직원 생일", reason="spending_limit"),
            "오늘의 기념일 쿠폰을 보내지 못했습니다",
            ("임직원 생일", "월 구매한도가 부족합니다."),
        ),
        (an(ForecastShort), "다가오는 기념일 발송의 금액이 부족합니다", ("2026년 11월 27일", "118,800원", "84,150원")),
    ],
)
def test_the_owner_of_an_anniversary_is_told_what_became_of_it(
    known: Mapping[str, Consumer],
    parts: Parts,
    world: RunningSandbox,
    event: Event,
    subject: str,
    words: tuple[str, ...],
) -> None:
    deliver(known["notices"], event, times=2)
    assert told(parts, world)[0] == [f"[쿠팡비즈] {subject}"]
    (letter,) = letters(world)
    assert all(word in letter[part] for word in words for part in ("text", "html"))
    (text,) = on_phone(world)
    assert all(word in text for word in words)


@pytest.mark.rule("MSG-07")
@pytest.mark.parametrize(
    ("event", "subject", "words"),
    [
        (an(BalanceLow), "사용 가능 금액이 얼마 남지 않았습니다", ("한빛상사", "84,150원", "100,000원")),
        (an(InvoiceIssued), "2026년 10월 이용 청구서가 발행되었습니다", ("1,200건", "11,880,000원", "11,860,200원")),
    ],
)
def test_the_master_is_told_of_the_companys_money(
    known: Mapping[str, Consumer],
    parts: Parts,
    world: RunningSandbox,
    event: Event,
    subject: str,
    words: tuple[str, ...],
) -> None:
    deliver(known["notices"], event, times=2)
    assert told(parts, world)[0] == [f"[쿠팡비즈] {subject}"]
    (letter,) = letters(world)
    assert all(word in letter[part] for word in words for part in ("text", "html"))


@pytest.mark.rule("MSG-07")
def test_an_invoice_made_again_with_other_figures_is_news(
    known: Mapping[str, Consumer], parts: Parts, world: RunningSandbox
) -> None:
    deliver(known["notices"], an(InvoiceIssued))
    deliver(known["notices"], an(InvoiceIssued, billed_krw=11_000_000))
    assert len(told(parts, world)[0]) == 2


@pytest.mark.rule("MSG-07")
def test_an_order_refused_in_the_form_is_told_to_nobody(
    known: Mapping[str, Consumer], parts: Parts, world: RunningSandbox
) -> None:
    deliver(known["notices"], an(OrderRejected, plan_id=None))
    assert told(parts, world) == ([], [])


@pytest.mark.rule("MSG-07")
def test_news_that_comes_before_its_member_waits_and_is_told_once(
    lanes: Mapping[str, Consumer], parts: Parts, world: RunningSandbox, sealer: Sealer, database: Database
) -> None:
    deliver(lanes["notices"], an(BalanceLow), times=2)
    deliver(lanes["members"], a_company())
    parked_again(database, lanes)
    assert told(parts, world) == ([], [])
    deliver(lanes["members"], a_member(sealer))
    parked_again(database, lanes)
    assert len(told(parts, world)[0]) == 1


@pytest.mark.rule("MSG-07")
def test_the_newest_address_counts_and_one_who_has_withdrawn_is_told_nothing(
    known: Mapping[str, Consumer], parts: Parts, world: RunningSandbox, sealer: Sealer, database: Database
) -> None:
    deliver(known["members"], a_member(sealer, version=3, email="new@hanbit.example"))
    deliver(known["members"], a_member(sealer, version=2, email="old@hanbit.example"))
    deliver(known["notices"], an(OrderSent))
    parts.settle()
    assert [letter["to"] for letter in letters(world)] == [["new@hanbit.example"]]
    deliver(known["members"], a_member(sealer, version=4, state="withdrawn"))
    deliver(known["notices"], an(OrderSent, order_id=SUB))
    parts.settle()
    assert len(letters(world)) == 1
    with database.transaction() as session:
        kept = session.connection().exec_driver_sql(
            "SELECT name, email_ciphertext, phone_ciphertext FROM members WHERE state = 'withdrawn'"
        )
        assert kept.all() == [("", None, None)]


@pytest.mark.rule("MSG-07")
def test_a_notice_whose_process_died_is_not_sent_twice_and_one_that_surely_did_not_leave_is_tried_again(
    known: Mapping[str, Consumer],
    parts: Parts,
    world: RunningSandbox,
    database: Database,
    fixed_clock: FixedClock,
    provider_name: str,
) -> None:
    status, body = (400, {"code": 3008}) if provider_name == "bizppurio" else (429, {"errorCode": "TooManyRequests"})
    world.fault(provider_name, "error", "message", status=status, body=body)
    deliver(known["notices"], an(OrderSent))
    assert parts.turn("telling")
    assert not parts.turn("telling")
    fixed_clock.advance(timedelta(minutes=1))
    with NotificationTransactions(database, fixed_clock)() as work:
        assert len(work.notices.claim(10, work.now())) == 1
    assert not parts.turn("telling")
    assert on_phone(world) == []


@pytest.mark.rule("MSG-07")
def test_what_was_sent_is_forgotten(known: Mapping[str, Consumer], parts: Parts, database: Database) -> None:
    deliver(known["notices"], an(OrderSent))
    parts.settle()
    with database.transaction() as session:
        rows = session.connection().exec_driver_sql('SELECT state, reason, "to", text FROM notices').all()
    assert rows == [("sent", "", None, None)]


@pytest.mark.rule("MSG-06", "MSG-07")
def test_notices_go_at_night(
    known: Mapping[str, Consumer], parts: Parts, world: RunningSandbox, fixed_clock: FixedClock
) -> None:
    night = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
    fixed_clock.advance(night - fixed_clock.now())
    deliver(known["notices"], an(OrderSent))
    assert parts.turn("telling")


@pytest.mark.rule("MSG-07")
def test_every_occasion_has_a_mail_and_an_alimtalk_whose_variables_are_known() -> None:
    assert set(TEXTS) == set(Occasion)
    mails = Path(__file__).parents[2] / "src/messaging/documents/mails"
    for occasion, text in TEXTS.items():
        assert (mails / f"{occasion}.txt").exists()
        assert set(variables_of(text.body)) <= set(NAMES)
    assert all(words.endswith(".") for words in REASONS.values())


def parked_again(database: Database, lanes: Mapping[str, Consumer]) -> None:
    """Deliver what the relay would put into the lane again."""
    with database.transaction() as session:
        rows = session.scalars(select(outbox.c.envelope).where(outbox.c.routing_key == "messaging.notices")).all()
    for row in rows:
        lanes["notices"].handle(Envelope.model_validate_json(row))
