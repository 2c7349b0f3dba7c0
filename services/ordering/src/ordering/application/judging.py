"""What every order is judged by, whether it is placed or only looked at: one path for both (ORD-01 … ORD-15)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Protocol, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from contracts.identity import CompanyState, MemberState
from ordering.application.ports import MemberCopy, UnitOfWork
from ordering.domain.choice import default_item_no
from ordering.domain.coupon_page import DEFAULT_CARD, CouponPageText, with_variables_of
from ordering.domain.errors import (
    CompanyMayNotOrderError,
    MemberMayNotOrderError,
    OrderingError,
    RecipientsRefusedError,
    TemplateUnknownError,
)
from ordering.domain.limits import OrderLimits, PlacingRules
from ordering.domain.line import Recipient, Row, good_recipients, recipients_of
from ordering.domain.message import Template, admit_longest, lacking, typed_values
from ordering.domain.naming import order_name, send_title
from ordering.domain.order import OrderType
from ordering.domain.prices import Figures, Item, choice_figures, fixed_figures, items_of
from ordering.domain.schedule import Schedule

SEOUL = ZoneInfo("Asia/Seoul")

ValueT = TypeVar("ValueT")


@dataclass(frozen=True)
class PlaceOrder:
    """An order as a member asks for it; `pay_amount_krw` is the amount that was seen.

    `send_at` makes it a scheduled one (예약), aware; without it it is sent at once (즉시).
    """

    company_id: UUID
    member_id: UUID
    order_name: str | None
    send_title: str
    offer_ids: tuple[UUID, ...]
    rows: tuple[Row, ...] = field(repr=False)
    template_id: UUID
    values: Mapping[str, str] = field(repr=False)
    pay_amount_krw: int
    agreed_terms: bool
    terms_version: str | None = None
    repeats_allowed: bool = False
    external_id: str | None = None
    cart_line_ids: tuple[UUID, ...] = ()
    send_at: datetime | None = None
    order_type: OrderType = OrderType.FIXED
    default_offer_id: UUID | None = None
    """The 지정상품 of a choice order; the dearest one when none is set."""
    sender_profile_id: UUID | None = None
    """Whose channel the messages come from; the service's own without one."""
    plan_id: UUID | None = None
    """The anniversary plan that the order comes from."""
    coupon_card: str | None = None
    """The card of the page that [확인하러 가기] opens."""
    coupon_message: str | None = field(default=None, repr=False)
    """Its message; the alimtalk's text without one (ORD-14)."""

    @property
    def is_choice(self) -> bool:
        """Whether each recipient picks one of the products."""
        return self.order_type is OrderType.CHOICE


class Faults(Protocol):
    """What happens to a fault: placing stops at the first, a preview gathers them all."""

    def value(self, judge: Callable[[], ValueT], otherwise: Callable[[], ValueT]) -> ValueT:
        """What is judged; where it is refused and that is only noted, what stands for it."""


class Stopping:
    """`Faults` of placing: the first one is raised."""

    def value(self, judge: Callable[[], ValueT], otherwise: Callable[[], ValueT]) -> ValueT:  # noqa: ARG002 - the port
        """What is judged. Raises its `OrderingError`."""
        return judge()


class Gathering:
    """`Faults` of a preview: all of them are kept, in order."""

    def __init__(self) -> None:
        self.found: list[OrderingError] = []

    def value(self, judge: Callable[[], ValueT], otherwise: Callable[[], ValueT]) -> ValueT:
        """What is judged, or what stands for it when it is refused."""
        try:
            return judge()
        except OrderingError as fault:
            self.found.append(fault)
            return otherwise()


@dataclass(frozen=True)
class Judged:
    """An order that may be placed, or as much of it as can be shown."""

    member: MemberCopy
    send_title: str
    items: tuple[Item, ...]
    default_item_no: int | None
    schedule: Schedule
    send_at: datetime | None
    template: Template
    coupon_page: CouponPageText
    typed_values: dict[str, str]
    recipients: tuple[Recipient, ...]
    figures: Figures


