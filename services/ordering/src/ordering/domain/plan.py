"""An anniversary plan: what is ordered again and again, for whom, and until when (ANN-01 … ANN-06)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from ordering.domain.anniversary import Anniversary, CalendarKind, LunarCalendar, read_anniversary
from ordering.domain.errors import RowProblem
from ordering.domain.line import Recipient, Row
from ordering.domain.order import OrderType
from ordering.domain.prices import Item, choice_figures, fixed_figures

_CALENDARS = {
    "": CalendarKind.SOLAR,
    "양력": CalendarKind.SOLAR,
    "음력": CalendarKind.LUNAR,
    "윤달": CalendarKind.LUNAR_LEAP,
} | {kind.value: kind for kind in CalendarKind}
CALENDAR_WORDS = {CalendarKind.SOLAR: "양력", CalendarKind.LUNAR: "음력", CalendarKind.LUNAR_LEAP: "윤달"}


class PlanState(StrEnum):
    """ON, OFF."""

    ON = "on"
    OFF = "off"


class StopReason(StrEnum):
    """Why a plan turned itself off."""

    PRICE_CHANGED = "price_changed"
    DISCONTINUED = "discontinued"
    OWNER_WITHDREW = "owner_withdrew"


class DayOutcome(StrEnum):
    """What became of a plan's day; one whose order the wallet refused is `ordered` too, and its order rejected."""

    ORDERED = "ordered"
    REJECTED = "rejected"
    OWNER_PAUSED = "owner_paused"
    STOPPED = "stopped"


@dataclass(frozen=True)
class PlanRow:
    """A recipient's row as it was given; nothing is trusted yet."""

    row: Row
    anniversary: str = ""
    calendar: str = ""


@dataclass(frozen=True)
class PlanItem:
    """A product of a plan, and the sale price in KRW that its owner accepted."""

    offer_id: UUID
    accepted_krw: int


@dataclass(frozen=True, slots=True)
class PlanRecipient:
    """Who gets something on which day; the phone is shown by no repr."""

    recipient: Recipient
    anniversary: Anniversary
    next_on: date | None

    @property
    def likeness(self) -> tuple[str, Anniversary]:
        """What makes a row of an edited list the same as one before."""
        return self.recipient.phone, self.anniversary


@dataclass(frozen=True)
class Plan:
    """A plan of one member, who alone sees and changes it (ANN-07). `next_on` is the next day that has an order."""

    plan_id: UUID
    company_id: UUID
    member_id: UUID
    version: int
    state: PlanState
    order_name: str
    send_title: str
    order_type: OrderType
    items: tuple[PlanItem, ...]
    default_offer_id: UUID | None
    template_id: UUID
    values: Mapping[str, str] = field(repr=False)
    repeats_allowed: bool
    sender_profile_id: UUID | None
    ends_on: date | None
    terms_version: str | None
    recipients: int
    each_pay_krw: int
    """What one recipient costs: the sum of the products, or the dearest of a choice."""
    each_cash_like_krw: int
    next_on: date | None
    registered_at: datetime
    stop_reason: StopReason | None = None
    stop_product: str | None = None

    @property
    def is_on(self) -> bool:
        """Whether days bring orders."""
        return self.state is PlanState.ON

    def changed(self) -> "Plan":
        """The same under its next version."""
        return replace(self, version=self.version + 1)

    def off(self, reason: StopReason | None = None, product: str | None = None) -> "Plan":
        """OFF, by its owner or by itself; orders already created go on (ANN-05)."""
        return replace(self.changed(), state=PlanState.OFF, stop_reason=reason, stop_product=product)

    def on(self, items: Sequence[Item]) -> "Plan":
        """ON, at the prices that its owner accepted."""
        on = replace(self.changed(), state=PlanState.ON, stop_reason=None, stop_product=None)
        return on.priced(items)

    def priced(self, items: Sequence[Item]) -> "Plan":
        """With products at prices that its owner saw."""
        pay_krw, cash_like_krw = each_krw(self.order_type, items)
        accepted = tuple(PlanItem(item.offer.offer_id, item.sale_price_krw) for item in items)
        return replace(self, items=accepted, each_pay_krw=pay_krw, each_cash_like_krw=cash_like_krw)

    def day_after(self, anniversary: Anniversary, day: date, lunar: LunarCalendar) -> date | None:
        """The next event of a recipient after a day; None when there is none before the plan ends (ANN-04)."""
        on = anniversary.next_after(day, lunar)
        return None if on is None or (self.ends_on is not None and on > self.ends_on) else on


@dataclass(frozen=True)
class PlanDay:
    """What became of a plan's day, kept for ever: one a plan and day."""

    plan_id: UUID
    day: date
    outcome: DayOutcome
    recipients: int
    order_id: UUID | None
    reason: str | None
    at: datetime


def each_krw(order_type: OrderType, items: Sequence[Item]) -> tuple[int, int]:
    """What one recipient costs, and how much of it is cash-like; KRW."""
    figures = (choice_figures if order_type is OrderType.CHOICE else fixed_figures)(items, 1)
    return figures.pay_amount_krw, figures.cash_like_krw


def read_days(rows: Sequence[PlanRow], lunar: LunarCalendar) -> tuple[dict[int, Anniversary], list[RowProblem]]:
    """The anniversaries of rows that are not empty, by their numbers, and what is wrong with the others (ANN-01)."""
    days: dict[int, Anniversary] = {}
    problems: list[RowProblem] = []
    for row_no, given in enumerate(rows, start=1):
        written, calendar = given.anniversary.strip(), _CALENDARS.get(given.calendar.strip())
        is_blank = not any((given.row.phone, given.row.name, given.row.company, given.row.title))
        if is_blank and not written:
            continue
        if is_blank:
            problems.append(RowProblem(row_no, "phone", "phone_missing"))
        if not written:
            problems.append(RowProblem(row_no, "anniversary", "anniversary_missing"))
        elif calendar is None:
            problems.append(RowProblem(row_no, "calendar", "calendar_unknown"))
        elif (anniversary := read_anniversary(written, calendar, lunar)) is None:
            problems.append(RowProblem(row_no, "anniversary", "anniversary_invalid"))
        else:
            days[row_no] = anniversary
    return days, problems


def recipients_after(
    plan: Plan,
    recipients: Iterable[Recipient],
    days: Mapping[int, Anniversary],
    next_day: Callable[[Anniversary], date | None],
    before: Iterable[PlanRecipient] = (),
) -> list[PlanRecipient]:
    """Recipients with their next days.

    Those who were in the list `before` keep theirs: a plan that is edited early on somebody's day still has that day.
    """
    kept = {one.likeness: one.next_on for one in before}
    made = []
    for recipient in recipients:
        anniversary = days[recipient.row_no]
        next_on = kept.get((recipient.phone, anniversary))
        if next_on is None or (plan.ends_on is not None and next_on > plan.ends_on):
            next_on = next_day(anniversary)
        made.append(PlanRecipient(recipient, anniversary, next_on))
    return made
