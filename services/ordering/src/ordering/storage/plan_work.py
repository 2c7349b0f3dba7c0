"""What anniversary plans have still to do, for the stepping of the sandbox's clock (SCH-03)."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis.clock import SEOUL
from chassis.stepping import Work
from ordering.domain.plan import PlanState
from ordering.storage.plan_tables import begun_days, plan_recipients, plans

_BEGINS_AT = time(2)
"""When a day's orders are created (ANN-02)."""
_FORECAST = timedelta(days=3)
"""A day is said to be near so long before it (ANN-08)."""
_ON = plans.c.state == PlanState.ON.value


def _due_days(session: Session, _: datetime) -> int:
    due = plans.c.next_on <= select(begun_days.c.day).scalar_subquery()
    return session.scalar(select(func.count()).select_from(plans).where(_ON, due)) or 0


def _next_day(session: Session, now: datetime) -> datetime | None:
    """The next beginning of a day that has an order, or is three days before one that has."""
    begun = _last_begun(now)
    following = session.scalar(select(func.min(plans.c.next_on)).where(_ON, plans.c.next_on > begun))
    near = session.scalar(
        select(func.min(plan_recipients.c.next_on))
        .join(plans, plans.c.id == plan_recipients.c.plan_id)
        .where(_ON, plan_recipients.c.next_on > begun + _FORECAST)
    )
    days = [day for day in (following, None if near is None else near - _FORECAST) if day is not None]
    return _begins_at(min(days)) if days else None


def _last_begun(now: datetime) -> date:
    today = now.astimezone(SEOUL).date()
    return today if now >= _begins_at(today) else today - timedelta(days=1)


def _begins_at(day: date) -> datetime:
    return datetime.combine(day, _BEGINS_AT, tzinfo=SEOUL).astimezone(UTC)


PLAN_WORK = (Work("plans", _due_days, _next_day),)
