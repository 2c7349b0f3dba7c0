"""Anniversary plans as they come in and go out over REST."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from chassis.bodies import RequestBody
from chassis.paging import PageQuery
from ordering.api.order_models import Recipient, Text
from ordering.application.plan_calendar import ComingDay
from ordering.application.plans import PlanDraft
from ordering.application.queries import Viewer
from ordering.domain.anniversary import CalendarKind
from ordering.domain.line import Row
from ordering.domain.order import OrderType
from ordering.domain.plan import DayOutcome, Plan, PlanDay, PlanItem, PlanRecipient, PlanRow, PlanState, StopReason
from ordering.domain.prices import Offer

Price = Annotated[int, Field(ge=0, le=10**15)]


class PlanRecipientIn(Recipient):
    """A recipient's row with its anniversary, `YYYY/MM/DD` of its calendar: `solar`, `lunar`, `lunar_leap` (윤달)."""

    anniversary: Text = Field(default="", examples=["1990/03/02"])
    calendar: Text = Field(default="", examples=["lunar"])

    def as_row(self) -> PlanRow:
        """The row as the rules read it."""
        return PlanRow(Row(self.phone, self.name, self.company, self.title), self.anniversary, self.calendar)


class SeenPrice(RequestBody):
    """A product, and the sale price in KRW that the owner sees and accepts."""

    offer_id: UUID
    sale_price_krw: Price


class NewPlan(RequestBody):
    """A plan as filled in. `ends_on` is the last day that still has an order (ANN-04)."""

    order_name: Text | None = None
    send_title: Text
    order_type: Literal["fixed", "choice"]
    items: Annotated[list[SeenPrice], Field(max_length=1000)]
    default_offer_id: UUID | None = None
    recipients: Annotated[list[PlanRecipientIn], Field(max_length=100_000)]
    template_id: UUID
    values: dict[Text, Text] = Field(default_factory=dict)
    allow_repeated_phones: bool = False
    sender_profile_id: UUID | None = None
    ends_on: date | None = None
    agreed_terms: bool
    terms_version: Text | None = None

    def draft(self, viewer: Viewer) -> PlanDraft:
        """The use case's draft for a member."""
        return PlanDraft(
            company_id=viewer.company_id,
            member_id=viewer.member_id,
            order_name=self.order_name,
            send_title=self.send_title,
            order_type=OrderType(self.order_type),
            items=tuple(PlanItem(item.offer_id, item.sale_price_krw) for item in self.items),
            default_offer_id=self.default_offer_id,
            rows=tuple(row.as_row() for row in self.recipients),
            template_id=self.template_id,
            values=self.values,
            repeats_allowed=self.allow_repeated_phones,
            sender_profile_id=self.sender_profile_id,
            ends_on=self.ends_on,
            agreed_terms=self.agreed_terms,
            terms_version=self.terms_version,
        )


class EditedPlan(NewPlan):
    """The whole plan anew; `version` is the one that was looked at."""

    version: int = Field(ge=1, le=2**31 - 1)


class SwitchedOn(RequestBody):
    """The present prices that the owner accepts; none when they are those accepted before (ANN-05)."""

    items: Annotated[list[SeenPrice], Field(max_length=1000)] = Field(default_factory=list)


class PlanPath(BaseModel):
    """A plan's address."""

    plan_id: UUID


class PlanListQuery(PageQuery):
    """A page of plans, recipients or days."""


class CalendarQuery(BaseModel):
    """Which year of Seoul; the present one when it is missing."""

    year: int | None = Field(default=None, ge=2000, le=2100)


class PlanCard(BaseModel):
    """A card of the list (ANN-06); amounts in KRW at the sale prices accepted.

    `next_on` is the next day that has an order. `stop_reason` says why it turned itself off, by which product.
    """

    model_config = ConfigDict(use_enum_values=True)

    plan_id: UUID
    version: int
    order_name: str
    is_on: bool
    order_type: OrderType
    recipients: int
    recipients_ko: str
    products: int
    products_ko: str
    each_pay_krw: int
    each_pay_ko: str
    next_on: date | None
    ends_on: date | None
    stop_reason: StopReason | None
    stop_product: str | None
    registered_at: datetime

    @classmethod
    def of(cls, plan: Plan) -> Self:
        """The card of a plan."""
        return cls(**_card(plan))


class PlanItemAnswer(BaseModel):
    """A product with the price accepted and the present one; without that it has to be replaced."""

    offer_id: UUID
    brand_name: str | None
    product_name: str | None
    validity_days: int | None
    face_price_krw: int | None
    accepted_krw: int
    present_krw: int | None


