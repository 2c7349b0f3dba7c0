"""A day that comes every year, by the solar or the lunar calendar (ADR-03)."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

_WRITTEN = re.compile(r"(\d{4})/(\d{2})/(\d{2})", re.ASCII)


class CalendarKind(StrEnum):
    """Which calendar a date is of."""

    SOLAR = "solar"
    LUNAR = "lunar"


class LunarCalendar(Protocol):
    """What is known of Korean lunar dates."""

    def has(self, year: int, month: int, day: int) -> bool:
        """Whether the year has the day, in the plain month or in its leap month."""


@dataclass(frozen=True)
class Anniversary:
    """A day of a calendar; a lunar 30 February is one, so this is no `date`."""

    year: int
    month: int
    day: int
    calendar: CalendarKind

    def __str__(self) -> str:
        return f"{self.year:04}/{self.month:02}/{self.day:02}"


def read_anniversary(written: str, calendar: CalendarKind, lunar: LunarCalendar) -> Anniversary | None:
    """The anniversary of `YYYY/MM/DD`; None when it is written otherwise or is no day of its calendar."""
    parts = _WRITTEN.fullmatch(written)
    if parts is None:
        return None
    year, month, day = (int(part) for part in parts.groups())
    exists = lunar.has(year, month, day) if calendar is CalendarKind.LUNAR else _is_solar(year, month, day)
    return Anniversary(year, month, day, calendar) if exists else None


def _is_solar(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
