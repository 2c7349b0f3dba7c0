"""What a database holds at a moment, kept, and put before a consumer again without any lasting effect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from psycopg import connect, sql
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from chassis.database import Database, database_url
from chassis.testing.postgres import TestDatabases
from reliability_parts.contents import stored_tables

FIRST_NUMBER = 1_000_000
"""Sequences of a stage begin here, above every number that was kept."""


@dataclass(frozen=True)
class Snapshot:
    """All rows of all tables, as COPY writes them, each table after those that it refers to."""

    rows: Sequence[tuple[str, bytes]]

    def text(self) -> str:
        """Everything in it."""
        return "\n".join(rows.decode() for _, rows in self.rows)


def take_snapshot(database: Database, package: str) -> Snapshot:
    """What the database holds now."""
    rows = []
    with database.engine.connect() as connection, _cursor(connection) as cursor:
        for table in stored_tables(package):
            with cursor.copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
                rows.append((table, b"".join(map(bytes, copy))))
    return Snapshot(rows)


class Rehearsal:
    """A database all of whose transactions are savepoints of one that is rolled back in the end."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """As `Database.transaction`."""
        with (
            Session(self._connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as session,
            session.begin(),
        ):
            yield session


@contextmanager
def rehearsal(stage: Database, snapshot: Snapshot) -> Iterator[Rehearsal]:
    """The stage with the rows of a snapshot; nothing that happens within the block lasts."""
    with stage.engine.connect() as connection:
        outer = connection.begin()
        with _cursor(connection) as cursor:
            for table, rows in snapshot.rows:
                with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy:
                    copy.write(rows)
        try:
            yield Rehearsal(connection)
        finally:
            outer.rollback()


def clear_stage(databases: TestDatabases, name: str, package: str) -> None:
    """Empty a migrated database, and let its sequences begin above whatever a snapshot holds."""
    url = database_url(databases.url(name, package)).set(drivername="postgresql")
    server = database_url(databases._server_url).set(drivername="postgresql", database=url.database)
    with connect(server.render_as_string(hide_password=False), autocommit=True) as connection:
        # Append-only tables refuse to be emptied, otherwise.
        connection.execute("SET session_replication_role = replica")
        tables = sql.SQL(", ").join(map(sql.Identifier, stored_tables(package)))
        connection.execute(sql.SQL("TRUNCATE {}").format(tables))
        for (sequence,) in connection.execute("SELECT sequencename FROM pg_sequences").fetchall():
            restart = sql.SQL("ALTER SEQUENCE {} RESTART WITH {}")
            connection.execute(restart.format(sql.Identifier(sequence), sql.Literal(FIRST_NUMBER)))


def _cursor(connection: Connection):
    driver_connection = connection.connection.driver_connection
    assert driver_connection is not None
    return driver_connection.cursor()