class PlanDetail(PlanCard):
    """All of a plan but its recipients."""

    send_title: str
    items: list[PlanItemAnswer]
    default_offer_id: UUID | None
    template_id: UUID
    values: dict[str, str]
    allow_repeated_phones: bool
    sender_profile_id: UUID | None
    notices: list[str]

    @classmethod
    def with_offers(cls, plan: Plan, offers: dict[UUID, Offer], at: datetime, notices: tuple[str, ...]) -> Self:
        """The answer for a plan, its products as they are at a moment."""
        return cls(
            **_card(plan),
            send_title=plan.send_title,
            items=[_item(item, offers.get(item.offer_id), at) for item in plan.items],
            default_offer_id=plan.default_offer_id,
            template_id=plan.template_id,
            values=dict(plan.values),
            allow_repeated_phones=plan.repeats_allowed,
            sender_profile_id=plan.sender_profile_id,
            notices=list(notices),
        )


class PlanList(BaseModel):
    """Newest first."""

    items: list[PlanCard]
    next_cursor: str | None


class PlanRecipientAnswer(BaseModel):
    """A recipient with the anniversary and its next day; none when the plan ends before."""

    row_no: int
    phone: str
    name: str
    company: str
    title: str
    anniversary: str
    calendar: CalendarKind
    next_on: date | None

    @classmethod
    def of(cls, one: PlanRecipient) -> Self:
        """The answer for a recipient."""
        return cls(
            row_no=one.recipient.row_no,
            phone=one.recipient.phone,
            name=one.recipient.name,
            company=one.recipient.company,
            title=one.recipient.title,
            anniversary=str(one.anniversary),
            calendar=one.anniversary.calendar,
            next_on=one.next_on,
        )


class PlanRecipientList(BaseModel):
    """Recipients in the order of the list."""

    items: list[PlanRecipientAnswer]
    next_cursor: str | None


class PlanDayAnswer(BaseModel):
    """What became of a day; `reason` says why its order was rejected, by the checks or for lack of money."""

    day: date
    outcome: DayOutcome
    recipients: int
    order_id: UUID | None
    reason: str | None

    @classmethod
    def of(cls, found: tuple[PlanDay, str | None]) -> Self:
        """The answer for a day."""
        day, refused_for = found
        return cls(
            day=day.day,
            outcome=DayOutcome.REJECTED if refused_for else day.outcome,
            recipients=day.recipients,
            order_id=day.order_id,
            reason=refused_for or day.reason,
        )


class PlanDayList(BaseModel):
    """Newest first."""

    items: list[PlanDayAnswer]
    next_cursor: str | None


class ComingDayAnswer(BaseModel):
    """A day of a plan that is to come; amount in KRW at the prices accepted."""

    model_config = ConfigDict(from_attributes=True)

    day: date
    plan_id: UUID
    order_name: str
    recipients: int
    amount_krw: int


class YearCalendar(BaseModel):
    """The coming sends of a year, earliest first."""

    year: int
    items: list[ComingDayAnswer]

    @classmethod
    def of(cls, year: int, days: list[ComingDay]) -> Self:
        """The answer for a year."""
        return cls(year=year, items=[ComingDayAnswer.model_validate(day) for day in days])


def _card(plan: Plan) -> dict[str, object]:
    is_choice = plan.order_type is OrderType.CHOICE
    products = len(plan.items)
    return {
        "plan_id": plan.plan_id,
        "version": plan.version,
        "order_name": plan.order_name,
        "is_on": plan.state is PlanState.ON,
        "order_type": plan.order_type,
        "recipients": plan.recipients,
        "recipients_ko": f"{plan.recipients:,}명",
        "products": products,
        "products_ko": f"총 {products}개 중 택 1" if is_choice else f"총 {products}개",
        "each_pay_krw": plan.each_pay_krw,
        "each_pay_ko": f"1인 당 {'최대 ' if is_choice else ''}{plan.each_pay_krw:,}원",
        "next_on": plan.next_on if plan.is_on else None,
        "ends_on": plan.ends_on,
        "stop_reason": plan.stop_reason,
        "stop_product": plan.stop_product,
        "registered_at": plan.registered_at,
    }


def _item(item: PlanItem, offer: Offer | None, at: datetime) -> PlanItemAnswer:
    return PlanItemAnswer(
        offer_id=item.offer_id,
        brand_name=offer and offer.brand_name,
        product_name=offer and offer.product_name,
        validity_days=offer and offer.validity_days,
        face_price_krw=offer and offer.face_price_krw,
        accepted_krw=item.accepted_krw,
        present_krw=offer.sale_price_krw_at(at) if offer and offer.on_sale else None,
    )
