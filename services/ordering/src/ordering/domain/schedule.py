"""When a scheduled order may be sent (ORD-08)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from ordering.domain.errors import SendTimeRefusedError
from ordering.domain.limits import ScheduleLimits


class TimeFault(StrEnum):
    """Why a time cannot be chosen."""

    TOO_SOON = "too_soon"
    TOO_LATE = "too_late"
    NOT_ON_STEP = "not_on_step"
    AT_NIGHT = "at_night"


@dataclass(frozen=True)
class Schedule:
    """The times that can be chosen for an order at a moment."""

    limits: ScheduleLimits
    now: datetime
    night_restricted: bool
    zone: tzinfo

    @property
    def first_at(self) -> datetime:
        """Before it no time is offered."""
        return self.now + timedelta(minutes=self.limits.minutes_ahead_min)

    @property
    def last_on(self) -> date:
        """The last day; the order's own day does not count (SCH-04)."""
        return self.now.astimezone(self.zone).date() + timedelta(days=self.limits.days_max)

    def fault(self, at: datetime) -> TimeFault | None:
        """What is wrong with a time; None when it can be chosen."""
        local = at.astimezone(self.zone)
        if at < self.first_at:
            return TimeFault.TOO_SOON
        if local.date() > self.last_on:
            return TimeFault.TOO_LATE
        if local.minute % self.limits.step_minutes or local.second or local.microsecond:
            return TimeFault.NOT_ON_STEP
        return TimeFault.AT_NIGHT if self._is_night(local) else None

    def choose(self, at: datetime) -> datetime:
        """The time, if it can be chosen. Raises `SendTimeRefusedError`."""
        fault = self.fault(at)
        if fault is not None:
            raise SendTimeRefusedError(fault.value, self.first_at, self.last_on, self.limits.step_minutes)
        return at

    def offered_on(self, day: date) -> Iterator[datetime]:
        """The times of a Seoul day that can be chosen, earliest first, in UTC."""
        at = datetime.combine(day, time.min, tzinfo=self.zone)
        while at.date() == day:
            if self.fault(at) is None:
                yield at.astimezone(UTC)
            at += timedelta(minutes=self.limits.step_minutes)

    def admit_now(self) -> None:
        """Immediate orders are restricted by setting only. Raises `SendTimeRefusedError`."""
        if self.limits.restricts_immediate and self._is_night(self.now.astimezone(self.zone)):
            raise SendTimeRefusedError(TimeFault.AT_NIGHT.value, self.first_at, self.last_on, self.limits.step_minutes)

    def _is_night(self, local: datetime) -> bool:
        return self.night_restricted and local.hour < self.limits.day_begins_hour
