"""Saying that a day opened."""

from contracts.scheduler import DayOpened
from scheduler.application.ports import UnitOfWork
from scheduler.domain.day import days_opened, last_opened, opened_at


def say_day_openings(uow: UnitOfWork) -> int:
    """Say every day that opened in Asia/Seoul since the last one said, in order; how many were said.

    The very first call only remembers the present day: it opened before anybody listened.
    """
    now = uow.now()
    last = uow.days.claim_last(last_opened(now))
    if last is None:
        return 0
    opened = list(days_opened(last, now))
    for day in opened:
        uow.outbox.add(DayOpened(day=day, opened_at=opened_at(day)))
        uow.days.record(day)
    return len(opened)
