"""A year's calendar of coming sends (ANN-01)."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from ordering.application.plan_ports import PlanRules, PlanViews
from ordering.domain.anniversary import Anniversary

_LAST_MONTH, _LAST_DAY = 12, 31


@dataclass(frozen=True)
class ComingDay:
    """A day of a plan that is to come; amount in KRW at the prices accepted."""

    day: date
    plan_id: UUID
    order_name: str
    recipients: int
    amount_krw: int


def coming_days(member_id: UUID, year: int, today: date, views: PlanViews, rules: PlanRules) -> list[ComingDay]:
    """The days after today, within a year, that plans which are on will have, earliest first."""
    plans = {plan.plan_id: plan for plan in views.page(member_id, None, rules.plans_max)}
    first = max(date(year, 1, 1), today + timedelta(days=1))
    counts: Counter[tuple[date, UUID]] = Counter()
    for same in views.yearly(member_id):
        plan = plans[same.plan_id]
        last = min(date(year, _LAST_MONTH, _LAST_DAY), plan.ends_on or date.max)
        anniversary = Anniversary(same.year, same.month, same.day, same.calendar)
        for day in anniversary.within(first, last, rules.lunar):
            counts[day, same.plan_id] += same.recipients
    return [
        ComingDay(day, plan_id, plans[plan_id].order_name, recipients, recipients * plans[plan_id].each_pay_krw)
        for (day, plan_id), recipients in sorted(counts.items())
    ]
