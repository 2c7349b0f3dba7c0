"""Encrypted columns and keyed hashes, in Python and in a real table."""

import os
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, Table, Text, Uuid, create_engine, insert, select, text, update

from chassis.columns import (
    ColumnKeysMissingError,
    EncryptedComparisonError,
    EncryptedText,
    KeyedHash,
    bind_column_keys,
    decrypt_text,
    encrypt_text,
    reencrypt,
)
from chassis.database import Database, database_url
from chassis.sealing import Keyring, UnknownKeyError, UnreadableValueError

OLD, NEW = os.urandom(32), os.urandom(32)
BEFORE = Keyring("k1", {"k1": OLD})
BOTH = Keyring("k2", {"k1": OLD, "k2": NEW})
AFTER = Keyring("k2", {"k2": NEW})
HASH = KeyedHash(BEFORE)

metadata = MetaData()
people = Table(
    "people",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("phone", EncryptedText("people.phone")),
    Column("account", EncryptedText("people.account")),
    Column("note", Text),
)


@pytest.fixture(autouse=True)
def _keys() -> Iterator[None]:
    bind_column_keys(BEFORE)
    yield
    bind_column_keys(BEFORE)


@pytest.fixture
def database(database: Database, postgres_server: str) -> Database:
    """The probe's database, with a table of people in it."""
    server = create_engine(database_url(postgres_server).set(database=database.engine.url.database))
    with server.begin() as connection:
        metadata.create_all(connection)
        connection.execute(text("GRANT ALL ON people TO PUBLIC"))
    server.dispose()
    return database


def add(database: Database, phone: str | None) -> UUID:
    person_id = uuid4()
    with database.transaction() as session:
        session.execute(insert(people).values(id=person_id, phone=phone))
    return person_id


def stored(database: Database, person_id: UUID) -> str | None:
    with database.transaction() as session:
        return session.scalar(text("SELECT phone FROM people WHERE id = :id"), {"id": person_id})


def phone_of(database: Database, person_id: UUID) -> str | None:
    with database.transaction() as session:
        return session.scalar(select(people.c.phone).where(people.c.id == person_id))


@given(st.text())
def test_a_stored_text_is_read_as_it_was(value: str) -> None:
    assert decrypt_text("p", encrypt_text("p", value)) == value


@given(st.text())
def test_a_value_copied_into_another_column_does_not_open(value: str) -> None:
    with pytest.raises(UnreadableValueError):
        decrypt_text("people.account", encrypt_text("people.phone", value))


@pytest.mark.parametrize("wrong", ["", "01012345678", "k1.", "k1.%%", "k1.AAAA", "k1.한"])
def test_what_was_never_encrypted_is_a_clear_error(wrong: str) -> None:
    with pytest.raises(UnreadableValueError):
        decrypt_text("p", wrong)


def test_a_value_names_its_key() -> None:
    assert encrypt_text("p", "값").startswith("k1.")
    with pytest.raises(UnknownKeyError):
        decrypt_text("p", "k9.AAAA")


def test_without_keys_nothing_is_written_in_the_clear() -> None:
    bind_column_keys(None)  # type: ignore[arg-type]
    with pytest.raises(ColumnKeysMissingError):
        encrypt_text("p", "값")


def test_a_column_is_encrypted_in_the_database_and_read_in_the_clear(database: Database) -> None:
    person_id = add(database, "01012345678")
    in_the_database = stored(database, person_id)
    assert in_the_database is not None
    assert "01012345678" not in in_the_database
    assert phone_of(database, person_id) == "01012345678"


def test_null_stays_null(database: Database) -> None:
    person_id = add(database, None)
    assert stored(database, person_id) is None
    assert phone_of(database, person_id) is None
    with database.transaction() as session:
        assert session.scalar(select(people.c.id).where(people.c.phone.is_(None))) == person_id
        assert session.scalar(select(people.c.id).where(people.c.phone.is_not(None))) is None


def test_the_wrong_key_is_a_clear_error(database: Database) -> None:
    person_id = add(database, "01012345678")
    bind_column_keys(Keyring("k1", {"k1": NEW}))
    with pytest.raises(UnreadableValueError, match=r"people\.phone"):
        phone_of(database, person_id)


