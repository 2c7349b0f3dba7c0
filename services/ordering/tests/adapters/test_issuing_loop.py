"""The loop whole: PostgreSQL on one side, the supplier's wire on the other."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from ordering_probe.builders import CAKE, COFFEE, an_order, rows
from ordering_probe.sandboxes import SupplierWorld
from sqlalchemy import event, text

from chassis.chunks import ChunkCaller
from chassis.clock import FixedClock
from chassis.database import Database
from chassis.testing.plugin import published
from chassis.worker import Loop
from contracts.ordering.coupons import CouponsFailed, CouponsIssued
from contracts.ordering.dispatches import DispatchRequested
from ordering import main
from ordering.adapters.giftishow import NAME, Giftishow
from ordering.application.funds import accept_order
from ordering.application.placing import place_order
from ordering.domain.line import Row
from ordering.settings import OrderRules, Settings
from ordering.storage.unit_of_work import PostgresUnitOfWork

Unit = Callable[[], AbstractContextManager[PostgresUnitOfWork]]


@pytest.fixture
def loop(
    settings: Settings, database: Database, fixed_clock: FixedClock, supplier_world: SupplierWorld
) -> Iterator[Loop]:
    with ChunkCaller() as caller:
        suppliers = {NAME: Giftishow(supplier_world.account, caller)}
        yield main.wire_loops(settings, database, fixed_clock, suppliers)[0]


def sending(unit: Unit, rules: OrderRules, people: tuple[Row, ...]) -> None:
    with unit() as uow:
        command = an_order(offer_ids=(COFFEE, CAKE), rows=people, pay_amount_krw=13_500 * len(people))
        order_id = place_order(command, uow, rules.placing())
        accept_order(order_id, uow)


def test_a_chunk_goes_out_and_its_numbers_are_stored_unreadable(
    stocked: Unit, database: Database, rules: OrderRules, loop: Loop, supplier_world: SupplierWorld
) -> None:
    sending(stocked, rules, rows(100))
    assert loop.step()
    assert not loop.step()
    with database.transaction() as session:
        events = published(session)
        stored = session.execute(text("SELECT number FROM coupons")).scalars().all()
        said = session.execute(text("SELECT string_agg(envelope, '') FROM outbox")).scalar_one()
    issued = [one for one in events if isinstance(one, CouponsIssued)]
    requested = [one for one in events if isinstance(one, DispatchRequested)]
    assert [(one.coupons, one.amount_krw) for one in issued] == [(200, 1_350_000)]
    assert [len(one.rows) for one in requested] == [100]
    pins = {entry["answer"]["result"]["result"]["pinNo"] for entry in supplier_world.calls("send")}
    assert len(pins) == 200
    assert all(number.startswith("test-1.") for number in stored)
    assert not any(pin in said for pin in pins)


def test_a_turn_costs_the_same_statements_for_one_line_and_for_a_hundred(
    stocked: Unit, database: Database, rules: OrderRules, loop: Loop
) -> None:
    seen: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    sending(stocked, rules, rows(1))
    seen.clear()
    loop.step()
    for_one = len(seen)
    sending(stocked, rules, rows(100))
    seen.clear()
    loop.step()
    assert len(seen) == for_one
    assert for_one <= 24


@pytest.mark.rule("ORD-33")
def test_recipients_of_every_fate_come_to_rest_with_one_coupon_each_or_their_money_back(
    stocked: Unit,
    database: Database,
    rules: OrderRules,
    loop: Loop,
    fixed_clock: FixedClock,
    supplier_world: SupplierWorld,
) -> None:
    """9011 goods error, 9012 a time-out after issuing, 9013 a deduction without a coupon, 0000 well."""
    people = tuple(Row(phone, "홍길동") for phone in ("01000000001", "01090110001", "01090120001", "01090130001"))
    sending(stocked, rules, people)
    for seconds in (0, 10, 60, 300, 1, 1):
        fixed_clock.advance(timedelta(seconds=seconds))
        while loop.step():
            pass
    with database.transaction() as session:
        events = published(session)
        states = session.execute(
            text(
                "SELECT l.line_no, c.state FROM coupons c JOIN order_lines l ON l.id = c.line_id "
                "ORDER BY l.line_no, c.item_no"
            )
        ).all()
        open_chunks = session.execute(text("SELECT count(*) FROM chunks WHERE state <> 'done'")).scalar_one()
    assert [row.state for row in states] == ["issued"] * 2 + ["issue_failed"] * 2 + ["issued"] * 2 + [
        "issue_failed"
    ] * 2
    assert sum(one.amount_krw for one in events if isinstance(one, CouponsIssued | CouponsFailed)) == 4 * 13_500
    assert sum(len(one.rows) for one in events if isinstance(one, DispatchRequested)) == 2
    assert open_chunks == 0
    keys = [entry["request"]["tr_id"] for entry in supplier_world.calls("send")]
    assert len(keys) == len(set(keys)) == 8


def test_a_supplier_that_is_away_is_waited_for(
    stocked: Unit, settings: Settings, database: Database, rules: OrderRules, fixed_clock: FixedClock
) -> None:
    sending(stocked, rules, rows(1))
    with ChunkCaller() as caller:
        suppliers = {NAME: Giftishow(main._giftishow_account(settings), caller)}
        loop = main.wire_loops(settings, database, fixed_clock, suppliers)[0]
        assert loop.step()
        assert not loop.step()
    with database.transaction() as session:
        assert not [one for one in published(session) if isinstance(one, CouponsFailed)]
        attempts = session.execute(text("SELECT DISTINCT state FROM issue_attempts")).scalars().all()
    assert attempts == ["retryable"]
