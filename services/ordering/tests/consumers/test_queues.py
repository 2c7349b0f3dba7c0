"""What others say, delivered twice and in both orders, over a real database."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from ordering_probe import builders
from ordering_probe.builders import COFFEE, COMPANY, MASTER, TEMPLATE, an_order, rows
from ordering_probe.suppliers import ScriptedSupplier
from sqlalchemy import text

from chassis.clock import FixedClock
from chassis.consumer import Consumer, Poison
from chassis.database import Database
from chassis.testing.plugin import deliver, published
from contracts.identity import MemberState, SessionsRevoked
from contracts.messaging import DeliveryOutcome, MessagesReported
from contracts.ordering.orders import OrderRejected, OrderSent, ReservationWithdrawn, SendingStarted
from contracts.scheduler import TimerFired
from contracts.wallet import ReservationReleased
from ordering import main
from ordering.application.placing import place_order
from ordering.settings import OrderRules, Settings
from ordering.storage.unit_of_work import PostgresUnitOfWork

Unit = Callable[[], AbstractContextManager[PostgresUnitOfWork]]
Consumers = dict[str, Consumer[PostgresUnitOfWork]]


@pytest.fixture
def consumers(settings: Settings, database: Database, fixed_clock: FixedClock) -> Consumers:
    return {one.queue.lane: one for one in main.wire_consumers(settings, database, fixed_clock)}


@pytest.fixture
def order_id(stocked: Unit, rules: OrderRules) -> UUID:
    """A pending order for two."""
    with stocked() as uow:
        return place_order(an_order(rows=rows(2), pay_amount_krw=9_000), uow, rules.placing())


def state(database: Database, order_id: UUID) -> str:
    with database.engine.connect() as connection:
        found: str = connection.execute(text("SELECT state FROM orders WHERE id = :id"), {"id": order_id}).scalar_one()
    return found


def said(database: Database, kind: type) -> int:
    with database.transaction() as session:
        return sum(isinstance(one, kind) for one in published(session))


def released(order_id: UUID) -> ReservationReleased:
    return ReservationReleased(
        order_id=order_id, company_id=COMPANY, hold_id=uuid4(), amount_krw=9_000, released_at=builders.BEGINNING
    )


@pytest.mark.rule("ORD-08")
@pytest.mark.rule("SCH-02")
def test_a_scheduled_orders_timer_heard_twice_starts_one_sending(
    consumers: Consumers, database: Database, stocked: Unit, rules: OrderRules, fixed_clock: FixedClock
) -> None:
    with stocked() as uow:
        command = an_order(send_at=fixed_clock.now() + timedelta(hours=1))
        order_id = place_order(command, uow, rules.placing())
    deliver(consumers["funds"], builders.funds_reserved(order_id))
    assert state(database, order_id) == "scheduled"
    due = timer(order_id).model_copy(update={"key": f"sending/{order_id}"})
    deliver(consumers["funds"], due, times=2)
    assert state(database, order_id) == "sending"
    assert said(database, SendingStarted) == 1


def timer(order_id: UUID) -> TimerFired:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    key = f"reservation/{order_id}"
    return TimerFired(timer_id=uuid4(), asker="ordering", key=key, version=1, due_at=at, fired_at=at)


def test_an_older_state_never_replaces_a_newer_one(consumers: Consumers, database: Database, stocked: Unit) -> None:
    deliver(consumers["state"], builders.a_member(version=3, state=MemberState.SUSPENDED))
    deliver(consumers["state"], builders.a_member(version=2), times=2)
    with stocked() as uow:
        found = uow.copies.member(MASTER)
    assert found is not None
    assert found.state == "suspended"


def test_copies_of_offers_and_templates_hold_what_was_said_last(consumers: Consumers, stocked: Unit) -> None:
    later = builders.a_repricing(builders.an_offer(), 4_700, datetime(2026, 4, 1, tzinfo=UTC))
    for event in (later, builders.an_offer(), builders.a_template(version=2, usable=False), builders.a_template()):
        deliver(consumers["state"], event, times=2)
    with stocked() as uow:
        assert len(uow.copies.offers([COFFEE])[0].prices) == 2
        template = uow.copies.template(TEMPLATE)
    assert template is not None
    assert not template.usable
    assert template.variables == ("이름",)


def test_reserved_money_delivered_twice_starts_one_sending(
    consumers: Consumers, database: Database, order_id: UUID
) -> None:
    deliver(consumers["funds"], builders.funds_reserved(order_id), times=3)
    assert state(database, order_id) == "sending"
    assert said(database, SendingStarted) == 1


def test_refused_money_delivered_twice_rejects_once(consumers: Consumers, database: Database, order_id: UUID) -> None:
    deliver(consumers["funds"], builders.funds_refused(order_id), times=2)
    assert state(database, order_id) == "rejected"
    assert said(database, OrderRejected) == 1


@pytest.mark.parametrize("reserved_first", [True, False])
def test_a_withdrawn_reservation_ends_rejected_in_either_order(
    consumers: Consumers, database: Database, order_id: UUID, reserved_first: bool
) -> None:
    deliver(consumers["funds"], timer(order_id), times=2)
    assert said(database, ReservationWithdrawn) == 1
    assert state(database, order_id) == "pending"
    answers = [builders.funds_reserved(order_id), released(order_id)]
    for event in answers if reserved_first else reversed(answers):
        deliver(consumers["funds"], event, times=2)
    assert state(database, order_id) == "rejected"
    assert said(database, SendingStarted) == 0


@pytest.mark.parametrize("timer_first", [True, False])
def test_a_timer_and_a_refusal_end_rejected_in_either_order(
    consumers: Consumers, database: Database, order_id: UUID, timer_first: bool
) -> None:
    events = [timer(order_id), builders.funds_refused(order_id)]
    for event in events if timer_first else reversed(events):
        deliver(consumers["funds"], event, times=2)
    assert state(database, order_id) == "rejected"


def test_a_timer_that_is_none_of_ours_is_poison(consumers: Consumers) -> None:
    with pytest.raises(Poison):
        deliver(consumers["funds"], timer(uuid4()).model_copy(update={"key": "plan/7"}))


@pytest.mark.rule("ORD-17")
@pytest.mark.rule("ORD-18")
@pytest.mark.parametrize("failure_first", [True, False])
def test_reports_in_either_order_end_in_success_and_the_order_is_sent_once(
    consumers: Consumers,
    settings: Settings,
    database: Database,
    fixed_clock: FixedClock,
    order_id: UUID,
    failure_first: bool,
) -> None:
    deliver(consumers["funds"], builders.funds_reserved(order_id))
    loop = main.wire_loops(settings, database, fixed_clock, {"giftishow": ScriptedSupplier()})[0]
    assert loop.step()
    with database.engine.connect() as connection:
        first, second = connection.execute(text("SELECT id FROM order_lines ORDER BY line_no")).scalars()

    def reported(line_id: UUID, outcome: DeliveryOutcome) -> MessagesReported:
        reports = (builders.a_report(line_id, outcome),)
        return MessagesReported(report_id=uuid4(), order_id=order_id, chunk_no=0, wave=0, reports=reports)

    about_first = [reported(first, DeliveryOutcome.FAILED), reported(first, DeliveryOutcome.SUCCESS)]
    for event in about_first if failure_first else reversed(about_first):
        deliver(consumers["reports"], event, times=2)
    deliver(consumers["reports"], reported(second, DeliveryOutcome.SUCCESS), times=2)
    with database.engine.connect() as connection:
        row = connection.execute(text("SELECT state, success, failed, error FROM orders")).one()
    assert tuple(row) == ("sent", 2, 0, 0)
    assert said(database, OrderSent) == 1


@pytest.mark.parametrize("generations", [(3, 2), (2, 3)])
def test_revoked_sessions_keep_the_highest_floor(
    consumers: Consumers, database: Database, generations: tuple[int, int]
) -> None:
    for generation in generations:
        event = SessionsRevoked(subject_id=MASTER, version=generation, lowest_generation=generation)
        deliver(consumers["control"], event, times=2)
    with database.engine.connect() as connection:
        floor = connection.execute(text("SELECT lowest_generation FROM session_floors")).scalar_one()
    assert floor == 3


@pytest.mark.rule("ORD-37")
def test_a_timed_price_in_a_copy_switches_by_the_clock(
    consumers: Consumers, stocked: Unit, fixed_clock: FixedClock
) -> None:
    begins = fixed_clock.now() + timedelta(hours=1)
    deliver(consumers["state"], builders.a_repricing(builders.an_offer(), 4_700, begins))
    with stocked() as uow:
        coffee = uow.copies.offers([COFFEE])[0]
    assert coffee.sale_price_krw_at(fixed_clock.now()) == 4_500
    fixed_clock.advance(timedelta(hours=1))
    assert coffee.sale_price_krw_at(fixed_clock.now()) == 4_700
