"""Moving the sandbox's clock from due time to due time, each time until nothing in the suite moves any more.

A service's part is its probe: what it has still to do, and when it next has something to do. It is served on the
admin port, without a person, and only where the sandbox's clock is in force.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flask_openapi3 import APIBlueprint
from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from chassis.access import public
from chassis.clock import Clock
from chassis.database import Database
from chassis.settings import ServiceSettings
from chassis.tables import outbox

REST_PATH = "/admin/rest"

_LAST_OUTBOX_ROW = text(
    "SELECT coalesce(last_value, 0) FROM pg_sequences"
    " WHERE schemaname = current_schema() AND sequencename = 'outbox_seq_seq'"
)


class Rest(BaseModel):
    """One look at a service, or at another part that things can be on their way in."""

    model_config = ConfigDict(frozen=True)

    source: str
    now: AwareDatetime
    unfinished: Mapping[str, int]
    """What is due and not done, by name; parts with nothing to do are left out."""
    activity: int = 0
    """Grows with every event that is said: two looks with the same figure had nothing said in between."""
    next_due_at: AwareDatetime | None = None
    """The earliest time after `now` at which there will be something to do."""

    @property
    def at_rest(self) -> bool:
        """Whether nothing is left to do at `now`."""
        return not self.unfinished


@dataclass(frozen=True, slots=True)
class Work:
    """One kind of work rows of a service.

    `open_rows(session, now)` counts the rows that are due, claimed, or in an open attempt; `next_due_at(session, now)`
    is the earliest time after `now` at which another becomes due, if there is any.
    """

    name: str
    open_rows: Callable[[Session, datetime], int]
    next_due_at: Callable[[Session, datetime], datetime | None]


class Probe:
    """Tells what a service has still to do."""

    def __init__(self, service: str, database: Database, clock: Clock, work: Sequence[Work] = ()) -> None:
        self._service = service
        self._database = database
        self._clock = clock
        self._work = work

    def look(self) -> Rest:
        """One look, in one transaction, at the time that the clock has now."""
        self._clock.refresh()
        now = self._clock.now()
        with self._database.transaction() as session:
            counts = {"outbox": session.scalar(select(func.count()).select_from(outbox)) or 0}
            due_times = []
            for work in self._work:
                counts[work.name] = work.open_rows(session, now)
                due_times.append(work.next_due_at(session, now))
            activity = session.scalar(_LAST_OUTBOX_ROW) or 0
        return Rest(
            source=self._service,
            now=now,
            unfinished={name: count for name, count in counts.items() if count},
            activity=activity,
            next_due_at=min((at for at in due_times if at is not None), default=None),
        )


def stepping_blueprints(probe: Probe, settings: ServiceSettings) -> tuple[APIBlueprint, ...]:
    """`GET /admin/rest` for the admin port; nothing where the machine's clock is in force."""
    if settings.clock_url is None:
        return ()
    blueprint = APIBlueprint("stepping", __name__)

    @blueprint.get(REST_PATH, responses={200: Rest})
    @public
    def rest() -> dict[str, object]:
        """What this service has still to do at the sandbox's time, and when it next has something to do."""
        return probe.look().model_dump(mode="json")

    return (blueprint,)


class Source(Protocol):
    """Anything that can be looked at: a service's probe, the broker's queues, the sandbox's reports."""

    def look(self) -> Rest:
        """One look."""
        ...


class NotAtRestError(RuntimeError):
    """The suite did not come to rest in time; the message names what did not."""

    def __init__(self, at: datetime, unfinished: Sequence[str]) -> None:
        super().__init__(f"not at rest at {at.isoformat()}: {', '.join(unfinished) or 'events are still being said'}")
        self.unfinished = tuple(unfinished)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a step may take by the machine's clock, and how often it is looked."""

    timeout_seconds: float = 30.0
    poll_seconds: float = 0.05


def advance(
    to: datetime, *, sources: Sequence[Source], move: Callable[[datetime], None], patience: Patience | None = None
) -> list[datetime]:
    """Move the clock to a time by way of every due time before it, and return the times it stood at.

    `move` sets the sandbox's clock; a time that it has passed already leaves it where it is.

    Raises NotAtRestError as soon as one of them does not come to rest; the clock stays there.
    """
    patience = patience or Patience()
    stood_at: list[datetime] = []
    looks = _come_to_rest(sources, patience)
    while True:
        due_times = [look.next_due_at for look in looks if look.next_due_at is not None]
        step = min([at for at in due_times if not stood_at or at > stood_at[-1]], default=to)
        step = min(step, to)
        move(step)
        stood_at.append(step)
        looks = _come_to_rest(sources, patience)
        if step >= to:
            return stood_at


def _come_to_rest(sources: Sequence[Source], patience: Patience) -> list[Rest]:
    """Look until two rounds in a row find nothing to do and nothing said in between.

    One round does not suffice: while it looks at one part, something may pass from one not yet seen to one seen
    already. Whatever does so is said as an event, and shows as activity in the second round.
    """
    deadline = time.monotonic() + patience.timeout_seconds
    before: list[Rest] | None = None
    while True:
        looks = [source.look() for source in sources]
        quiet = all(look.at_rest for look in looks)
        if quiet and before is not None and [look.activity for look in looks] == [look.activity for look in before]:
            return looks
        before = looks if quiet else None
        if time.monotonic() > deadline:
            left = [f"{look.source}: {count} {name}" for look in looks for name, count in look.unfinished.items()]
            raise NotAtRestError(max(look.now for look in looks), left)
        time.sleep(patience.poll_seconds)
