"""Placing an order: everything is judged here, once, and what is placed is frozen (ORD-01 … ORD-16, ORD-37)."""

from datetime import timedelta
from uuid import UUID

from contracts.ordering.orders import OrderPlaced
from contracts.scheduler import SetTimer
from contracts.values import MemberRole
from contracts.values import OrderType as SaidOrderType
from ordering.application.judging import SEOUL, Judged, PlaceOrder, Stopping, judge
from ordering.application.ports import UnitOfWork
from ordering.domain.errors import TermsNotAgreedError
from ordering.domain.limits import PlacingRules
from ordering.domain.naming import order_name, order_number
from ordering.domain.placement import Placement
from ordering.domain.prices import confirm_price

SERVICE = "ordering"
RESERVATION_TIMER = "reservation/"
"""What the key of a reservation's timer begins with; the order's id follows."""
SENDING_TIMER = "sending/"
"""What the key of a scheduled order's timer begins with; the order's id follows."""


def place_order(command: PlaceOrder, uow: UnitOfWork, rules: PlacingRules) -> UUID:
    """Store the order as `pending`, ask wallet for its money, and set the timer that ends the waiting.

    Raises the errors of `domain.errors` that concern placing; then nothing was stored.
    """
    # A question about what is open (IDN-20) is answered after the freeze: an order is counted, or is placed too late.
    uow.copies.hold_orderer(command.company_id, command.member_id)
    judged = judge(command, uow, rules, Stopping())
    if not command.agreed_terms:
        raise TermsNotAgreedError
    confirm_price(judged.figures, command.pay_amount_krw)

    placement = placement_of(command, judged, uow, rules)
    uow.orders.add(placement)
    uow.outbox.add_all((_placed(placement), _reservation_timer(placement, rules.reservation_wait_seconds)))
    return placement.order_id


def placement_of(command: PlaceOrder, judged: Judged, uow: UnitOfWork, rules: PlacingRules) -> Placement:
    """What was judged as an order of this moment, under the next number."""
    running_number, placed_at = uow.orders.next_number()
    return Placement(
        order_id=uow.new_id(),
        order_number=order_number(placed_at.astimezone(SEOUL).date(), running_number),
        company_id=command.company_id,
        member_id=command.member_id,
        member_role=judged.member.role,
        order_type=command.order_type.value,
        order_name=order_name(command.order_name, placed_at, SEOUL, rules.limits.order_name_characters_max),
        send_title=judged.send_title,
        external_id=command.external_id,
        cart_line_ids=command.cart_line_ids,
        template=judged.template,
        coupon_page=judged.coupon_page,
        typed_values=judged.typed_values,
        terms_version=command.terms_version,
        items=judged.items,
        recipients=judged.recipients,
        figures=judged.figures,
        chunk_lines=rules.chunks.lines_of(1 if command.is_choice else len(judged.items)),
        placed_at=placed_at,
        send_at=judged.send_at,
        default_item_no=judged.default_item_no,
        sender_profile_id=command.sender_profile_id,
        plan_id=command.plan_id,
    )


def _placed(placement: Placement) -> OrderPlaced:
    return OrderPlaced(
        order_id=placement.order_id,
        order_number=placement.order_number,
        order_name=placement.order_name,
        order_type=SaidOrderType(placement.order_type),
        company_id=placement.company_id,
        member_id=placement.member_id,
        member_role=MemberRole(placement.member_role),
        recipients=len(placement.recipients),
        coupons=placement.coupons,
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
