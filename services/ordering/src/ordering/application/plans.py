"""Registering, editing and switching anniversary plans (ANN-01, ANN-04, ANN-05)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from ordering.application.judging import SEOUL, Judged, PlaceOrder, Stopping, judge
from ordering.application.plan_ports import PlanRules, PlanViews
from ordering.application.ports import UnitOfWork
from ordering.application.profile_uses import use_profile
from ordering.domain.anniversary import Anniversary
from ordering.domain.errors import RecipientsRefusedError, TermsNotAgreedError
from ordering.domain.limits import OrderLimits
from ordering.domain.naming import order_name
from ordering.domain.order import OrderType
from ordering.domain.plan import Plan, PlanItem, PlanRow, PlanState, read_days, recipients_after
from ordering.domain.plan_errors import PlanChangedError, PlanEndPastError, PlanPricesChangedError, PlansCountError
from ordering.domain.prices import Item, items_of

SENT_AT = time(9)
"""Anniversaries go out at 09:00 (ANN-02)."""


@dataclass(frozen=True)
class PlanDraft:
    """A plan as its owner fills it in; the prices of its items are those that were seen."""

    company_id: UUID
    member_id: UUID
    order_name: str | None
    send_title: str
    order_type: OrderType
    items: tuple[PlanItem, ...]
    default_offer_id: UUID | None
    rows: tuple[PlanRow, ...] = field(repr=False)
    template_id: UUID
    values: Mapping[str, str] = field(repr=False)
    repeats_allowed: bool
    sender_profile_id: UUID | None
    ends_on: date | None
    agreed_terms: bool
    terms_version: str | None


def register_plan(draft: PlanDraft, uow: UnitOfWork, views: PlanViews, rules: PlanRules) -> UUID:
    """Store the plan, ON. Its first days lie after today. Raises whatever placing an order of it would raise.

    Also raises `PlanPricesChangedError`, `PlanEndPastError`, `PlansCountError`.
    """
    if views.count(draft.member_id) >= rules.plans_max:
        raise PlansCountError(rules.plans_max)
    judged, days = _judged(draft, uow, rules)
    now = uow.now()
    plan = _filled(
        draft,
        judged,
        rules.placing.limits,
        Plan(
            plan_id=uow.new_id(),
            company_id=draft.company_id,
            member_id=draft.member_id,
            version=1,
            state=PlanState.ON,
            order_name="",
            send_title="",
            order_type=draft.order_type,
            items=(),
            default_offer_id=None,
            template_id=draft.template_id,
            values={},
            repeats_allowed=draft.repeats_allowed,
            sender_profile_id=None,
            ends_on=draft.ends_on,
            terms_version=None,
            recipients=0,
            each_pay_krw=0,
            each_cash_like_krw=0,
            next_on=None,
            registered_at=now,
        ),
        now,
    )
    uow.plans.add(plan, recipients_after(plan, judged.recipients, days, _next_day(plan, now, rules)))
    use_profile(plan.company_id, plan.sender_profile_id, 1, uow)
    return plan.plan_id


def edit_plan(plan_id: UUID, version: int, draft: PlanDraft, uow: UnitOfWork, rules: PlanRules) -> None:
    """Store the plan as filled in anew; it stays ON or OFF. Orders already created go on as they are (ANN-02).

    `version` is the one that was looked at. Raises `PlanUnknownError`, `PlanChangedError`, and as registering does.
    """
    before = uow.plans.lock(plan_id, draft.member_id)
    if before.version != version:
        raise PlanChangedError(plan_id, before.version)
    judged, days = _judged(draft, uow, rules)
    now = uow.now()
    plan = _filled(draft, judged, rules.placing.limits, before.changed(), now)
    if not plan.is_on:
        plan = replace(plan, stop_reason=before.stop_reason, stop_product=before.stop_product)
    before_it = uow.plans.recipients(plan_id)
    uow.plans.save(plan)
    uow.plans.replace_recipients(
        plan_id, recipients_after(plan, judged.recipients, days, _next_day(plan, now, rules), before_it)
    )
    if before.is_on and before.sender_profile_id != plan.sender_profile_id:
        use_profile(plan.company_id, before.sender_profile_id, -1, uow)
        use_profile(plan.company_id, plan.sender_profile_id, 1, uow)


def switch_on(
    plan_id: UUID,
    member_id: UUID,
    seen_krw: Mapping[UUID, int],
    uow: UnitOfWork,
    rules: PlanRules,
) -> None:
    """Turn the plan ON; days that passed while it was OFF are not made up for (ANN-04). ON already, nothing changes.

    `seen_krw` are the present prices that the owner accepts, by offer; without them those accepted before have to hold.
    Raises `PlanUnknownError`, `PlanPricesChangedError`, and `OfferNotOnSaleError` for what has to be replaced first.
    """
    plan = uow.plans.lock(plan_id, member_id)
    if plan.is_on:
        return
    accepted = {item.offer_id: item.accepted_krw for item in plan.items} | dict(seen_krw)
    items = _items(tuple(item.offer_id for item in plan.items), uow, rules.placing.limits)
    _confirm_prices(items, accepted)
    plan = plan.on(items)
    uow.plans.save(plan)
    next_day = _next_day(plan, uow.now(), rules)
    uow.plans.move(plan_id, {one.recipient.row_no: next_day(one.anniversary) for one in uow.plans.recipients(plan_id)})
    use_profile(plan.company_id, plan.sender_profile_id, 1, uow)


def switch_off(plan_id: UUID, member_id: UUID, uow: UnitOfWork) -> None:
    """Turn the plan OFF; OFF already, nothing changes. Raises `PlanUnknownError`."""
    plan = uow.plans.lock(plan_id, member_id)
    if plan.is_on:
        uow.plans.save(plan.off())
        use_profile(plan.company_id, plan.sender_profile_id, -1, uow)


def seoul_day(at: datetime) -> date:
    """The day of a moment in Seoul."""
    return at.astimezone(SEOUL).date()


def sent_at(day: date) -> datetime:
    """09:00 of a day in Seoul, in UTC."""
    return datetime.combine(day, SENT_AT, tzinfo=SEOUL).astimezone(UTC)


def _as_order(draft: PlanDraft, send_at: datetime) -> PlaceOrder:
    return PlaceOrder(
        company_id=draft.company_id,
        member_id=draft.member_id,
        order_name=draft.order_name,
        send_title=draft.send_title,
        offer_ids=tuple(item.offer_id for item in draft.items),
        rows=tuple(one.row for one in draft.rows),
        template_id=draft.template_id,
        values=draft.values,
        pay_amount_krw=0,
        agreed_terms=draft.agreed_terms,
        terms_version=draft.terms_version,
        repeats_allowed=draft.repeats_allowed,
        send_at=send_at,
        order_type=draft.order_type,
        default_offer_id=draft.default_offer_id,
        sender_profile_id=draft.sender_profile_id,
    )


def _next_day(plan: Plan, now: datetime, rules: PlanRules) -> Callable[[Anniversary], date | None]:
    """The next day of an anniversary: after today, and not after the plan's end (ANN-01)."""
    today = seoul_day(now)
    return lambda anniversary: plan.day_after(anniversary, today, rules.lunar)


