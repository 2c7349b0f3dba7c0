"""Saying that a month turned."""

from contracts.scheduler import MonthTurned
from scheduler.application.ports import UnitOfWork
from scheduler.domain.month import SeoulMonth, months_begun


def say_month_turns(uow: UnitOfWork) -> int:
    """Say every month that began in Asia/Seoul since the last one said, in order; how many were said.

    The very first call only remembers the present month: it began before anybody listened.
    """
    now = uow.now()
    last = uow.months.claim_last(SeoulMonth.of(now))
    if last is None:
        return 0
    begun = months_begun(last, now)
    for month in begun:
        uow.outbox.add(MonthTurned(month=str(month), began_at=month.began_at))
        uow.months.record(month)
    return len(begun)
