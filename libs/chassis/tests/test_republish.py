"""State is said again in batches, and an operator may ask for it."""

from collections.abc import Iterator, Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from chassis.clock import FixedClock
from chassis.database import Database
from chassis.ids import new_id
from chassis.republish import Republish
from chassis.testing.events import published
from contracts.event import StateEvent
from contracts.identity import SessionsRevoked

SUBJECT = new_id()
SERIES = text("SELECT n FROM generate_series(CAST(:first AS int), CAST(:last AS int)) n")


def test_all_state_is_said_again_batch_by_batch(database: Database, fixed_clock: FixedClock) -> None:
    sizes = []

    def batches(session: Session) -> Iterator[Sequence[StateEvent]]:
        for start in range(0, 25, 10):
            numbers = session.scalars(SERIES, {"first": start, "last": min(start + 9, 24)}).all()
            sizes.append(len(numbers))
            yield [SessionsRevoked(subject_id=SUBJECT, version=1, lowest_generation=number) for number in numbers]

    republish = Republish("sessions", batches, database=database, producer="identity", clock=fixed_clock)
    assert republish.run() == 25
    assert sizes == [10, 10, 5]
    with database.transaction() as session:
        assert [event.lowest_generation for event in published(session)] == list(range(25))