def _judged(draft: PlanDraft, uow: UnitOfWork, rules: PlanRules) -> tuple[Judged, dict[int, Anniversary]]:
    """The plan as an order of tomorrow is judged, all its recipients together, and their anniversaries."""
    tomorrow = seoul_day(uow.now()) + timedelta(days=1)
    days, problems = read_days(draft.rows, rules.lunar)
    try:
        judged = judge(_as_order(draft, sent_at(tomorrow)), uow, rules.placing, Stopping())
    except RecipientsRefusedError as refused:
        problems += [one for one in refused.rows if one not in problems]
        raise RecipientsRefusedError(tuple(sorted(problems, key=lambda problem: problem.row_no))) from None
    if problems:
        raise RecipientsRefusedError(tuple(problems))
    if not draft.agreed_terms:
        raise TermsNotAgreedError
    if draft.ends_on is not None and draft.ends_on < tomorrow:
        raise PlanEndPastError
    _confirm_prices(judged.items, {item.offer_id: item.accepted_krw for item in draft.items})
    return judged, days


def _filled(draft: PlanDraft, judged: Judged, limits: OrderLimits, plan: Plan, now: datetime) -> Plan:
    return replace(
        plan,
        order_name=order_name(draft.order_name, now, SEOUL, limits.order_name_characters_max),
        send_title=judged.send_title,
        order_type=draft.order_type,
        default_offer_id=draft.default_offer_id,
        template_id=draft.template_id,
        values=judged.typed_values,
        repeats_allowed=draft.repeats_allowed,
        sender_profile_id=draft.sender_profile_id,
        ends_on=draft.ends_on,
        terms_version=draft.terms_version,
        recipients=len(judged.recipients),
    ).priced(judged.items)


def _items(offer_ids: tuple[UUID, ...], uow: UnitOfWork, limits: OrderLimits) -> tuple[Item, ...]:
    return items_of(offer_ids, uow.copies.offers(offer_ids), uow.now(), limits.products_max)


def _confirm_prices(items: tuple[Item, ...], seen_krw: Mapping[UUID, int]) -> None:
    present = {item.offer.offer_id: item.sale_price_krw for item in items}
    if any(seen_krw.get(offer_id) != price for offer_id, price in present.items()):
        raise PlanPricesChangedError(present)
