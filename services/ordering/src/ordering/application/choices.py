"""Choices that are not made: the default item after 7 days, or the money back (ORD-05, ORD-27)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from contracts.ordering.coupons import ChoiceMade
from contracts.ordering.orders import ChoicesStopped
from ordering.application.ports import SendingOrder, StoppedChoices, UnitOfWork
from ordering.application.sending_ports import ChunkCoupon, ChunkKey, ChunkLine
from ordering.domain.choice import ChosenBy, Pick, pick_for_the_silent
from ordering.domain.coupon import CouponState
from ordering.domain.dispatch import DispatchState

DISCONTINUED = "discontinued"
"""Why a coupon of a stopped product fails (ORD-29), and a choice of which nothing is left (ORD-27)."""
NEVER_REACHED = "never_reached"
"""Why a choice that no message ever asked for fails."""


def is_due_for_default(coupon: ChunkCoupon, at: datetime) -> bool:
    """Whether the time for choosing is over and nobody chose."""
    is_awaited = coupon.state is CouponState.AWAITING_CHOICE
    return is_awaited and coupon.choice_ends_at is not None and coupon.choice_ends_at <= at


def closed_because(coupon: ChunkCoupon, order: SendingOrder, dispatch: DispatchState, at: datetime) -> str | None:
    """Why an awaited choice comes to nothing and is paid back; None when it goes on."""
    if not order.prices_left:
        return DISCONTINUED
    if dispatch is DispatchState.FAILED and is_due_for_default(coupon, at):
        return NEVER_REACHED
    return None


def pick_for_silent_recipients(
    chunk: ChunkKey, order: SendingOrder, lines: Sequence[ChunkLine], uow: UnitOfWork
) -> None:
    """Let the default take the place of recipients who were told and did not choose in time."""
    if order.default_item_no is None:
        return
    item_no = pick_for_the_silent(order.default_item_no, order.prices_left)
    if item_no is None:
        return
    at = uow.now()
    told = {line.line_id for line in lines if line.dispatch is DispatchState.SUCCESS}
    picks = [
        Pick(coupon.line_id, coupon.item_no, item_no, ChosenBy.DEFAULT, at)
        for coupon in uow.coupons.of_chunk(chunk)
        if coupon.line_id in told and is_due_for_default(coupon, at)
    ]
    if picks:
        uow.coupons.choose(picks)
        uow.outbox.add_all([_made(pick, order, uow) for pick in picks])


def end_due_choices(uow: UnitOfWork) -> None:
    """It is 09:00: choices whose time is over go on without their recipients."""
    uow.chunks.reopen_due_choices(uow.now())


def close_stopped_choices(offer_id: UUID, uow: UnitOfWork) -> None:
    """An offer was discontinued: choices of which nothing is left are paid back at once, and the orderer is told."""
    at = uow.now()
    uow.outbox.add_all([_stopped(choices, at) for choices in uow.orders.stopped_choices(offer_id)])
    uow.chunks.reopen_stopped_choices(offer_id, at)


def _stopped(choices: StoppedChoices, at: datetime) -> ChoicesStopped:
    return ChoicesStopped(
        order_id=choices.order_id,
        company_id=choices.company_id,
        member_id=choices.member_id,
        order_number=choices.order_number,
        order_name=choices.order_name,
        recipients=choices.recipients,
        amount_krw=choices.amount_krw,
        stopped_at=at,
    )


def _made(pick: Pick, order: SendingOrder, uow: UnitOfWork) -> ChoiceMade:
    return ChoiceMade(
        order_id=order.order_id,
        company_id=order.company_id,
        line_id=pick.line_id,
        offer_id=order.items[pick.item_no].offer_id,
        by_default=pick.by is ChosenBy.DEFAULT,
        chosen_at=uow.now(),
    )
