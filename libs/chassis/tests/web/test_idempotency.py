"""A write under a key happens once, whoever repeats it and however many at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import BaseModel
from sqlalchemy import func, select, text

from chassis.clock import FixedClock
from chassis.database import Database
from chassis.idempotency import IdempotencyKeyReused, IdempotencyKeys, Once, RequestInProgress
from chassis.tables import idempotency_keys


class Body(BaseModel):
    label: str
    amount: int = 1
    nested: dict[str, Any] = {}


class Desk:
    """Makes a resource under a key, one transaction a call, and counts how often."""

    def __init__(self, database: Database, clock: FixedClock) -> None:
        self.database, self.clock = database, clock
        self.made: list[UUID] = []

    def make(
        self,
        key: str = "key",
        body: Any = None,
        *,
        scope: str = "tenant",
        operation: str = "make",
        before_end: Callable[[], object] = lambda: None,
    ) -> Once:
        def create() -> UUID:
            self.made.append(uuid4())
            return self.made[-1]

        with self.database.transaction() as session:
            once = IdempotencyKeys(session, self.clock).once(
                scope=scope, key=key, operation=operation, body=body or Body(label="a"), create=create
            )
            before_end()
            return once

    def stored(self) -> int:
        with self.database.transaction() as session:
            return session.scalar(select(func.count()).select_from(idempotency_keys)) or 0


@pytest.fixture
def desk(database: Database, fixed_clock: FixedClock) -> Desk:
    return Desk(database, fixed_clock)


def test_the_repetition_finds_what_the_first_request_made(desk: Desk) -> None:
    first, second = desk.make(), desk.make()
    assert (first.replayed, second.replayed) == (False, True)
    assert first.resource_id == second.resource_id
    assert len(desk.made) == 1


def test_another_body_is_refused_and_the_differing_fields_are_named(desk: Desk) -> None:
    desk.make(body=Body(label="a", nested={"x": 1, "y": 2}))
    with pytest.raises(IdempotencyKeyReused) as refusal:
        desk.make(body=Body(label="b", amount=2, nested={"y": 2, "x": 1}))
    assert refusal.value.fields == ("amount", "label")


def test_the_order_of_keys_in_a_body_makes_no_difference(desk: Desk) -> None:
    desk.make(body={"a": 1, "b": {"c": 2, "d": 3}})
    assert desk.make(body={"b": {"d": 3, "c": 2}, "a": 1}).replayed


def test_a_number_beyond_64_bits_is_told_from_another_like_any_value(desk: Desk) -> None:
    body = {"amount": 10**30}
    assert desk.make(body=body) == Once(desk.made[0], replayed=False)
    assert desk.make(body=body).replayed
    with pytest.raises(IdempotencyKeyReused):
        desk.make(body={"amount": 10**30 + 1})


def test_a_field_that_a_later_release_adds_does_not_break_older_keys(desk: Desk) -> None:
    class Later(Body):
        colour: str | None = None

    desk.make(body=Body(label="a"))
    assert desk.make(body=Later(label="a")).replayed
    with pytest.raises(IdempotencyKeyReused) as refusal:
        desk.make(body=Later(label="a", colour="red"))
    assert refusal.value.fields == ("colour",)


def test_keys_of_others_and_of_other_operations_are_other_keys(desk: Desk) -> None:
    made = {
        desk.make(scope=scope, operation=operation, key=key).resource_id
        for scope, operation, key in [
            ("a", "b", "c"),
            ("b", "a", "c"),
            ("ab", "", "c"),
            ("a", "bc", "x"),
            ("a", "b", "x"),
        ]
    }
    assert len(made) == 5


def test_a_failure_leaves_the_key_unused(desk: Desk) -> None:
    def fail() -> None:
        raise RuntimeError("after making")

    with pytest.raises(RuntimeError):
        desk.make(before_end=fail)
    assert desk.stored() == 0
    assert not desk.make().replayed


def test_while_one_request_is_at_it_the_repetition_is_told_to_come_again(desk: Desk) -> None:
    entered, leave = Event(), Event()

    def hold() -> None:
        entered.set()
        assert leave.wait(10)

    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(desk.make, before_end=hold)
        assert entered.wait(10)
        with pytest.raises(RequestInProgress) as refusal:
            desk.make()
        leave.set()
        assert not first.result().replayed
    assert refusal.value.retry_after_seconds > 0
    assert desk.make().replayed


def test_many_at_once_make_one(desk: Desk) -> None:
    together = Barrier(4)

    def race(_: int) -> Once | None:
        together.wait()
        try:
            return desk.make()
        except RequestInProgress:
            return None

    for turn in range(10):
        desk.made.clear()
        with desk.database.transaction() as session:
            session.execute(text("DELETE FROM idempotency_keys"))
        with ThreadPoolExecutor(4) as pool:
            answers = [answer for answer in pool.map(race, range(4)) if answer is not None]
        assert len(desk.made) == 1, turn
        assert {answer.resource_id for answer in answers} == set(desk.made)
        assert desk.stored() == 1


def test_neither_the_key_nor_the_body_can_be_read_from_the_table(desk: Desk) -> None:
    desk.make(key="the-client-s-own-key", body={"phone": "01012345678"})
    desk.make(key="another-key", body={"phone": "01012345678"})
    with desk.database.transaction() as session:
        rows = session.execute(select(idempotency_keys)).all()
    assert "01012345678" not in str(rows)
    assert "the-client-s-own-key" not in str(rows)
    assert rows[0].field_digests != rows[1].field_digests


class TestOverHttp:
    def test_the_same_request_again_shows_the_same_thing(self, make: Any) -> None:
        first, second = make(), make()
        assert (first.status_code, second.status_code) == (201, 201)
        assert first.get_json() == second.get_json()

    def test_another_body_under_the_key_is_a_422_that_names_the_fields(self, make: Any) -> None:
        make()
        response = make(label="칼", tags=["new"])
        document = response.get_json()
        assert (response.status_code, document["code"]) == (422, "idempotency_key_reused")
        assert document["fields"] == ["label", "tags"]
        assert "label, tags" in document["message"]["ko"]

    def test_a_request_in_progress_is_a_409_with_a_time_to_come_again(
        self, make: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def busy(*_: Any, **__: Any) -> Any:
            raise RequestInProgress

        monkeypatch.setattr("chassis.idempotency.IdempotencyKeys.once", busy)
        response = make()
        assert (response.status_code, response.get_json()["code"]) == (409, "request_in_progress")
        assert response.headers["Retry-After"] == "1"

    def test_every_visible_ascii_character_may_stand_in_a_key(self, make: Any) -> None:
        assert make(key="".join(map(chr, range(0x21, 0x7F)))).status_code == 201
        assert make(key="x" * 255).status_code == 201
