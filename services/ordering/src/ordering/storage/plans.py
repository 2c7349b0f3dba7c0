"""Anniversary plans in PostgreSQL; recipients go in by COPY, and are found by their next day."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, delete, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from chassis.bulk import BulkUpdate
from chassis.columns import encrypt_text
from chassis.database import copy_rows
from ordering.application.plan_ports import NearDay
from ordering.domain.anniversary import Anniversary, CalendarKind
from ordering.domain.line import Recipient
from ordering.domain.order import OrderType
from ordering.domain.plan import Plan, PlanDay, PlanItem, PlanRecipient, PlanState, StopReason
from ordering.domain.plan_errors import PlanUnknownError
from ordering.storage.plan_tables import (
    PLAN_PHONE_PURPOSE,
    begun_days,
    plan_days,
    plan_items,
    plan_recipients,
    plans,
)

ONLY_ROW = 1
_MOVE = BulkUpdate(plan_recipients, keys=("plan_id", "row_no"), changing=("next_on",))
_ON = plans.c.state == literal(PlanState.ON.value, literal_execute=True)
"""Written out in the statement: a plan for any state could not use the index of those that are on."""
_RECIPIENT_COLUMNS = (
    "plan_id",
    "row_no",
    "phone",
    "name",
    "company",
    "title",
    "year",
    "month",
    "day",
    "calendar",
    "next_on",
)


class PostgresPlans:
    """`Plans` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, plan: Plan, recipients: Sequence[PlanRecipient]) -> None:
        """Store a new plan."""
        self._session.execute(insert(plans).values(id=plan.plan_id, **_values(plan)))
        self._session.execute(insert(plan_items), _item_rows(plan))
        self._put(plan.plan_id, recipients)

    def lock(self, plan_id: UUID, member_id: UUID) -> Plan:
        """The plan of its owner, locked. Raises `PlanUnknownError`, also for another's plan (ANN-07)."""
        owned = select(plans).where(plans.c.id == plan_id, plans.c.member_id == member_id).with_for_update()
        return one_plan(self._session, owned)

    def save(self, plan: Plan) -> None:
        """Store a locked plan and its items."""
        self._session.execute(update(plans).where(plans.c.id == plan.plan_id).values(**_values(plan)))
        self._session.execute(delete(plan_items).where(plan_items.c.plan_id == plan.plan_id))
        self._session.execute(insert(plan_items), _item_rows(plan))

    def replace_recipients(self, plan_id: UUID, recipients: Sequence[PlanRecipient]) -> None:
        """Store other recipients instead of the present ones, and the plan's next day."""
        self._session.execute(delete(plan_recipients).where(plan_recipients.c.plan_id == plan_id))
        self._put(plan_id, recipients)

    def recipients(self, plan_id: UUID) -> Sequence[PlanRecipient]:
        """All recipients, in order."""
        return recipients_where(self._session, plan_recipients.c.plan_id == plan_id)

    def due(self, plan_id: UUID, day: date) -> Sequence[PlanRecipient]:
        """The recipients whose next day it is, in order."""
        return recipients_where(
            self._session, (plan_recipients.c.plan_id == plan_id) & (plan_recipients.c.next_on == day)
        )

    def move(self, plan_id: UUID, next_days: Mapping[int, date | None]) -> None:
        """Store the next days of recipients by their row numbers, and the plan's."""
        rows = [(plan_id, row_no, next_on) for row_no, next_on in next_days.items()]
        _MOVE.execute(self._session, rows)
        self._look_ahead(plan_id)

    def begin_day(self, day: date) -> date | None:
        """Store that a day began, locked; the last one that began before, None at the first."""
        before: date | None = self._session.scalar(select(begun_days.c.day).with_for_update())
        began = upsert(begun_days).values(id=ONLY_ROW, day=day)
        later = func.greatest(begun_days.c.day, began.excluded.day)
        self._session.execute(began.on_conflict_do_update(index_elements=[begun_days.c.id], set_={"day": later}))
        return before

    def claim_due(self) -> Plan | None:
        """A plan that is on and has a day up to the last that began: the earliest, locked and skipped by others."""
        due = (
            select(plans)
            .where(_ON, plans.c.next_on <= select(begun_days.c.day).scalar_subquery())
            .order_by(plans.c.next_on, plans.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        return next(iter(read_plans(self._session, due)), None)

    def note_day(self, day: PlanDay) -> None:
        """Keep what became of a plan's day. A second one of the same day is an error of the database."""
        self._session.execute(
            insert(plan_days).values(
                plan_id=day.plan_id,
                day=day.day,
                outcome=day.outcome.value,
                recipients=day.recipients,
                order_id=day.order_id,
                reason=day.reason,
                at=day.at,
            )
        )

    def near(self, first: date, last: date) -> Sequence[NearDay]:
        """Days within a span, both included, of plans that are on."""
        counted = (
            select(plan_recipients.c.plan_id, plan_recipients.c.next_on, func.count().label("recipients"))
            .join(plans, plans.c.id == plan_recipients.c.plan_id)
            .where(_ON, plan_recipients.c.next_on.between(first, last))
            .group_by(plan_recipients.c.plan_id, plan_recipients.c.next_on)
            .order_by(plan_recipients.c.next_on, plan_recipients.c.plan_id)
        )
        days = self._session.execute(counted).all()
        ids = {row.plan_id for row in days}
        known = {plan.plan_id: plan for plan in read_plans(self._session, select(plans).where(plans.c.id.in_(ids)))}
        return [NearDay(known[row.plan_id], row.next_on, row.recipients) for row in days]

    def using(self, offer_id: UUID) -> Sequence[Plan]:
        """Plans that are on and use the offer, locked, in order of their ids."""
        users = select(plan_items.c.plan_id).where(plan_items.c.offer_id == offer_id)
        return read_plans(
            self._session, select(plans).where(_ON, plans.c.id.in_(users)).order_by(plans.c.id).with_for_update()
        )

    def owned_by(self, member_id: UUID) -> Sequence[Plan]:
        """Plans of the member, locked, in order of their ids."""
        owned = select(plans).where(plans.c.member_id == member_id).order_by(plans.c.id).with_for_update()
        return read_plans(self._session, owned)

    def forget_recipients(self, plan_id: UUID) -> None:
        """Delete a plan's recipients for good."""
        self.replace_recipients(plan_id, ())

    def _put(self, plan_id: UUID, recipients: Iterable[PlanRecipient]) -> None:
        copy_rows(self._session, plan_recipients, _RECIPIENT_COLUMNS, _recipient_rows(plan_id, recipients))
        self._look_ahead(plan_id)

    def _look_ahead(self, plan_id: UUID) -> None:
        earliest = select(func.min(plan_recipients.c.next_on)).where(plan_recipients.c.plan_id == plan_id)
        self._session.execute(update(plans).where(plans.c.id == plan_id).values(next_on=earliest.scalar_subquery()))


def one_plan(session: Session, statement: Select[Any]) -> Plan:
    """The one plan of a statement. Raises `PlanUnknownError`."""
    found = read_plans(session, statement)
    if not found:
        raise PlanUnknownError
    return found[0]


def read_plans(session: Session, statement: Select[Any]) -> list[Plan]:
    """The plans of a statement with their items: two statements, however many there are."""
    found = [_plan(row) for row in session.execute(statement)]
    items: dict[UUID, list[PlanItem]] = {plan.plan_id: [] for plan in found}
    rows = select(plan_items).where(plan_items.c.plan_id.in_(items)).order_by(plan_items.c.item_no)
    for row in session.execute(rows) if found else ():
        items[row.plan_id].append(PlanItem(row.offer_id, row.accepted_krw))
    return [replace(plan, items=tuple(items[plan.plan_id])) for plan in found]


def recipients_where(session: Session, which: ColumnElement[bool], limit: int | None = None) -> list[PlanRecipient]:
    """Recipients in the order of their rows."""
    statement = select(plan_recipients).where(which).order_by(plan_recipients.c.row_no).limit(limit)
    return [_recipient(row) for row in session.execute(statement)]


def _recipient(row: Row[Any]) -> PlanRecipient:
    return PlanRecipient(
        Recipient(row.row_no, row.phone, row.name, row.company, row.title),
        Anniversary(row.year, row.month, row.day, CalendarKind(row.calendar)),
        row.next_on,
    )


def _recipient_rows(plan_id: UUID, recipients: Iterable[PlanRecipient]) -> Iterator[tuple[object, ...]]:
    for one in recipients:
        recipient, day = one.recipient, one.anniversary
        yield (
            plan_id,
            recipient.row_no,
            encrypt_text(PLAN_PHONE_PURPOSE, recipient.phone),
            recipient.name,
            recipient.company,
            recipient.title,
            day.year,
            day.month,
            day.day,
            day.calendar.value,
            one.next_on,
        )


def _item_rows(plan: Plan) -> list[dict[str, Any]]:
    return [
        {"plan_id": plan.plan_id, "item_no": item_no, "offer_id": item.offer_id, "accepted_krw": item.accepted_krw}
        for item_no, item in enumerate(plan.items, start=1)
    ]


def _values(plan: Plan) -> dict[str, Any]:
    return {
        "company_id": plan.company_id,
        "member_id": plan.member_id,
        "version": plan.version,
        "state": plan.state.value,
        "order_name": plan.order_name,
        "send_title": plan.send_title,
        "order_type": plan.order_type.value,
        "default_offer_id": plan.default_offer_id,
        "template_id": plan.template_id,
        "typed_values": dict(plan.values),
        "repeats_allowed": plan.repeats_allowed,
        "sender_profile_id": plan.sender_profile_id,
        "ends_on": plan.ends_on,
        "terms_version": plan.terms_version,
        "recipients": plan.recipients,
        "each_pay_krw": plan.each_pay_krw,
        "each_cash_like_krw": plan.each_cash_like_krw,
        "registered_at": plan.registered_at,
        "stop_reason": plan.stop_reason,
        "stop_product": plan.stop_product,
    }


def _plan(row: Row[Any]) -> Plan:
    return Plan(
        plan_id=row.id,
        company_id=row.company_id,
        member_id=row.member_id,
        version=row.version,
        state=PlanState(row.state),
        order_name=row.order_name,
        send_title=row.send_title,
        order_type=OrderType(row.order_type),
        items=(),
        default_offer_id=row.default_offer_id,
        template_id=row.template_id,
        values=row.typed_values,
        repeats_allowed=row.repeats_allowed,
        sender_profile_id=row.sender_profile_id,
        ends_on=row.ends_on,
        terms_version=row.terms_version,
        recipients=row.recipients,
        each_pay_krw=row.each_pay_krw,
        each_cash_like_krw=row.each_cash_like_krw,
        next_on=row.next_on,
        registered_at=row.registered_at,
        stop_reason=None if row.stop_reason is None else StopReason(row.stop_reason),
        stop_product=row.stop_product,
    )
