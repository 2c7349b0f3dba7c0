"""Placing an order: everything is judged here, once, and what is placed is frozen (ORD-01 … ORD-16, ORD-37)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from contracts.identity import CompanyState, MemberState
from contracts.ordering import OrderPlaced
from contracts.scheduler import SetTimer
from contracts.values import MemberRole, OrderType
from ordering.application.ports import MemberCopy, UnitOfWork
from ordering.domain.errors import (
    CompanyMayNotOrderError,
    MemberMayNotOrderError,
    RecipientsRefusedError,
    TemplateUnknownError,
    TermsNotAgreedError,
)
from ordering.domain.limits import PlacingRules
from ordering.domain.line import Row, recipients_of
from ordering.domain.message import Template, lacking, typed_values
from ordering.domain.naming import order_name, order_number, send_title
from ordering.domain.placement import Placement
from ordering.domain.prices import confirm_price, fixed_figures, items_of

SEOUL = ZoneInfo("Asia/Seoul")
SERVICE = "ordering"
RESERVATION_TIMER = "reservation/"
"""What the key of a reservation's timer begins with; the order's id follows."""


@dataclass(frozen=True)
class PlaceOrder:
    """An immediate `fixed` order as a member asks for it; `pay_amount_krw` is the amount that was seen."""

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


def place_order(command: PlaceOrder, uow: UnitOfWork, rules: PlacingRules) -> UUID:
    """Store the order as `pending`, ask wallet for its money, and set the timer that ends the waiting.

    Raises the errors of `domain.errors` that concern placing; then nothing was stored.
    """
    limits = rules.limits
    member = _orderer(command, uow)
    if not command.agreed_terms:
        raise TermsNotAgreedError
    title = send_title(command.send_title, limits.send_title_characters_max)
    # A name that is not given is made from the time of placing, which is not known yet.
    order_name(command.order_name, uow.now(), SEOUL, limits.order_name_characters_max)
    items = items_of(command.offer_ids, uow.copies.offers(command.offer_ids), uow.now(), limits.products_max)
    template = _template(command, uow)
    typed = typed_values(command.values, template, limits)
    recipients = recipients_of(
        command.rows,
        limits,
        repeats_allowed=command.repeats_allowed,
        single_recipient=any(item.offer.single_recipient for item in items),
    )
    if needed := tuple(lacking(recipients, template.variables, typed)):
        raise RecipientsRefusedError(needed)
    figures = fixed_figures(items, len(recipients))
    confirm_price(figures, command.pay_amount_krw)

    running_number, placed_at = uow.orders.next_number()
    placement = Placement(
        order_id=uow.new_id(),
        order_number=order_number(placed_at.astimezone(SEOUL).date(), running_number),
        company_id=command.company_id,
        member_id=command.member_id,
        member_role=member.role,
        order_type=OrderType.FIXED.value,
        order_name=order_name(command.order_name, placed_at, SEOUL, limits.order_name_characters_max),
        send_title=title,
        external_id=command.external_id,
        cart_line_ids=command.cart_line_ids,
        template=template,
        typed_values=typed,
        terms_version=command.terms_version,
        items=items,
        recipients=recipients,
        figures=figures,
        chunk_lines=rules.chunks.lines_of(len(items)),
        placed_at=placed_at,
    )
    uow.orders.add(placement)
    uow.outbox.add_all((_placed(placement), _reservation_timer(placement, rules.reservation_wait_seconds)))
    return placement.order_id


def _orderer(command: PlaceOrder, uow: UnitOfWork) -> MemberCopy:
    company = uow.copies.company(command.company_id)
    if company is None or company.state != CompanyState.APPROVED:
        raise CompanyMayNotOrderError
    member = uow.copies.member(command.member_id)
    if member is None or member.company_id != command.company_id or member.state != MemberState.ACTIVE:
        raise MemberMayNotOrderError
    return member


def _template(command: PlaceOrder, uow: UnitOfWork) -> Template:
    template = uow.copies.template(command.template_id)
    if template is None or not template.usable:
        raise TemplateUnknownError(command.template_id)
    return template


def _placed(placement: Placement) -> OrderPlaced:
    return OrderPlaced(
        order_id=placement.order_id,
        order_number=placement.order_number,
        order_name=placement.order_name,
        order_type=OrderType(placement.order_type),
        company_id=placement.company_id,
        member_id=placement.member_id,
        member_role=MemberRole(placement.member_role),
        recipients=len(placement.recipients),
        amount_krw=placement.figures.pay_amount_krw,
        cash_like_krw=placement.figures.cash_like_krw,
        month=f"{placement.placed_at.astimezone(SEOUL):%Y-%m}",
        placed_at=placement.placed_at,
    )


def _reservation_timer(placement: Placement, wait_seconds: float) -> SetTimer:
    return SetTimer(
        asker=SERVICE,
        key=f"{RESERVATION_TIMER}{placement.order_id}",
        version=1,
        due_at=placement.placed_at + timedelta(seconds=wait_seconds),
    )
