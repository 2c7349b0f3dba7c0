"""Which request a piece of work belongs to, and ids in the order of their making."""

import threading
from uuid import UUID

import pytest

from chassis.context import Context, current, use
from chassis.ids import new_id


def test_work_inside_a_block_belongs_to_its_request() -> None:
    outer, inner = Context.begin(), Context(correlation_id=new_id(), causation_id=new_id())
    with use(outer):
        with use(inner):
            assert current() == inner
        assert current() == outer


def test_the_context_before_comes_back_after_an_error() -> None:
    before = Context.begin()

    def fail() -> None:
        with use(Context.begin()):
            raise ZeroDivisionError

    with use(before):
        with pytest.raises(ZeroDivisionError):
            fail()
        assert current() == before


def test_work_outside_any_block_is_unrelated() -> None:
    assert current().correlation_id != current().correlation_id
    assert current().causation_id is None


def test_a_thread_does_not_inherit_another_ones_request() -> None:
    seen: list[UUID] = []
    with use(Context.begin()) as context:
        thread = threading.Thread(target=lambda: seen.append(current().correlation_id))
        thread.start()
        thread.join()
    assert seen != [context.correlation_id]


def test_ids_are_uuids_of_version_7_in_the_order_of_their_making() -> None:
    ids = [new_id() for _ in range(10_000)]
    assert {made.version for made in ids} == {7}
    assert ids == sorted(ids)
    assert len(set(ids)) == 10_000
