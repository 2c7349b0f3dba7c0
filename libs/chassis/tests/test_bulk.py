"""Rows are added and changed in bulk: every kind of value arrives as it was given, and only where it may."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    event,
    insert,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateTable

from chassis.bulk import BulkInsert, BulkUpdate
from chassis.columns import EncryptedText, bind_column_keys, encrypt_text
from chassis.database import Database
from chassis.sealing import Keyring

PHONE = "probe.phone"

people = Table(
    "bulk_people",
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("name", Text),
    Column("seen_at", DateTime(timezone=True)),
    Column("born_on", Date),
    Column("is_known", Boolean),
    Column("hash", LargeBinary),
    Column("phone", EncryptedText(PHONE)),
    Column("more", JSONB),
    prefixes=["TEMPORARY"],
)
CHANGING = ("name", "seen_at", "born_on", "is_known", "hash", "phone", "more")
CHANGE = BulkUpdate(people, keys=("id", "number"), changing=CHANGING)
ADD = BulkInsert(people, ("id", "number", *CHANGING))
CHANGE_UNKNOWN = BulkUpdate(people, keys=("id", "number"), changing=("name",), only=("is_known", [False]))


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A transaction with the table in it, which nobody else sees."""
    bind_column_keys(Keyring("b1", {"b1": bytes(32)}))
    with database.transaction() as session:
        session.execute(CreateTable(people))
        yield session


def test_every_kind_of_value_arrives_as_it_was_given(session: Session) -> None:
    first, second = add(session), add(session)
    phone = encrypt_text(PHONE, "01012345678")
    given_values = ('김\t"하나"\\\n{NULL}', datetime(2026, 3, 2, 1, 2, 3, 456789, UTC), date(2026, 2, 28), True)
    CHANGE.execute(session, [(first, 1, *given_values, b"\x00\xff", phone, {"a": [1, None]}), (second, 1, *NOTHING)])
    assert of(session, first) == (*given_values, b"\x00\xff", "01012345678", {"a": [1, None]})
    assert of(session, second) == NOTHING


def test_only_the_named_rows_are_changed_and_only_where_they_may_be(session: Session) -> None:
    known, unknown, other = add(session, is_known=True), add(session, is_known=False), add(session, is_known=False)
    CHANGE_UNKNOWN.execute(session, [(known, 1, "new"), (unknown, 1, "new"), (uuid4(), 1, "new"), (other, 2, "new")])
    assert [of(session, person)[0] for person in (known, unknown, other)] == ["old", "new", "old"]


def test_no_row_is_no_statement_and_a_row_of_another_length_is_refused(session: Session) -> None:
    CHANGE.execute(session, [])
    with pytest.raises(ValueError, match="shorter"):
        CHANGE.execute(session, [(uuid4(), 1, "name")])


def test_what_is_no_value_of_a_column_is_refused(session: Session) -> None:
    with pytest.raises(TypeError, match="object"):
        CHANGE_UNKNOWN.execute(session, [(add(session), 1, object())])


def test_rows_are_found_by_their_keys_whatever_the_statistics_say(session: Session) -> None:
    """As when an order is sent: all rows of before are known, and thousands of unknown ones have just come."""
    for is_known in (True, False):
        rows = [{"id": uuid4(), "number": 1, "name": "old", "is_known": is_known} for _ in range(3_000)]
        session.execute(insert(people), rows)
        if is_known:
            session.execute(text("ANALYZE bulk_people"))
    plans: list[str] = []

    def explain(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        cursor.execute(f"EXPLAIN {statement}", parameters)
        plans.extend(row[0] for row in cursor.fetchall())

    event.listen(session.connection(), "before_cursor_execute", explain)
    CHANGE_UNKNOWN.execute(session, [(row["id"], 1, "new") for row in rows[:100]])
    assert plans
    assert not [line for line in plans if "Join Filter" in line]


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_arrives_as_it_was_given(session: Session, name: str) -> None:
    person = add(session, is_known=False)
    CHANGE_UNKNOWN.execute(session, [(person, 1, name)])
    assert of(session, person)[0] == name


NOTHING = (None,) * len(CHANGING)


def add(session: Session, *, is_known: bool | None = None) -> UUID:
    """A person named `old`."""
    person = uuid4()
    session.execute(insert(people).values(id=person, number=1, name="old", is_known=is_known))
    return person


def of(session: Session, person: UUID) -> tuple[object, ...]:
    """What is stored of a person beside the keys."""
    statement = select(*(people.c[name] for name in CHANGING)).where(people.c.id == person, people.c.number == 1)
    return tuple(session.execute(statement).one())


def test_only_rows_that_are_new_are_added_and_every_value_arrives(session: Session) -> None:
    at, born_on = datetime(2026, 3, 2, 1, 2, 3, 456_789, tzinfo=UTC), date(1988, 2, 29)
    phone = encrypt_text(PHONE, "01012345678")
    row = (uuid4(), 1, "'홍'\\n\"", at, born_on, True, b"\x00\xff", phone, {"a": [1]})
    other = (uuid4(), 2, None, None, None, None, None, None, None)
    assert ADD.execute(session, []) == 0
    assert ADD.execute(session, [row]) == 1
    assert ADD.execute(session, [other, (*row[:2], "another", *row[3:])]) == 1
    found = {each.id: tuple(each) for each in session.execute(select(people))}
    assert found == {row[0]: (*row[:7], "01012345678", row[8]), other[0]: other}
