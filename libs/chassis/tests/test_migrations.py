"""The chassis's tables come into a service's database by the service's own first migration."""

from pathlib import Path

import pytest
from alembic.util import CommandError
from chassis_probe.service import MIGRATIONS
from sqlalchemy import Column, MetaData, Table, Text, text
from sqlalchemy.exc import ProgrammingError

from chassis.database import Database
from chassis.migrations import Migrations
from chassis.testing.postgres import TestDatabases


@pytest.fixture
def owner_url(test_databases: TestDatabases) -> str:
    return test_databases.url(test_databases.template(MIGRATIONS), "probe_owner")


def test_the_migrated_database_is_the_tables_in_code(owner_url: str) -> None:
    MIGRATIONS.check(owner_url)


def test_migrating_again_changes_nothing(owner_url: str) -> None:
    MIGRATIONS.upgrade(owner_url)
    MIGRATIONS.check(owner_url)


def test_a_table_that_no_migration_makes_is_noticed(owner_url: str) -> None:
    forgotten = MetaData()
    Table("forgotten", forgotten, Column("id", Text, primary_key=True))
    drifted = Migrations("probe", Path(MIGRATIONS.script_location), metadata=[forgotten])
    with pytest.raises(CommandError, match="forgotten"):
        drifted.check(owner_url)


def test_the_run_time_role_works_with_rows_and_changes_no_table(database: Database) -> None:
    with database.transaction() as session:
        session.execute(text("INSERT INTO effects (key) VALUES ('a')"))
        session.execute(text("UPDATE effects SET key = 'b'"))
        session.execute(text("DELETE FROM effects"))
    with pytest.raises(ProgrammingError), database.transaction() as session:
        session.execute(text("DROP TABLE effects"))


def test_each_test_has_a_database_of_its_own(database: Database, service_database: object) -> None:
    other = service_database(MIGRATIONS)
    with database.transaction() as session:
        session.execute(text("INSERT INTO effects (key) VALUES ('a')"))
    with other.transaction() as session:
        assert session.scalar(text("SELECT count(*) FROM effects")) == 0
