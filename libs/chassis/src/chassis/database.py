"""The service's own database: engine, transactions, and bulk copying into a table."""

import select
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Generic, LiteralString, TypeVar

from psycopg import Connection as DriverConnection
from psycopg import Error as DriverError
from psycopg import sql
from pydantic import SecretStr
from sqlalchemy import Connection, Engine, Table, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, DisconnectionError, NoResultFound
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

UnitT = TypeVar("UnitT")

Executor = Session | Connection
"""What executes statements in a transaction that somebody else opened."""

_CONNECT_TIMEOUT_SECONDS = 5
_POOL_TIMEOUT_SECONDS = 5
_IDLE_IN_TRANSACTION_TIMEOUT_SECONDS = 60

_DATABASE = "chassis.database"
"""Where a session notes the database that it belongs to."""

_FRESH_SECONDS = 1.0
"""How long after its last use a connection is trusted unless its socket has something to say."""

_RETURNED_AT = "chassis.returned_at"

_OUTAGE_CLASSES = ("08", "57P")
"""SQLSTATE classes of a server that is away: connection exceptions, and shutdown by an operator."""

_KEEP_PLANS_OF_CHECKS = "SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off"
"""While rows are copied: planning the check of a foreign key anew for each row costs more than the row itself. The plan
that is kept goes by the index, whatever the size of the table when it was made."""
_PLAN_AS_BEFORE = "SET LOCAL plan_cache_mode TO DEFAULT; SET LOCAL enable_seqscan TO DEFAULT"

_CONTENTION_STATES = frozenset({"40001", "40P01", "55P03"})
"""Serialization failure, deadlock, lock not available: the same work may well succeed at once."""


def database_url(url: SecretStr | str) -> URL:
    """The URL with the driver that we use; `postgresql://…` is understood as `postgresql+psycopg://…`."""
    parsed = make_url(url.get_secret_value() if isinstance(url, SecretStr) else url)
    return parsed.set(drivername="postgresql+psycopg")


