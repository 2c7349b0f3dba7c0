"""Claims of chunks: one worker each, fair to small orders, free again after the lease."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID, uuid4

import pytest
from ordering_probe.builders import an_order, rows
from sqlalchemy import text

from chassis.database import Database
from ordering.application.funds import accept_order
from ordering.application.placing import place_order
from ordering.application.sending_ports import ChunkKey
from ordering.settings import OrderRules
from ordering.storage.unit_of_work import PostgresUnitOfWork

Unit = Callable[[], AbstractContextManager[PostgresUnitOfWork]]


def sending(unit: Unit, people: int, rules: OrderRules) -> UUID:
    """An order that is being sent."""
    with unit() as uow:
        order_id = place_order(an_order(rows=rows(people), pay_amount_krw=4_500 * people), uow, rules.placing())
        accept_order(order_id, uow)
    return order_id


def claim(unit: Unit, owner: UUID) -> ChunkKey | None:
    with unit() as uow:
        return uow.chunks.claim(uow.now(), owner, 60)


def test_two_workers_never_hold_one_chunk(stocked: Unit, rules: OrderRules) -> None:
    sending(stocked, 150, rules)
    with stocked() as one, stocked() as other:
        claimed = [uow.chunks.claim(uow.now(), uuid4(), 60) for uow in (one, other)]
    assert {key.chunk_no for key in claimed if key} == {0, 1}
    assert claim(stocked, uuid4()) is None


def test_a_small_order_goes_before_the_rest_of_a_large_one(stocked: Unit, rules: OrderRules) -> None:
    large = sending(stocked, 500, rules)
    first = claim(stocked, uuid4())
    small = sending(stocked, 1, rules)
    second = claim(stocked, uuid4())
    assert first is not None
    assert second is not None
    assert (first.order_id, second.order_id) == (large, small)


def test_a_dead_workers_chunk_is_free_after_its_lease(stocked: Unit, database: Database, rules: OrderRules) -> None:
    sending(stocked, 1, rules)
    assert claim(stocked, uuid4()) is not None
    with database.transaction() as session:
        session.execute(text("UPDATE chunks SET lease_until = clock_timestamp() - interval '1 second'"))
    assert claim(stocked, uuid4()) is not None


@pytest.mark.parametrize("is_last", [True, False])
def test_who_lost_the_lease_takes_nothing_from_the_new_owner(
    stocked: Unit, database: Database, rules: OrderRules, is_last: bool
) -> None:
    sending(stocked, 1, rules)
    old, new = uuid4(), uuid4()
    key = claim(stocked, old)
    assert key is not None
    with database.transaction() as session:
        session.execute(text("UPDATE chunks SET lease_until = clock_timestamp() - interval '1 second'"))
    assert claim(stocked, new) == key
    with stocked() as uow:
        uow.chunks.finish_turn(key, old, 1, None if is_last else uow.now())
    with database.engine.connect() as connection:
        row = connection.execute(text("SELECT owner, state, next_wave FROM chunks")).one()
    assert (row.owner, row.state, row.next_wave) == (new, "open", 1)
