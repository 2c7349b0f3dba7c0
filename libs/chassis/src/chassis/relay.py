"""The relay: takes rows out of the outbox to the broker, and deletes those that the broker has confirmed.

Several may run: each locks the rows that it takes, and the others skip them. A relay that dies between the broker's
confirmation and its own commit says a message twice; consumers know it by its id.
"""

import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import kombu
import structlog
from pydantic import SecretStr
from sqlalchemy import Interval, bindparam, delete, exists, func, literal, or_, select, update
from sqlalchemy.engine import Row
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from chassis import broker_metrics, crash, topology
from chassis.broker import ConfirmedPublisher, Outgoing, connected, keep_connected, listen
from chassis.database import Database, is_outage
from chassis.tables import outbox

logger = structlog.get_logger(__name__)

_NEXT_TRY_SECONDS_MAX = 60
_OUTAGE_PAUSE_SECONDS = 1.0
_MEASURE_SECONDS = 5.0
"""How often the outbox is measured."""

_DUE = or_(outbox.c.next_try_at.is_(None), outbox.c.next_try_at <= func.clock_timestamp())
_ANY_DUE = select(exists().where(_DUE))
_DUE_ROWS = select(outbox).where(_DUE).order_by(outbox.c.seq).limit(bindparam("rows")).with_for_update(skip_locked=True)


class Relay:
    """Publishes one service's outbox. `crash_point` is passed between confirmation and commit."""

    def __init__(
        self,
        database: Database,
        broker_url: SecretStr | str,
        *,
        producer: str,
        batch_rows_max: int = 500,
        idle_seconds: float = 0.05,
        confirm_timeout_seconds: float = 10,
    ) -> None:
        self._database = database
        self._broker_url = broker_url
        self._producer = producer
        self._batch_rows_max = batch_rows_max
        self._idle_seconds = idle_seconds
        self._confirm_timeout_seconds = confirm_timeout_seconds
        self.crash_point = f"{producer}.relay.after_confirm"
        crash.declare_points(self.crash_point)

    def run(self, stop: threading.Event) -> None:
        """Publish until told to stop. While broker or database is away, the rows stay and wait."""
        keep_connected(stop, lambda: self._relay(stop), self._on_broker_error)

    def run_once(self) -> int:
        """Publish one batch over a connection of its own; the number of rows confirmed.

        Raises what the broker's absence raises; the rows are then still there.
        """
        with connected(self._broker_url, name=f"{self._producer} relay") as connection:
            topology.declare(connection)
            publisher = ConfirmedPublisher(connection, timeout_seconds=self._confirm_timeout_seconds)
            return self._publish_batch(connection, publisher)

    def _on_broker_error(self, error: Exception) -> None:
        logger.warning("no connection to the broker", producer=self._producer, error=type(error).__name__)

    def _relay(self, stop: threading.Event) -> None:
        with connected(self._broker_url, name=f"{self._producer} relay") as connection:
            topology.declare(connection)
            publisher = ConfirmedPublisher(connection, timeout_seconds=self._confirm_timeout_seconds)
            while not stop.is_set():
                try:
                    self._publish_what_comes(stop, connection, publisher)
                except SQLAlchemyError as error:
                    if not is_outage(error):
                        raise
                    logger.warning("no connection to the database", producer=self._producer, error=type(error).__name__)
                    listen(connection, _OUTAGE_PAUSE_SECONDS)

    def _publish_what_comes(
        self, stop: threading.Event, connection: kombu.Connection, publisher: ConfirmedPublisher
    ) -> None:
        measured_at = 0.0
        # Looking for rows is most of a relay's life: one statement on a connection kept for it, and no transaction.
        with self._database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as looking:
            while not stop.is_set():
                is_due = looking.scalar(_ANY_DUE)
                if not is_due or self._publish_batch(connection, publisher) == 0:
                    listen(connection, self._idle_seconds)
                if time.monotonic() - measured_at > _MEASURE_SECONDS:
                    self.measure()
                    measured_at = time.monotonic()

    def _publish_batch(self, connection: kombu.Connection, publisher: ConfirmedPublisher) -> int:
        with self._database.transaction() as session:
            rows = session.execute(_DUE_ROWS, {"rows": self._batch_rows_max}).all()
            if not rows:
                return 0
            verdicts = publisher.publish([_outgoing(row) for row in rows])
            crash.point(self.crash_point)
            confirmed = [row for place, row in enumerate(rows) if place in verdicts.confirmed]
            session.execute(delete(outbox).where(outbox.c.seq.in_([row.seq for row in confirmed])))
            self._put_off(session, [row for place, row in enumerate(rows) if place in verdicts.nacked], "refused")
            returned = [row for place, row in enumerate(rows) if place in verdicts.returned]
            self._put_off(session, returned, "no queue took it")
        for row in confirmed:
            broker_metrics.published.labels(self._producer, row.type).inc()
        if returned:
            # Somebody took a queue or a binding away; the next try finds it again.
            topology.declare(connection)
        return len(confirmed)

    def _put_off(self, session: Session, rows: Sequence[Row[Any]], why: str) -> None:
        if not rows:
            return
        for row in rows:
            broker_metrics.refused.labels(self._producer, row.type, why).inc()
        logger.error("messages put off", producer=self._producer, why=why, types=sorted({row.type for row in rows}))
        pause_seconds = func.least(func.power(2, outbox.c.tries), _NEXT_TRY_SECONDS_MAX)
        session.execute(
            update(outbox)
            .where(outbox.c.seq.in_([row.seq for row in rows]))
            .values(
                tries=outbox.c.tries + 1,
                next_try_at=func.clock_timestamp() + pause_seconds * literal(timedelta(seconds=1), Interval),
                last_error=why,
            )
        )

    def measure(self) -> None:
        """Set the metrics of how many rows wait, and for how long."""
        age = func.extract("epoch", func.clock_timestamp() - func.min(outbox.c.created_at))
        with self._database.transaction() as session:
            rows, age_seconds = session.execute(select(func.count(), func.coalesce(age, 0)).select_from(outbox)).one()
        broker_metrics.outbox_rows.labels(self._producer).set(rows)
        broker_metrics.outbox_age_seconds.labels(self._producer).set(float(age_seconds))


def _outgoing(row: Row[Any]) -> Outgoing:
    return Outgoing(
        exchange=row.exchange,
        routing_key=row.routing_key,
        body=row.envelope.encode(),
        message_id=str(row.message_id),
        type=row.type,
        headers=row.headers,
        mandatory=row.mandatory,
    )
