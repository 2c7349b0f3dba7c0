"""Saying that a month turned, a day began, a day opened."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from heapq import merge
from itertools import islice, takewhile

from contracts.event import Event
from contracts.scheduler import DayBegan, DayOpened, MonthTurned
from scheduler.application.ports import CalendarTimes, UnitOfWork
from scheduler.domain.calendar import CALENDARS, DAY_BEGINNINGS, DAY_OPENINGS, MONTHS, SEOUL, Calendar

_SAID: Mapping[Calendar, Callable[[datetime], Event]] = {
    MONTHS: lambda at: MonthTurned(month=f"{at.astimezone(SEOUL):%Y-%m}", began_at=at),
    DAY_BEGINNINGS: lambda at: DayBegan(day=at.astimezone(SEOUL).date(), began_at=at),
    DAY_OPENINGS: lambda at: DayOpened(day=at.astimezone(SEOUL).date(), opened_at=at),
}


def say_what_came(uow: UnitOfWork, times: CalendarTimes, said_max: int) -> int:
    """Say every moment of every calendar since the last one said, in order of time; how many were said.

    At most `said_max` at once, so that catching up after a downtime floods nobody (SCH-02). At the very first sight of
    a calendar only its present moment is remembered: it came before anybody listened.
    """
    now = uow.now()
    if not uow.calendars.claim():
        return 0
    last = uow.calendars.last_said()
    for calendar in CALENDARS:
        if calendar.name not in last:
            last[calendar.name] = times.last(calendar, now)
            uow.calendars.record(calendar.name, last[calendar.name])
    due = merge(*(_due(calendar, last[calendar.name], now, times) for calendar in CALENDARS), key=lambda one: one[0])
    said = 0
    for at, calendar in islice(due, said_max):
        uow.outbox.add(_SAID[calendar](at))
        uow.calendars.record(calendar.name, at)
        said += 1
    return said


def _due(
    calendar: Calendar, last: datetime, now: datetime, times: CalendarTimes
) -> Iterator[tuple[datetime, Calendar]]:
    for at in takewhile(lambda at: at <= now, times.after(calendar, last)):
        yield at, calendar
