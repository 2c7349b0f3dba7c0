"""Databases and roles of services, on a real server."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from launcher.provision import forget, provision
from launcher.suite import Suite, open_suite

# Roles belong to the whole server, which the workers of a run share.
HOUSE = f"house_{secrets.token_hex(4)}"
NEIGHBOUR = f"neighbour_{secrets.token_hex(4)}"


@pytest.fixture
def suite(tmp_path: Path, postgres_server: str) -> Iterator[Suite]:
    suite = open_suite(tmp_path, postgres=postgres_server)
    provision(suite, [HOUSE, NEIGHBOUR])
    yield suite
    forget(suite, [HOUSE, NEIGHBOUR])


def a_table_of_the_owner(suite: Suite) -> None:
    with psycopg.connect(suite.database_url(HOUSE, owner=True)) as database:
        database.execute("CREATE TABLE rooms (number int GENERATED ALWAYS AS IDENTITY, name text)")


def test_the_running_service_uses_the_tables_that_the_owner_makes(suite: Suite) -> None:
    a_table_of_the_owner(suite)
    with psycopg.connect(suite.database_url(HOUSE)) as database:
        database.execute("INSERT INTO rooms (name) VALUES ('kitchen')")
        database.execute("UPDATE rooms SET name = 'hall'")
        assert database.execute("DELETE FROM rooms RETURNING name").fetchall() == [("hall",)]


@pytest.mark.parametrize(
    "statement", ["CREATE TABLE mine (id int)", "ALTER TABLE rooms ADD id int", "DROP TABLE rooms"]
)
def test_the_running_service_may_not_change_the_schema(suite: Suite, statement: str) -> None:
    a_table_of_the_owner(suite)
    with psycopg.connect(suite.database_url(HOUSE)) as database, pytest.raises(InsufficientPrivilege):
        database.execute(statement)


def test_a_service_cannot_enter_the_database_of_another(suite: Suite) -> None:
    url = suite.database_url(HOUSE).removesuffix(HOUSE) + NEIGHBOUR
    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(url)


def test_a_database_finds_hangul_by_its_trigrams(suite: Suite) -> None:
    with psycopg.connect(suite.database_url(HOUSE)) as database:
        answer = database.execute("SELECT '스타벅스' ILIKE '%벅스%', similarity('아메리카노', '아메리카나') > 0.3")
        assert answer.fetchone() == (True, True)


def test_provisioning_twice_changes_nothing(suite: Suite) -> None:
    a_table_of_the_owner(suite)
    provision(suite, [HOUSE, NEIGHBOUR])
    with psycopg.connect(suite.database_url(HOUSE)) as database:
        assert database.execute("SELECT count(*) FROM rooms").fetchone() == (0,)
