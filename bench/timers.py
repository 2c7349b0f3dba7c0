"""What a poll for due timers costs with many waiting, and how fast many that are due at once fire.

    ./coupbiz bench timers [WAITING] [DUE]

The server is that of tests; the database is made for the measurement and dropped. A poll is the transaction that the
firing loop runs when nothing is due, first beside a thousand waiting timers and then beside WAITING of them (a
million): the ratio of the two medians is the figure, 2 the bound. Then DUE timers (100,000) come due in one moment and
one loop fires them, as many at once as it does by its settings, each with its event in the outbox; a timer's lateness
is counted from that moment. The last line is one JSON object.
"""

import json
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from chassis.clock import FixedClock, SystemClock
from chassis.database import Database, copy_rows
from chassis.ids import new_id
from chassis.testing.postgres import TestDatabases, runtime_database
from launcher.servers import ladder
from scheduler.application.timers import FireDueTimers, fire_due_timers
from scheduler.domain.timer import TimerState
from scheduler.main import migrations
from scheduler.settings import Settings
from scheduler.storage.tables import timers
from scheduler.storage.unit_of_work import Transactions

FEW = 1_000
POLLS = 200
FILLED_AT_ONCE = 100_000
"""A service's statements end after a time: a million rows in one may take longer."""
POLL_RATIO_MAX = 2.0
LATER = datetime(2100, 1, 1, tzinfo=UTC)
COLUMNS = ("id", "asker", "key", "version", "due_at", "state")
ROWS_AT_ONCE: int = Settings.model_fields["fire_rows_max"].default


def main(arguments: Sequence[str]) -> int:
    """Fill a database, poll, fire, and print the figures."""
    waiting = int(arguments[0]) if arguments else 1_000_000
    due = int(arguments[1]) if len(arguments) > 1 else 100_000
    ladder.begin_run()
    databases = TestDatabases(ladder.server_for_tests("postgres"), "bench")
    try:
        with databases.clone(migrations()) as name:
            database = runtime_database(databases, name, "scheduler")
            try:
                figures = _polls(database, waiting) | _firing(database, due)
            finally:
                database.dispose()
    finally:
        databases.drop_templates()
        ladder.end_run()
    print(json.dumps({"waiting": waiting, "due": due, "at_once": ROWS_AT_ONCE} | figures))
    return 0 if figures["poll_ratio"] <= POLL_RATIO_MAX else 1


def _polls(database: Database, waiting: int) -> dict[str, float]:
    _fill(database, "few", FEW, LATER)
    few = _poll_seconds(database)
    _fill(database, "many", waiting - FEW, LATER)
    many = _poll_seconds(database)
    print(f"  a poll: {few * 1000:.2f} ms beside {FEW:,} waiting, {many * 1000:.2f} ms beside {waiting:,}")
    return {"poll_few_ms": round(few * 1000, 3), "poll_ms": round(many * 1000, 3), "poll_ratio": round(many / few, 2)}


def _firing(database: Database, due: int) -> dict[str, float]:
    moment = SystemClock().now()
    _fill(database, "due", due, moment)
    transaction, late_seconds = Transactions(database, FixedClock(moment)), []
    began = time.perf_counter()
    while True:
        with transaction() as uow:
            fired = fire_due_timers(FireDueTimers(ROWS_AT_ONCE), uow)
        if not fired:
            break
        late_seconds += [time.perf_counter() - began] * len(fired)
    if len(late_seconds) != due:
        raise SystemExit(f"{len(late_seconds)} fired of {due}")
    seconds = late_seconds[-1]
    p50, p99 = statistics.median(late_seconds), late_seconds[int(due * 0.99) - 1]
    print(
        f"  {due:,} due at once: {due / seconds:,.0f} a second; half of them within {p50:.1f} s, all in {seconds:.1f} s"
    )
    return {
        "fired_per_second": round(due / seconds),
        "late_p50_seconds": round(p50, 2),
        "late_p99_seconds": round(p99, 2),
        "late_max_seconds": round(seconds, 2),
    }


def _poll_seconds(database: Database) -> float:
    transaction, seconds = Transactions(database, SystemClock()), []
    for _ in range(POLLS):
        began = time.perf_counter()
        with transaction() as uow:
            fire_due_timers(FireDueTimers(ROWS_AT_ONCE), uow)
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def _fill(database: Database, name: str, count: int, due_at: datetime) -> None:
    for first in range(0, count, FILLED_AT_ONCE):
        numbers = range(first, min(first + FILLED_AT_ONCE, count))
        with database.transaction() as session:
            copy_rows(session, timers, COLUMNS, _rows(name, numbers, due_at))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE timers"))


def _rows(name: str, numbers: range, due_at: datetime) -> Iterator[tuple[object, ...]]:
    waiting, spread = TimerState.WAITING.value, timedelta(seconds=1) if due_at == LATER else timedelta()
    for number in numbers:
        yield new_id(), "bench", f"{name}/{number}", 1, due_at + number * spread, waiting


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