def test_a_value_moved_between_columns_in_the_database_does_not_open(database: Database) -> None:
    add(database, "01012345678")
    with database.transaction() as session:
        session.execute(text("UPDATE people SET account = phone"))
    with database.transaction() as session, pytest.raises(UnreadableValueError, match=r"people\.account"):
        session.scalar(select(people.c.account))


def test_comparing_ciphertexts_in_sql_is_refused() -> None:
    for compare in (
        lambda: people.c.phone == "01012345678",
        lambda: people.c.phone.in_(["01012345678"]),
        lambda: people.c.phone.like("010%"),
        lambda: people.c.phone < "02",
        people.c.phone.desc,
    ):
        with pytest.raises(EncryptedComparisonError):
            compare()


def test_rows_move_to_the_new_key_batch_by_batch(database: Database) -> None:
    numbers = {add(database, f"0101234567{n}"): f"0101234567{n}" for n in range(5)}
    untouched = add(database, None)
    bind_column_keys(BOTH)
    done = []
    while not done or done[-1]:
        with database.transaction() as session:
            done.append(reencrypt(session, people, people.c.phone, batch_rows_max=2))
    assert done == [2, 2, 1, 0]
    bind_column_keys(AFTER)
    assert {person_id: phone_of(database, person_id) for person_id in numbers} == numbers
    assert phone_of(database, untouched) is None


def test_a_row_that_somebody_holds_is_moved_later(database: Database) -> None:
    held, free = add(database, "01011112222"), add(database, "01033334444")
    bind_column_keys(BOTH)
    with database.transaction() as other:
        other.execute(update(people).where(people.c.id == held).values(note="busy"))
        with database.transaction() as session:
            assert reencrypt(session, people, people.c.phone) == 1
        assert (stored(database, free) or "").startswith("k2.")
    with database.transaction() as session:
        assert reencrypt(session, people, people.c.phone) == 1
    assert (stored(database, held) or "").startswith("k2.")


def test_a_key_id_that_looks_like_a_pattern_is_taken_literally(database: Database) -> None:
    person_id = add(database, "01012345678")
    bind_column_keys(Keyring("k_", {"k1": OLD, "k_": NEW}))
    with database.transaction() as session:
        assert reencrypt(session, people, people.c.phone) == 1
    assert (stored(database, person_id) or "").startswith("k_.")


def test_only_an_encrypted_column_is_encrypted_again(database: Database) -> None:
    with database.transaction() as session, pytest.raises(TypeError, match=r"people\.note"):
        reencrypt(session, people, people.c.note)


@given(st.text(), st.text())
def test_equal_values_and_only_they_have_equal_hashes(one: str, other: str) -> None:
    assert (HASH.of(one) == HASH.of(other)) == (one == other)
    assert HASH.matches(one, HASH.of(one))
    assert HASH.matches(one, HASH.of(other)) == (one == other)
    assert len(HASH.of(one)) == 32


@given(st.text())
def test_a_hash_says_nothing_without_its_key(value: str) -> None:
    assert HASH.of(value) != KeyedHash(AFTER).of(value)


def test_a_hash_takes_even_text_that_no_encoding_has() -> None:
    assert HASH.matches("\ud800", HASH.of("\ud800"))


def test_an_ending_is_the_last_four_digits_however_they_are_written() -> None:
    assert HASH.ending("010-1234-5678") == HASH.ending("01099995678") == HASH.ending("5678")
    assert HASH.ending("5678") != HASH.ending("5679")
    assert HASH.ending("5678") != HASH.of("5678")
    for short in ("", "567", "abcd", "567８"):
        with pytest.raises(ValueError, match="4 digits"):
            HASH.ending(short)


def test_while_old_rows_remain_both_hashes_are_searched() -> None:
    both = KeyedHash(BOTH)
    assert both.candidates("값") == (KeyedHash(AFTER).of("값"), HASH.of("값"))
    assert both.ending_candidates("5678") == (KeyedHash(AFTER).ending("5678"), HASH.ending("5678"))
    assert both.matches("값", HASH.of("값"))
    assert both.of("값") == KeyedHash(AFTER).of("값")
