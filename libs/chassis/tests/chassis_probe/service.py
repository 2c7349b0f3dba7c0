"""The probe's wiring, and the handlers that tests choose from."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from chassis import parking
from chassis.clock import SystemClock
from chassis.consumer import Consumer, NotYet
from chassis.database import Database
from chassis.ids import new_id
from chassis.migrations import Migrations
from chassis_probe.tables import effects, subjects
from contracts.queues import QUEUES
from contracts.scheduler import TimerFired

MIGRATIONS = Migrations(package="probe", script_location=Path(__file__).parent / "migrations")
QUEUE = next(queue for queue in QUEUES if queue.name == "wallet.timers")
DELAYS_SECONDS = (0.05, 0.1)
AT = datetime(2026, 3, 2, tzinfo=UTC)


def fired(key: str, *, timer_id: UUID | None = None) -> TimerFired:
    """A message that the queue hears."""
    return TimerFired(timer_id=timer_id or new_id(), asker="wallet", key=key, version=1, due_at=AT, fired_at=AT)


def write_down(event: TimerFired, session: Session) -> None:
    """Leave an effect, once for each time of being called."""
    session.execute(insert(effects).values(key=event.key))


def write_down_if_known(event: TimerFired, session: Session) -> None:
    """Leave an effect, but wait for the subject to be there."""
    write_down(event, session)
    if session.scalar(select(subjects.c.key).where(subjects.c.key == event.key)) is None:
        raise NotYet(event.key)


def introduce(session: Session, key: str) -> None:
    """Bring the subject, and what waits for it."""
    session.execute(insert(subjects).values(key=key))
    parking.unpark(session, QUEUE.name, key)


def effects_of(database: Database) -> list[str]:
    """The keys of all effects, in order."""
    with database.transaction() as session:
        return sorted(session.scalars(select(effects.c.key)))


def consumer(
    database: Database, broker_url: str = "", handler: Callable[[TimerFired, Session], None] = write_down, **more: Any
) -> Consumer[Session]:
    """The queue's consumer with the handler; retries come soon."""
    return Consumer(
        QUEUE,
        {TimerFired: handler},
        database=database,
        broker_url=broker_url,
        clock=SystemClock(),
        unit_of_work=lambda session: session,
        **{"delays_seconds": DELAYS_SECONDS, "attempts_max": 3, **more},
    )
