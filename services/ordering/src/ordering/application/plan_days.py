"""A day began at 02:00: every plan's order of it is created, once, by the code path of placing (ANN-02, ANN-09)."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from math import ceil
from uuid import UUID

from contracts.identity import CompanyState, MemberState
from contracts.ordering.orders import OrderRejected
from contracts.ordering.plans import PlanDayNear
from contracts.values import MemberRole
from ordering.application.judging import Gathering, PlaceOrder, judge
from ordering.application.placing import place_order, placement_of
from ordering.application.plan_ports import PlanRules
from ordering.application.plan_stops import stop_of, stop_plan
from ordering.application.plans import sent_at
from ordering.application.ports import MemberCopy, UnitOfWork
from ordering.domain.errors import OrderingError
from ordering.domain.limits import PlacingRules
from ordering.domain.line import Row
from ordering.domain.order import ORDER_STATES, Funding, Shortfall
from ordering.domain.plan import DayOutcome, Plan, PlanDay, PlanRecipient

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")
_Outcome = tuple[DayOutcome, UUID | None, str | None]


def begin_day(day: date, uow: UnitOfWork) -> None:
    """Make the plans' days up to this one due, and say which are near. A day that began already is no news.

    When days were missed, what is near because of them is said too: nothing leans on hearing of every day (SCH-02).
    """
    before = uow.plans.begin_day(day)
    if before is not None and before >= day:
        return
    ahead = timedelta(days=uow.forecast_days)
    first = day + ahead if before is None else max(before + ahead, day) + timedelta(days=1)
    at = uow.now()
    uow.outbox.add_all(
        PlanDayNear(
            plan_id=near.plan.plan_id,
            company_id=near.plan.company_id,
            member_id=near.plan.member_id,
            member_role=MemberRole(member.role),
            order_name=near.plan.order_name,
            day=near.day,
            recipients=near.recipients,
            amount_krw=near.recipients * near.plan.each_pay_krw,
            cash_like_krw=near.recipients * near.plan.each_cash_like_krw,
            said_at=at,
        )
        for near in uow.plans.near(first, day + ahead)
        if (member := _owner(near.plan, uow)) is not None
    )


def make_due_order(uow: UnitOfWork, rules: PlanRules) -> bool:
    """Settle one due day of one plan: its order is created, or rejected, or the day passes; whether there was any.

    Whoever changes the plan at the same time waits for this, or this takes the plan as changed: never a mix.
    """
    plan = uow.plans.claim_due()
    if plan is None or plan.next_on is None:
        return False
    day = plan.next_on
    due = uow.plans.due(plan.plan_id, day)
    outcome, order_id, reason = _settle(plan, day, due, uow, rules.placing)
    uow.plans.note_day(PlanDay(plan.plan_id, day, outcome, len(due), order_id, reason, uow.now()))
    uow.plans.move(
        plan.plan_id, {one.recipient.row_no: plan.day_after(one.anniversary, day, rules.lunar) for one in due}
    )
    return True


def _settle(plan: Plan, day: date, due: Sequence[PlanRecipient], uow: UnitOfWork, rules: PlacingRules) -> _Outcome:
    if _owner(plan, uow) is None:
        return DayOutcome.OWNER_PAUSED, None, None
    stop = stop_of(plan, uow)
    if stop is not None:
        stop_plan(plan, stop, uow)
        return DayOutcome.STOPPED, None, stop.reason.value
    command = _command(plan, due, _send_at(day, uow.now(), rules))
    try:
        return DayOutcome.ORDERED, place_order(command, uow, rules), None
    except OrderingError as fault:
        reason = reason_of(fault)
        return DayOutcome.REJECTED, _keep_rejected(command, reason, uow, rules), reason


def reason_of(fault: OrderingError) -> str:
    """What the fault is called where its order is kept: `template_unknown` of a TemplateUnknownError."""
    return _CAPITAL.sub("_", type(fault).__name__.removesuffix("Error")).lower()


def _owner(plan: Plan, uow: UnitOfWork) -> MemberCopy | None:
    """The owner, unless it or its company may not order for now: that pauses its plans."""
    company, member = uow.copies.company(plan.company_id), uow.copies.member(plan.member_id)
    is_good = company is not None and company.state == CompanyState.APPROVED
    return member if is_good and member is not None and member.state == MemberState.ACTIVE else None


def _send_at(day: date, now: datetime, rules: PlacingRules) -> datetime | None:
    """09:00 of the day, a little later when that is too near to be chosen, at once when it has passed (SCH-02)."""
    nine = sent_at(day)
    if now >= nine:
        return None
    earliest = now + timedelta(minutes=rules.schedule.minutes_ahead_min)
    steps = ceil((earliest - nine) / timedelta(minutes=rules.schedule.step_minutes))
    return nine + max(steps, 0) * timedelta(minutes=rules.schedule.step_minutes)


def _command(plan: Plan, due: Sequence[PlanRecipient], send_at: datetime | None) -> PlaceOrder:
    rows = tuple(
        Row(one.recipient.phone, one.recipient.name, one.recipient.company, one.recipient.title) for one in due
    )
    return PlaceOrder(
        company_id=plan.company_id,
        member_id=plan.member_id,
        order_name=plan.order_name,
        send_title=plan.send_title,
        offer_ids=tuple(item.offer_id for item in plan.items),
        rows=rows,
        template_id=plan.template_id,
        values=plan.values,
        pay_amount_krw=plan.each_pay_krw * len(due),
        agreed_terms=True,
        terms_version=plan.terms_version,
        repeats_allowed=plan.repeats_allowed,
        send_at=send_at,
        order_type=plan.order_type,
        default_offer_id=plan.default_offer_id,
        sender_profile_id=plan.sender_profile_id,
        plan_id=plan.plan_id,
    )


def _keep_rejected(command: PlaceOrder, reason: str, uow: UnitOfWork, rules: PlacingRules) -> UUID:
    """Store the order as far as it can be known, rejected with its reason; the owner is told (ANN-09)."""
    placement = placement_of(command, judge(command, uow, rules, Gathering()), uow, rules)
    uow.orders.add(placement)
    shortfall = Shortfall(reason, placement.figures.pay_amount_krw, 0)
    at = uow.now()
    uow.orders.change_funding(placement.order_id, Funding(ORDER_STATES.initial).refused(shortfall), at)
    uow.outbox.add(
        OrderRejected(
            order_id=placement.order_id,
            company_id=placement.company_id,
            member_id=placement.member_id,
            order_name=placement.order_name,
            plan_id=placement.plan_id,
            reason=reason,
            rejected_at=at,
        )
    )
    return placement.order_id
