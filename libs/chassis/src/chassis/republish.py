"""Saying present state again, so that a copy that lost something can be made whole: in bounded batches."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import structlog
from sqlalchemy.orm import Session

from chassis import context
from chassis.clock import Clock
from chassis.database import Database
from chassis.outbox import Outbox
from contracts.event import StateEvent

logger = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Republish:
    """One kind of state that a service owns, and how it is read: `batches(session)` gives it in a lasting order.

    Consumers take the events like any other: what they know already, by its version, changes nothing.
    """

    kind: str
    batches: Callable[[Session], Iterator[Sequence[StateEvent]]]
    database: Database
    producer: str
    clock: Clock

    def run(self) -> int:
        """Say all of it again, each batch in a transaction of its own; the number of events.

        The reading transaction sees the state as it stands at each of its statements. What changes meanwhile says its
        newer version by itself.
        """
        count = 0
        with context.use(context.Context.begin()), self.database.transaction() as reading:
            for events in self.batches(reading):
                self.clock.refresh()
                with self.database.transaction() as saying:
                    Outbox(saying, producer=self.producer, clock=self.clock).add_all(events)
                count += len(events)
        logger.info("state republished", kind=self.kind, events=count)
        return count