class Database:
    """A pool of connections to one database, under one role.

    Connections are checked when they are taken from the pool, so that a restart of the server heals by itself; one that
    was in use a moment ago is asked of its socket only, without a round trip.
    Nothing waits for ever: connecting, waiting for a connection, statements, locks, and idling in a transaction end
    after their time-outs. Parameters of statements never appear in errors or logs.
    """

    def __init__(
        self,
        url: SecretStr | str,
        *,
        application_name: str,
        pool_size: int = 5,
        statement_timeout_seconds: float = 30,
        lock_timeout_seconds: float = 5,
    ) -> None:
        options = {
            "statement_timeout": int(statement_timeout_seconds * 1000),
            "lock_timeout": int(lock_timeout_seconds * 1000),
            "idle_in_transaction_session_timeout": _IDLE_IN_TRANSACTION_TIMEOUT_SECONDS * 1000,
            "timezone": "UTC",
            # A plan that was made and kept while a table was nearly empty reads all of it when it is large.
            "plan_cache_mode": "force_custom_plan",
        }
        connect_args = {
            "application_name": application_name,
            "connect_timeout": _CONNECT_TIMEOUT_SECONDS,
            "options": " ".join(f"-c {name}={value}" for name, value in options.items()),
        }
        self.engine: Engine = create_engine(
            database_url(url),
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=_POOL_TIMEOUT_SECONDS,
            hide_parameters=True,
            connect_args=connect_args,
        )
        check_on_checkout(self.engine)
        self._engine_apart = create_engine(
            database_url(url), poolclass=NullPool, hide_parameters=True, connect_args=connect_args
        )

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session in one transaction: committed at the end of the block, rolled back on any error."""
        about = {_DATABASE: self}
        with Session(self.engine, expire_on_commit=False, info=about) as session, session.begin():
            yield session

    def connection(self) -> AbstractContextManager[Connection]:
        """A connection in one transaction, committed and rolled back as `transaction` does it.

        Where nothing but statements is executed, a session over the connection only costs time.
        """
        return self.engine.begin()

    @contextmanager
    def apart(self) -> Iterator[Session]:
        """A transaction of its own, to keep what has to outlive the rollback of a caller's transaction.

        Its connection is new and never the pool's: callers who each hold one of the pool's and wait for a second
        would wait for each other.
        """
        with Session(self._engine_apart, expire_on_commit=False) as session, session.begin():
            yield session

    def ping(self) -> None:
        """Ask the server for an answer. Raises what SQLAlchemy raises when there is none."""
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def check_on_checkout(engine: Engine) -> None:
    """Check connections when they are taken from the pool, and replace those that the server has closed.

    A closed connection has something to read: its end, or the server's last word. That costs no round trip; a ping is
    sent only when there is something to read, or when the connection lay idle for long enough to be lost unnoticed.
    """

    def note_return(_: object, entry: ConnectionPoolEntry) -> None:
        entry.info[_RETURNED_AT] = time.monotonic()

    def check(connection: "DriverConnection[tuple[object, ...]]", entry: ConnectionPoolEntry, _: object) -> None:
        returned_at = entry.info.get(_RETURNED_AT)
        if returned_at is None:
            return
        if time.monotonic() - returned_at < _FRESH_SECONDS and not _has_news(connection):
            return
        try:
            engine.dialect.do_ping(connection)  # type: ignore[arg-type]
        except DriverError as gone:
            raise DisconnectionError from gone

    event.listen(engine, "checkin", note_return)
    event.listen(engine, "checkout", check)


def _has_news(connection: "DriverConnection[tuple[object, ...]]") -> bool:
    """Whether the server said anything since the last answer, which an open and idle connection does not."""
    if connection.closed:
        return True
    socket = select.poll()
    socket.register(connection.fileno(), select.POLLIN | select.POLLERR | select.POLLHUP)
    return bool(socket.poll(0))


class UnitOfWorkFactory(Generic[UnitT]):
    """Opens units of work, each in a transaction: committed at the end of the block, rolled back on any error.

    `in_session` makes a unit of work over a session whose transaction somebody else opened.
    """

    def __init__(self, database: Database, in_session: Callable[[Session], UnitT]) -> None:
        self._database = database
        self.in_session = in_session

    @contextmanager
    def __call__(self) -> Iterator[UnitT]:
        """One transaction."""
        with self._database.transaction() as session:
            yield self.in_session(session)


def database_of(session: Session) -> Database:
    """The database whose `transaction` gave the session. Raises LookupError for any other session."""
    database = session.info.get(_DATABASE)
    if isinstance(database, Database):
        return database
    raise LookupError("the session does not come from Database.transaction")


def is_outage(error: BaseException) -> bool:
    """Whether the error says that the database is away, not that it refused this piece of work."""
    if isinstance(error, PoolTimeoutError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    state = sqlstate(error)
    if state is None:
        return error.connection_invalidated or type(error).__name__ == "OperationalError"
    return state.startswith(_OUTAGE_CLASSES)


def is_contention(error: BaseException) -> bool:
    """Whether others stood in the way (deadlock, lock time-out, serialization), so that trying again is worth it."""
    return isinstance(error, DBAPIError) and sqlstate(error) in _CONTENTION_STATES


def sqlstate(error: DBAPIError) -> str | None:
    """The SQLSTATE that the server gave, if it gave one."""
    state = getattr(error.orig, "sqlstate", None)
    return state if isinstance(state, str) else None


def fetch_value(connection: Connection, statement: LiteralString, values: Mapping[str, Any]) -> Any:
    """The one value of the one row that a statement returns, which is written as the driver takes it.

    For statements that everything waits for: compiling one, and making a result of what it returns, takes longer than
    sending it. Errors are SQLAlchemy's, as anywhere else.
    """
    driver_connection = _driver_connection(connection)
    try:
        row = driver_connection.execute(statement, values).fetchone()
    except DriverError as error:
        lost = driver_connection.closed
        if lost:
            connection.invalidate(error)
        raise DBAPIError.instance(
            statement,
            None,
            error,
            DriverError,
            hide_parameters=True,
            connection_invalidated=lost,
            dialect=connection.dialect,
        ) from error
    if row is None:
        raise NoResultFound(statement)
    return row[0]


def copy_rows(session: Session, table: Table, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """COPY rows into a table within the session's transaction; the number of rows copied.

    Values go as psycopg adapts them: column types of SQLAlchemy are not asked, so JSON needs `psycopg.types.json.Jsonb`
    and encrypted columns their ciphertext.
    """
    driver_connection = _driver_connection(session.connection())
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(*filter(None, (table.schema, table.name))),
        sql.SQL(", ").join(sql.Identifier(column) for column in columns),
    )
    count = 0
    with driver_connection.cursor() as cursor:
        cursor.execute(_KEEP_PLANS_OF_CHECKS)
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
                count += 1
        cursor.execute(_PLAN_AS_BEFORE)
    return count


def _driver_connection(connection: Connection) -> "DriverConnection[tuple[Any, ...]]":
    driver_connection: DriverConnection[tuple[Any, ...]] | None = connection.connection.driver_connection
    if driver_connection is None:
        raise RuntimeError("the connection is closed")
    return driver_connection
