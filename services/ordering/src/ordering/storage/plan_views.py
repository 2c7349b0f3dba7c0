"""What owners see of their plans."""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ordering.application.plan_ports import YearlyDay
from ordering.domain.anniversary import CalendarKind
from ordering.domain.plan import DayOutcome, Plan, PlanDay, PlanRecipient, PlanState
from ordering.storage.plan_tables import plan_days, plan_recipients, plans
from ordering.storage.plans import one_plan, read_plans, recipients_where
from ordering.storage.tables import orders


class PostgresPlanViews:
    """`PlanViews` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def count(self, member_id: UUID) -> int:
        """How many plans the member has."""
        counted = select(func.count()).select_from(plans).where(plans.c.member_id == member_id)
        return self._session.scalar(counted) or 0

    def page(self, member_id: UUID, before: UUID | None, limit: int) -> Sequence[Plan]:
        """The member's plans, newest first."""
        statement = select(plans).where(plans.c.member_id == member_id).order_by(plans.c.id.desc()).limit(limit)
        return read_plans(self._session, statement if before is None else statement.where(plans.c.id < before))

    def coming(self, member_id: UUID, limit: int) -> Sequence[Plan]:
        """The member's plans that are on and have a day to come, the nearest first."""
        statement = (
            select(plans)
            .where(plans.c.member_id == member_id, plans.c.state == PlanState.ON.value, plans.c.next_on.is_not(None))
            .order_by(plans.c.next_on, plans.c.id)
            .limit(limit)
        )
        return read_plans(self._session, statement)

    def plan(self, plan_id: UUID, member_id: UUID) -> Plan:
        """One plan of its owner. Raises `PlanUnknownError`."""
        return one_plan(self._session, select(plans).where(plans.c.id == plan_id, plans.c.member_id == member_id))

    def recipients(self, plan_id: UUID, after_row_no: int, limit: int) -> Sequence[PlanRecipient]:
        """A page of recipients."""
        later = (plan_recipients.c.plan_id == plan_id) & (plan_recipients.c.row_no > after_row_no)
        return recipients_where(self._session, later, limit)

    def days(self, plan_id: UUID, before: date | None, limit: int) -> Sequence[tuple[PlanDay, str | None]]:
        """What became of days, newest first, each with the reason for which its order was rejected."""
        statement = (
            select(plan_days, orders.c.shortfall_reason)
            .outerjoin(orders, orders.c.id == plan_days.c.order_id)
            .where(plan_days.c.plan_id == plan_id)
            .order_by(plan_days.c.day.desc())
            .limit(limit)
        )
        if before is not None:
            statement = statement.where(plan_days.c.day < before)
        return [
            (
                PlanDay(
                    row.plan_id, row.day, DayOutcome(row.outcome), row.recipients, row.order_id, row.reason, row.at
                ),
                row.shortfall_reason,
            )
            for row in self._session.execute(statement)
        ]

    def yearly(self, member_id: UUID) -> Iterator[YearlyDay]:
        """The distinct days of the member's plans that are on."""
        table = plan_recipients
        columns = (table.c.plan_id, table.c.year, table.c.month, table.c.day, table.c.calendar)
        statement = (
            select(*columns, func.count().label("recipients"))
            .join(plans, plans.c.id == table.c.plan_id)
            .where(plans.c.member_id == member_id, plans.c.state == PlanState.ON.value, table.c.next_on.is_not(None))
            .group_by(*columns)
        )
        for row in self._session.execute(statement):
            yield YearlyDay(row.plan_id, row.year, row.month, row.day, CalendarKind(row.calendar), row.recipients)
