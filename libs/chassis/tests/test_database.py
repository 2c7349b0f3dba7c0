"""The pool heals, nothing waits for ever, errors quote no values, and rows can be copied in bulk."""

import threading

import pytest
from chassis_probe.service import effects_of
from chassis_probe.tables import effects
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError, SQLAlchemyError

from chassis.database import Database, copy_rows, fetch_value, is_contention, is_outage
from chassis.testing.events import eventually

KEEP = "INSERT INTO effects (key) VALUES (%(key)s) RETURNING key"


def test_a_transaction_commits_at_its_end_and_not_when_it_fails(database: Database) -> None:
    with database.transaction() as session:
        session.execute(insert(effects).values(key="kept"))

    def fail() -> None:
        with database.transaction() as session:
            session.execute(insert(effects).values(key="lost"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert effects_of(database) == ["kept"]


def test_a_connection_alone_commits_at_its_end_and_not_when_it_fails(database: Database) -> None:
    with database.connection() as connection:
        fetch_value(connection, KEEP, {"key": "kept"})

    def fail() -> None:
        with database.connection() as connection:
            fetch_value(connection, KEEP, {"key": "lost"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert effects_of(database) == ["kept"]


def test_what_is_sent_past_sqlalchemy_fails_as_anything_else_does(database: Database) -> None:
    """Whoever sorts errors by outage, contention and broken constraints needs to know one kind of them only."""
    once = "INSERT INTO subjects (key) VALUES (%(key)s) RETURNING key"
    with database.connection() as connection:
        fetch_value(connection, once, {"key": "once"})
    with pytest.raises(IntegrityError), database.connection() as connection:
        fetch_value(connection, once, {"key": "once"})

    with pytest.raises(DBAPIError) as wrong, database.connection() as connection:
        fetch_value(connection, "SELECT CAST(%(number)s AS integer)", {"number": "x"})
    assert not is_outage(wrong.value)

    with database.transaction() as session, database.connection() as connection:
        session.execute(text("LOCK TABLE effects"))
        connection.execute(text("SET LOCAL lock_timeout = '10ms'"))
        with pytest.raises(OperationalError) as late:
            fetch_value(connection, KEEP, {"key": "late"})
    assert is_contention(late.value)

    with pytest.raises(DBAPIError) as cut_off, database.connection() as connection:
        fetch_value(connection, "SELECT pg_terminate_backend(pg_backend_pid())", {})
    assert is_outage(cut_off.value)
    database.ping()


def test_rows_are_copied_within_the_transaction(database: Database) -> None:
    with database.transaction() as session:
        assert copy_rows(session, effects, ["key"], ([f"{number:05}"] for number in range(10_000))) == 10_000

    def copy_and_fail() -> None:
        with database.transaction() as session:
            copy_rows(session, effects, ["key"], [["lost"]])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        copy_and_fail()
    assert effects_of(database) == [f"{number:05}" for number in range(10_000)]


def test_a_connection_that_the_server_closed_is_replaced(database: Database) -> None:
    def cut() -> None:
        with database.transaction() as session:
            session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(SQLAlchemyError) as cut_off:
        cut()
    assert is_outage(cut_off.value)
    database.ping()


def test_a_connection_that_somebody_else_ended_is_replaced_without_a_failure(database: Database) -> None:
    """Used a moment ago, and ended in the pool: whoever takes it next notices nothing."""
    for _ in range(3):
        with database.transaction() as session:
            pid = session.scalar(text("SELECT pg_backend_pid()"))
        with database.apart() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        eventually(lambda pid=pid: _is_gone(database, pid))
        with database.transaction() as session:
            assert session.scalar(text("SELECT pg_backend_pid()")) != pid


def test_a_connection_in_use_is_kept(database: Database) -> None:
    pids = set()
    for _ in range(5):
        with database.transaction() as session:
            pids.add(session.scalar(text("SELECT pg_backend_pid()")))

    assert len(pids) == 1


def _is_gone(database: Database, pid: int) -> bool:
    with database.apart() as other:
        return other.scalar(text("SELECT 1 FROM pg_stat_activity WHERE pid = :pid"), {"pid": pid}) is None


def test_a_server_that_does_not_answer_is_an_outage() -> None:
    nowhere = Database("postgresql://probe:local@127.0.0.1:1/probe", application_name="probe")
    with pytest.raises(OperationalError) as away:
        nowhere.ping()
    assert is_outage(away.value)
    assert not is_contention(away.value)


def test_a_statement_that_is_wrong_is_no_outage(database: Database) -> None:
    def ask_nonsense() -> None:
        with database.transaction() as session:
            session.execute(text("SELECT nothing FROM nowhere"))

    with pytest.raises(ProgrammingError) as wrong:
        ask_nonsense()
    assert not is_outage(wrong.value)
    assert not is_contention(wrong.value)


def test_a_lock_is_waited_for_no_longer_than_its_time_out(database: Database) -> None:
    hasty = Database(database.engine.url, application_name="hasty", lock_timeout_seconds=0.1)
    locked, done = threading.Event(), threading.Event()

    def hold() -> None:
        with database.transaction() as session:
            session.execute(text("LOCK TABLE effects IN SHARE MODE"))
            locked.set()
            done.wait(10)

    def write() -> None:
        with hasty.transaction() as session:
            session.execute(insert(effects).values(key="a"))

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert locked.wait(10)
        with pytest.raises(OperationalError) as refused:
            write()
        assert is_contention(refused.value)
        assert not is_outage(refused.value)
    finally:
        done.set()
        holder.join()
        hasty.dispose()


def test_errors_do_not_quote_parameters(database: Database) -> None:
    def write() -> None:
        with database.transaction() as session:
            session.execute(text("INSERT INTO effects (id, key) VALUES (:id, :key)"), {"id": "x", "key": "canary"})

    with pytest.raises(SQLAlchemyError) as wrong:
        write()
    assert "canary" not in str(wrong.value)


def test_after_rows_were_copied_statements_are_planned_as_before(database: Database) -> None:
    """Only the checks of foreign keys keep their plans, and only while rows are copied."""
    settings = "SELECT current_setting('plan_cache_mode'), current_setting('enable_seqscan')"
    with database.transaction() as session:
        copy_rows(session, effects, ["key"], [["copied"]])
        assert session.execute(text(settings)).one() == ("force_custom_plan", "on")