def judge(command: PlaceOrder, uow: UnitOfWork, rules: PlacingRules, faults: Faults) -> Judged:
    """Everything about an order but its price as seen, its terms and its money."""
    limits, now = rules.limits, uow.now()
    member = faults.value(lambda: _orderer(command, uow), lambda: _nobody(command))
    title = faults.value(
        lambda: send_title(command.send_title, limits.send_title_characters_max), lambda: command.send_title
    )
    # A name that is not given is made from the time of placing, which is not known yet.
    faults.value(lambda: order_name(command.order_name, now, SEOUL, limits.order_name_characters_max), lambda: "")
    items: tuple[Item, ...] = faults.value(lambda: _items(command, uow, limits), lambda: ())
    schedule = Schedule(rules.schedule, now, any(item.offer.night_restricted for item in items), SEOUL)
    template = faults.value(lambda: _template(command, uow), lambda: _no_template(command))
    page = faults.value(
        lambda: CouponPageText.of(command.coupon_card, command.coupon_message, template),
        lambda: CouponPageText(DEFAULT_CARD, template.body, template.variables),
    )
    # Both texts are filled from the same values, and a value is needed for whatever either of them uses.
    both = replace(template, variables=tuple(with_variables_of(template, page)))
    typed: dict[str, str] = faults.value(lambda: typed_values(command.values, both, limits), dict)
    recipients = _recipients(command, items, limits, faults)
    faults.value(lambda: _admit_messages(recipients, template, both.variables, typed, limits), lambda: None)
    if page.message != template.body:
        faults.value(lambda: page.admit_longest(recipients, typed, limits.coupon_message_bytes_max), lambda: None)
    return Judged(
        member=member,
        send_title=title,
        items=items,
        default_item_no=faults.value(lambda: _default_item_no(command, items), lambda: None),
        schedule=schedule,
        send_at=faults.value(lambda: _send_at(command, schedule), lambda: None),
        template=template,
        coupon_page=page,
        typed_values=typed,
        recipients=recipients,
        figures=_figures(command, items, len(recipients)),
    )


def _orderer(command: PlaceOrder, uow: UnitOfWork) -> MemberCopy:
    company = uow.copies.company(command.company_id)
    if company is None or company.state != CompanyState.APPROVED:
        raise CompanyMayNotOrderError
    member = uow.copies.member(command.member_id)
    if member is None or member.company_id != command.company_id or member.state != MemberState.ACTIVE:
        raise MemberMayNotOrderError
    return member


def _nobody(command: PlaceOrder) -> MemberCopy:
    return MemberCopy(command.member_id, command.company_id, "", "")


def _items(command: PlaceOrder, uow: UnitOfWork, limits: OrderLimits) -> tuple[Item, ...]:
    products_min = limits.choice_products_min if command.is_choice else 1
    offers = uow.copies.offers(command.offer_ids)
    return items_of(command.offer_ids, offers, uow.now(), limits.products_max, products_min)


def _default_item_no(command: PlaceOrder, items: Sequence[Item]) -> int | None:
    return default_item_no(items, command.default_offer_id) if command.is_choice and items else None


def _send_at(command: PlaceOrder, schedule: Schedule) -> datetime | None:
    if command.send_at is None:
        schedule.admit_now()
        return None
    return schedule.choose(command.send_at.astimezone(UTC))


def _template(command: PlaceOrder, uow: UnitOfWork) -> Template:
    template = uow.copies.template(command.template_id)
    if template is None or not template.usable:
        raise TemplateUnknownError(command.template_id)
    return template


def _no_template(command: PlaceOrder) -> Template:
    return Template(command.template_id, 0, "", (), usable=False)


def _recipients(
    command: PlaceOrder, items: Sequence[Item], limits: OrderLimits, faults: Faults
) -> tuple[Recipient, ...]:
    alone = any(item.offer.single_recipient for item in items)
    allowed = command.repeats_allowed
    return faults.value(
        lambda: recipients_of(command.rows, limits, repeats_allowed=allowed, single_recipient=alone),
        lambda: good_recipients(command.rows, limits, repeats_allowed=allowed, single_recipient=alone),
    )


def _admit_messages(
    recipients: Sequence[Recipient],
    template: Template,
    variables: Sequence[str],
    typed: Mapping[str, str],
    limits: OrderLimits,
) -> None:
    if needed := tuple(lacking(recipients, variables, typed)):
        raise RecipientsRefusedError(needed)
    admit_longest(recipients, template, typed, limits)


def _figures(command: PlaceOrder, items: Sequence[Item], recipients: int) -> Figures:
    if not items:
        return Figures(0, 0, 0)
    return (choice_figures if command.is_choice else fixed_figures)(items, recipients)
