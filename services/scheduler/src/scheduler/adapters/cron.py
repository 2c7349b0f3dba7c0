"""Cron expressions, read by a package that knows them; all of them mean Asia/Seoul."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from cronsim import CronSim

from scheduler.domain.calendar import SEOUL, Calendar

_SECOND = timedelta(seconds=1)


class CronTimes:
    """`CalendarTimes` by the calendars' cron expressions."""

    def last(self, calendar: Calendar, now: datetime) -> datetime:
        """The calendar's last moment at or before `now`, in UTC."""
        soon = now.astimezone(SEOUL).replace(microsecond=0) + _SECOND
        return next(CronSim(calendar.expression, soon, reverse=True)).astimezone(UTC)

    def after(self, calendar: Calendar, moment: datetime) -> Iterator[datetime]:
        """The calendar's moments after `moment`, earliest first, in UTC and without end."""
        for at in CronSim(calendar.expression, moment.astimezone(SEOUL)):
            yield at.astimezone(UTC)
