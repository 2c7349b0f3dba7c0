"""What messaging has still to do at a moment, for the stepping of the sandbox's clock (SCH-03)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, func, or_, select
from sqlalchemy.orm import Session

from chassis.stepping import Work
from messaging.domain.code import PostState
from messaging.domain.delivery import DeliveryState
from messaging.storage.notification_tables import notices
from messaging.storage.tables import codes, deliveries, mails, reports


def _rows(name: str, table: Table, waiting: ColumnElement[bool], due_at: Column[Any]) -> Work:
    """Rows that wait for a time; an empty time is due at once."""

    def open_rows(session: Session, now: datetime) -> int:
        due = or_(due_at.is_(None), due_at <= now)
        return session.scalar(select(func.count()).select_from(table).where(waiting, due)) or 0

    def next_due_at(session: Session, now: datetime) -> datetime | None:
        earliest: datetime | None = session.scalar(select(func.min(due_at)).where(waiting, due_at > now))
        return earliest

    return Work(name, open_rows, next_due_at)


def _handing_over() -> Work:
    claimed = deliveries.c.state == DeliveryState.HANDING_OVER.value

    def open_rows(session: Session, _: datetime) -> int:
        return session.scalar(select(func.count()).select_from(deliveries).where(claimed)) or 0

    return Work("messages being handed over", open_rows, lambda *_: None)


def _waiting_for_reports(report_wait: timedelta) -> Work:
    """Deliveries without a report: waiting is no work until the wait is over (MSG-02)."""
    waiting = deliveries.c.state.in_([DeliveryState.HANDED_OVER.value, DeliveryState.IN_DOUBT.value])

    def open_rows(session: Session, now: datetime) -> int:
        over = deliveries.c.handed_over_at <= now - report_wait
        return session.scalar(select(func.count()).select_from(deliveries).where(waiting, over)) or 0

    def next_due_at(session: Session, now: datetime) -> datetime | None:
        later = deliveries.c.handed_over_at > now - report_wait
        earliest: datetime | None = session.scalar(select(func.min(deliveries.c.handed_over_at)).where(waiting, later))
        return None if earliest is None else earliest + report_wait

    return Work("waits for reports", open_rows, next_due_at)


_QUEUED = PostState.QUEUED.value


def open_work(report_wait: timedelta) -> tuple[Work, ...]:
    """What is due or in a worker's hands; a report is waited for so long."""
    return (
        _rows("messages", deliveries, deliveries.c.state == DeliveryState.QUEUED.value, deliveries.c.next_try_at),
        _handing_over(),
        _waiting_for_reports(report_wait),
        _rows("codes", codes, codes.c.state == _QUEUED, codes.c.next_try_at),
        _rows("mails", mails, mails.c.state == _QUEUED, mails.c.next_try_at),
        _rows("notices", notices, notices.c.state == _QUEUED, notices.c.next_try_at),
        _rows("reports", reports, reports.c.settled.is_(False), reports.c.next_try_at),
    )
