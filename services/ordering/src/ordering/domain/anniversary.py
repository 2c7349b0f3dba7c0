"""A day that comes every year, by the sun or by the Korean lunar calendar (ANN-01, ANN-03)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

_WRITTEN = re.compile(r"(\d{4})/(\d{2})/(\d{2})", re.ASCII)
_FEBRUARY, _LEAP_DAY = 2, 29


class CalendarKind(StrEnum):
    """양력, 음력, 음력 윤달."""

    SOLAR = "solar"
    LUNAR = "lunar"
    LUNAR_LEAP = "lunar_leap"


@dataclass(frozen=True)
class LunarMonth:
    """A lunar month of a year: its first day by the sun, and its 29 or 30 days."""

    begins_on: date
    days: int


class LunarCalendar(Protocol):
    """The Korean almanac, as far as it goes."""

    def month(self, year: int, month: int, *, leap: bool) -> LunarMonth | None:
        """The month of a lunar year, or its leap month; None where there is none, or beyond the almanac."""


@dataclass(frozen=True)
class Anniversary:
    """A day of a calendar; a lunar 30 February is one, so this is no `date`. Its year is that of the first event."""

    year: int
    month: int
    day: int
    calendar: CalendarKind

    def __str__(self) -> str:
        return f"{self.year:04}/{self.month:02}/{self.day:02}"

    def exists(self, lunar: LunarCalendar) -> bool:
        """Whether its own year has the day."""
        if self.calendar is CalendarKind.SOLAR:
            return _solar(self.year, self.month, self.day) is not None
        month = lunar.month(self.year, self.month, leap=self.calendar is CalendarKind.LUNAR_LEAP)
        return month is not None and 1 <= self.day <= month.days

    def in_year(self, year: int, lunar: LunarCalendar) -> date | None:
        """The solar day of the event in a year of its calendar; None beyond the almanac.

        29 February is the 28th in common years, a lunar 30th the 29th in shorter months, and a day of a leap month
        one of the plain month in years without that leap month (ANN-03).
        """
        if self.calendar is CalendarKind.SOLAR:
            return _solar(year, self.month, self.day) or date(year, _FEBRUARY, _LEAP_DAY - 1)
        month = lunar.month(year, self.month, leap=True) if self.calendar is CalendarKind.LUNAR_LEAP else None
        month = month or lunar.month(year, self.month, leap=False)
        return None if month is None else month.begins_on + timedelta(days=min(self.day, month.days) - 1)

    def next_after(self, day: date, lunar: LunarCalendar) -> date | None:
        """The first event after a day, and none before the anniversary's own year; None beyond the almanac."""
        return next((on for on in self._events(day, lunar) if on > day), None)

    def within(self, first: date, last: date, lunar: LunarCalendar) -> Iterator[date]:
        """The events from a day to a day, both included."""
        day = first - timedelta(days=1)
        while (on := self.next_after(day, lunar)) is not None and on <= last:
            yield on
            day = on

    def _events(self, day: date, lunar: LunarCalendar) -> Iterator[date]:
        # A lunar year ends in the next solar one: the event of last year's number may still be to come.
        first = max(self.year, day.year - (self.calendar is not CalendarKind.SOLAR))
        for year in range(first, max(first, day.year) + 2):
            if year <= date.max.year and (on := self.in_year(year, lunar)) is not None:
                yield on


def read_anniversary(written: str, calendar: CalendarKind, lunar: LunarCalendar) -> Anniversary | None:
    """The anniversary of `YYYY/MM/DD`; None when it is written otherwise or is no day of its calendar."""
    parts = _WRITTEN.fullmatch(written)
    if parts is None:
        return None
    year, month, day = (int(part) for part in parts.groups())
    anniversary = Anniversary(year, month, day, calendar)
    return anniversary if anniversary.exists(lunar) else None


def _solar(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
