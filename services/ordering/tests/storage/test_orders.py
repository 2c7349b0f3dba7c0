"""Orders in PostgreSQL: ten thousand lines by COPY, numbers in order, nothing readable, bounded statements."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from uuid import UUID, uuid4

import pytest
from ordering_probe.builders import CAKE, COFFEE, MASTER, an_order, many_rows, rows
from sqlalchemy import event, text

from chassis.database import Database
from chassis.testing.plugin import published
from contracts.ordering.orders import OrderPlaced
from ordering.application.funds import accept_order
from ordering.application.placing import place_order
from ordering.application.queries import Viewer
from ordering.domain.order import OrderState
from ordering.settings import OrderRules
from ordering.storage.unit_of_work import PostgresUnitOfWork
from ordering.storage.views import PostgresOrderViews

Unit = Callable[[], AbstractContextManager[PostgresUnitOfWork]]


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """What is executed during the block; a COPY is not among it."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


@pytest.mark.rule("ORD-09")
def test_ten_thousand_recipients_are_stored_in_a_dozen_statements(
    stocked: Unit, database: Database, rules: OrderRules
) -> None:
    command = an_order(offer_ids=(COFFEE, CAKE), rows=many_rows(10_000), pay_amount_krw=135_000_000)
    with statements(database) as seen, stocked() as uow:
        order_id = place_order(command, uow, rules.placing())
    assert len(seen) <= 16
    with database.engine.connect() as connection:
        counts = connection.execute(
            text(
                "SELECT count(*), count(DISTINCT l.id) FROM order_lines l JOIN coupons c ON c.line_id = l.id "
                "WHERE l.order_id = :order_id AND c.state = 'waiting'"
            ),
            {"order_id": order_id},
        ).one()
    assert tuple(counts) == (20_000, 10_000)
    with database.transaction() as session:
        assert isinstance(published(session)[0], OrderPlaced)


@pytest.mark.rule("ADR-06")
def test_no_phone_stands_readable_in_the_database(stocked: Unit, database: Database, rules: OrderRules) -> None:
    with stocked() as uow:
        place_order(an_order(), uow, rules.placing())
    with database.engine.connect() as connection:
        line = connection.execute(text("SELECT l::text, phone FROM order_lines l")).one()
        said = connection.execute(text("SELECT string_agg(envelope, ' ') FROM outbox")).scalar_one()
    assert "01000000000" not in line[0]
    assert line.phone.startswith("test-1.")
    assert "01000000000" not in said


@pytest.mark.rule("ORD-16")
def test_orders_placed_at_once_get_different_numbers(stocked: Unit, database: Database, rules: OrderRules) -> None:
    def place() -> None:
        with stocked() as uow:
            place_order(an_order(), uow, rules.placing())

    threads = [threading.Thread(target=place) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.transaction() as session:
        numbers = {event.order_number for event in published(session) if isinstance(event, OrderPlaced)}
    assert len(numbers) == 8


def test_an_order_that_fails_while_it_is_stored_leaves_nothing(
    stocked: Unit, database: Database, rules: OrderRules
) -> None:
    def place_and_die() -> None:
        with stocked() as uow:
            place_order(an_order(), uow, rules.placing())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        place_and_die()
    with database.transaction() as session:
        assert published(session) == []
        assert session.execute(text("SELECT count(*) FROM order_lines")).scalar_one() == 0


def test_a_large_orders_chunks_are_laid_out_by_lines_and_coupons(
    stocked: Unit, database: Database, rules: OrderRules
) -> None:
    command = an_order(offer_ids=(COFFEE, CAKE), rows=rows(250), pay_amount_krw=250 * 13_500)
    with stocked() as uow:
        order_id = place_order(command, uow, rules.placing())
        accept_order(order_id, uow)
    with database.engine.connect() as connection:
        found = connection.execute(text("SELECT first_line_no, last_line_no FROM chunks ORDER BY chunk_no")).all()
    assert [tuple(row) for row in found] == [(1, 100), (101, 200), (201, 250)]


def test_a_page_of_orders_and_of_lines_costs_the_same_however_long_it_is(
    stocked: Unit, database: Database, rules: OrderRules
) -> None:
    with stocked() as uow:
        for _ in range(5):
            command = an_order(offer_ids=(COFFEE, CAKE), rows=rows(60), pay_amount_krw=60 * 13_500)
            order_id = place_order(command, uow, rules.placing())
    viewer = Viewer(an_order().company_id, MASTER, is_master=True)
    with database.transaction() as session:
        views = PostgresOrderViews(session)
        with statements(database) as seen:
            assert len(views.page(viewer, None, 5)) == 5
            assert len(seen) == 1
        with statements(database) as seen:
            lines = views.lines(order_id, 10, 50)
            assert [line.line_no for line in lines] == list(range(11, 61))
            assert all(len(line.coupons) == 2 for line in lines)
            assert len(seen) == 2


@pytest.mark.rule("ORD-24")
def test_a_sub_member_sees_own_orders_only_and_another_company_none(
    stocked: Unit, database: Database, rules: OrderRules
) -> None:
    company_id = an_order().company_id
    with stocked() as uow:
        of_master = place_order(an_order(), uow, rules.placing())
        of_sub = place_order(an_order(member_id=UUID(int=0xA2)), uow, rules.placing())
    with database.transaction() as session:
        views = PostgresOrderViews(session)

        def seen_by(viewer: Viewer) -> set[UUID]:
            return {order.order_id for order in views.page(viewer, None, 50)}

        assert seen_by(Viewer(company_id, MASTER, is_master=True)) == {of_master, of_sub}
        assert seen_by(Viewer(company_id, UUID(int=0xA2), is_master=False)) == {of_sub}
        assert seen_by(Viewer(uuid4(), MASTER, is_master=True)) == set()
        found = views.order(of_sub, Viewer(company_id, MASTER, is_master=True))
        assert found is not None
        assert (found.state, found.member_name) == (OrderState.PENDING, "김서브")
