"""The month turns while coupons are issued: each belongs to one month, and the closed one never changes (WAL-12)."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
from ordering_probe.builders import COMPANY, an_order, rows
from ordering_probe.suppliers import ScriptedSupplier
from sqlalchemy import text

from chassis.clock import FixedClock
from chassis.consumer import Consumer
from chassis.database import Database
from chassis.testing.plugin import deliver, published
from chassis.worker import Loop
from contracts.ordering.coupons import CouponsIssued, IssuingMonthClosed
from contracts.scheduler import MonthTurned
from ordering import main
from ordering.application.funds import accept_order
from ordering.application.issuing import begin_turn, call_suppliers, end_turn
from ordering.application.placing import place_order
from ordering.settings import OrderRules, Settings
from ordering.storage.unit_of_work import PostgresUnitOfWork

Unit = Callable[[], AbstractContextManager[PostgresUnitOfWork]]

APRIL_BEGINS = datetime(2026, 3, 31, 15, tzinfo=UTC)
"""Midnight in Seoul."""
TURN = MonthTurned(month="2026-04", began_at=APRIL_BEGINS)


@pytest.fixture
def calendar(settings: Settings, database: Database, fixed_clock: FixedClock) -> Consumer[PostgresUnitOfWork]:
    return next(one for one in main.wire_consumers(settings, database, fixed_clock) if one.queue.lane == "calendar")


@pytest.fixture
def supplier() -> ScriptedSupplier:
    return ScriptedSupplier()


@pytest.fixture
def loops(
    settings: Settings, database: Database, fixed_clock: FixedClock, supplier: ScriptedSupplier
) -> dict[str, Loop]:
    return {one.name: one for one in main.wire_loops(settings, database, fixed_clock, {"giftishow": supplier})}


def send(unit: Unit, rules: OrderRules, people: int, **changes: object) -> None:
    with unit() as uow:
        command = an_order(rows=rows(people), pay_amount_krw=4_500 * people, **changes)
        accept_order(place_order(command, uow, rules.placing()), uow)


def said(database: Database, kind: type) -> list[object]:
    with database.transaction() as session:
        return [event for event in published(session) if isinstance(event, kind)]


def closed(database: Database) -> list[tuple[str, int, int]]:
    return [
        (event.month, event.coupons, event.amount_krw)
        for event in said(database, IssuingMonthClosed)
        if isinstance(event, IssuingMonthClosed)
    ]


@pytest.mark.rule("WAL-12")
def test_a_closed_month_is_said_once_with_its_coupons_revoked_ones_among_them(
    calendar: Consumer[PostgresUnitOfWork],
    loops: dict[str, Loop],
    database: Database,
    stocked: Unit,
    rules: OrderRules,
    fixed_clock: FixedClock,
) -> None:
    fixed_clock.set(APRIL_BEGINS - timedelta(microseconds=1))
    send(stocked, rules, 3)
    assert loops["ordering.issuing"].step()
    with database.transaction() as session:
        session.execute(
            text("UPDATE coupons SET state = 'revoked' WHERE line_id = (SELECT line_id FROM coupons LIMIT 1)")
        )
    fixed_clock.set(APRIL_BEGINS)
    send(stocked, rules, 1)
    assert loops["ordering.issuing"].step()
    assert not loops["ordering.month-closing"].step()
    deliver(calendar, TURN, times=2)
    assert loops["ordering.month-closing"].step()
    assert not loops["ordering.month-closing"].step()
    assert closed(database) == [("2026-03", 3, 13_500)]


@pytest.mark.rule("WAL-12")
def test_a_chunk_unanswered_at_the_turn_and_a_coupon_of_unknown_outcome_belong_to_the_month_of_their_recording(
    calendar: Consumer[PostgresUnitOfWork],
    loops: dict[str, Loop],
    supplier: ScriptedSupplier,
    database: Database,
    stocked: Unit,
    settings: Settings,
    rules: OrderRules,
    fixed_clock: FixedClock,
) -> None:
    """The clock of the process that issues lags behind the turn: what it records is April's all the same."""
    fixed_clock.set(APRIL_BEGINS - timedelta(seconds=2))
    supplier.mood = lambda call: "lost" if call.phone.endswith("0000") else "well"
    send(stocked, rules, 2)
    with stocked() as uow:
        turn = begin_turn(uow, settings.patience())
    assert turn is not None
    answered = call_suppliers(turn, {"giftishow": supplier})
    deliver(calendar, TURN)
    with stocked() as uow:
        end_turn(turn, answered, uow, settings.patience())
    supplier.mood = lambda _: "well"
    fixed_clock.set(APRIL_BEGINS + timedelta(minutes=1))
    assert loops["ordering.issuing"].step()
    assert loops["ordering.month-closing"].step()
    assert closed(database) == []
    issued = [event for event in said(database, CouponsIssued) if isinstance(event, CouponsIssued)]
    assert [event.coupons for event in issued] == [1, 1]
    assert min(event.issued_at for event in issued) == APRIL_BEGINS
    with database.engine.connect() as connection:
        rows_at = connection.execute(text("SELECT issued_at FROM coupons ORDER BY issued_at")).scalars().all()
    assert rows_at == [event.issued_at for event in issued]
    deliver(calendar, MonthTurned(month="2026-05", began_at=APRIL_BEGINS + timedelta(days=30)))
    assert loops["ordering.month-closing"].step()
    assert closed(database) == [("2026-04", 2, 9_000)]


@pytest.mark.rule("WAL-12")
def test_closing_waits_for_coupons_that_are_being_recorded(
    calendar: Consumer[PostgresUnitOfWork], database: Database, stocked: Unit
) -> None:
    def turn_month() -> None:
        deliver(calendar, TURN)

    with stocked() as uow:
        assert uow.months.hold_open() is None
        turning = threading.Thread(target=turn_month)
        turning.start()
        turning.join(timeout=0.5)
        assert turning.is_alive()
    turning.join()
    with stocked() as uow:
        assert uow.months.hold_open() == APRIL_BEGINS


def test_months_turned_late_and_out_of_order_are_each_counted(
    calendar: Consumer[PostgresUnitOfWork],
    loops: dict[str, Loop],
    database: Database,
    stocked: Unit,
    rules: OrderRules,
    fixed_clock: FixedClock,
) -> None:
    for at in (APRIL_BEGINS - timedelta(days=1), APRIL_BEGINS + timedelta(days=1)):
        fixed_clock.set(at)
        send(stocked, rules, 1)
        assert loops["ordering.issuing"].step()
    fixed_clock.set(APRIL_BEGINS + timedelta(days=40))
    for event in (MonthTurned(month="2026-05", began_at=APRIL_BEGINS + timedelta(days=30)), TURN):
        deliver(calendar, event)
    while loops["ordering.month-closing"].step():
        pass
    assert closed(database) == [("2026-03", 1, 4_500), ("2026-04", 1, 4_500)]
    assert {event.company_id for event in said(database, IssuingMonthClosed)} == {COMPANY}  # type: ignore[attr-defined]
