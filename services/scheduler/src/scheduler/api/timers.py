"""Operators look at timers (SCH-02)."""

from datetime import datetime
from uuid import UUID

from flask_openapi3 import APIBlueprint
from pydantic import AwareDatetime, BaseModel, Field

from chassis.access import operators
from chassis.paging import PageQuery, page_of, read_cursor
from scheduler.application.ports import TimerFilter, Transaction
from scheduler.domain.timer import Timer, TimerState

TEXT_CHARACTERS_MAX = 200


class TimersQuery(PageQuery):
    """Which timers; `key` is how their keys begin, such as `sending/` and an order's id."""

    asker: str | None = Field(default=None, max_length=TEXT_CHARACTERS_MAX)
    state: TimerState | None = None
    key: str | None = Field(default=None, max_length=TEXT_CHARACTERS_MAX)
    due_before: AwareDatetime | None = None


class TimerView(BaseModel):
    """A timer; `late_seconds` is how long after its due time it fired, or has been waiting."""

    timer_id: UUID
    asker: str
    key: str
    state: TimerState
    due_at: datetime
    fired_at: datetime | None
    late_seconds: float


class TimersPage(BaseModel):
    """A page of timers by due time."""

    items: list[TimerView]
    next_cursor: str | None


def timers_blueprint(transaction: Transaction) -> APIBlueprint:
    """The admin endpoint of the timers."""
    blueprint = APIBlueprint("timers", __name__)

    @blueprint.get("/admin/timers", responses={200: TimersPage})
    @operators
    def timers(query: TimersQuery) -> dict[str, object]:
        """Timers by due time, filtered by asker, state, the beginning of the key, and due time."""
        after = read_cursor(query.cursor, datetime, UUID)
        with transaction() as uow:
            now = uow.now()
            rows = uow.timers.page(
                TimerFilter(query.asker, query.state, query.key, query.due_before),
                after=(after[0], after[1]) if after else None,
                limit=query.limit + 1,
            )
        items, next_cursor = page_of(
            rows, query.limit, key=lambda timer: (timer.due_at, timer.id), show=lambda timer: _view(timer, now)
        )
        return TimersPage(items=items, next_cursor=next_cursor).model_dump(mode="json")

    return blueprint


def _view(timer: Timer, now: datetime) -> TimerView:
    waiting = timer.state is TimerState.WAITING
    until = timer.fired_at or (now if waiting else timer.due_at)
    return TimerView(
        timer_id=timer.id,
        asker=timer.asker,
        key=timer.key,
        state=timer.state,
        due_at=timer.due_at,
        fired_at=timer.fired_at,
        late_seconds=timer.lateness(until).total_seconds(),
    )
