"""What a chunk's wave says to the others: money to capture or release, messages to send, recipients that get none."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.event import Event
from contracts.ordering.coupons import CouponsFailed, CouponsIssued, OfferTally
from contracts.ordering.dispatches import DispatchPurpose
from ordering.application.messages import MessageAddress, message_request
from ordering.application.ports import Counted, SendingOrder, UnitOfWork
from ordering.application.progress import count
from ordering.application.sending_ports import ChunkCoupon, ChunkKey, ChunkLine, CouponChange
from ordering.domain.coupon import CouponState
from ordering.domain.dispatch import DispatchState, Readiness, readiness


@dataclass(frozen=True)
class Wave:
    """Under which name a turn's facts go out: (order, chunk, wave) is said once."""

    chunk: ChunkKey
    order: SendingOrder
    number: int
    at: datetime
    """When its outcomes were recorded: the time of issue of what was issued, in events as in rows."""


def say_outcomes(
    wave: Wave,
    coupons: Sequence[ChunkCoupon],
    lines: Sequence[ChunkLine],
    changes: Sequence[CouponChange],
    uow: UnitOfWork,
) -> bool:
    """Say what this turn brought; False when it brought nothing to say."""
    events = list(_money(wave, changes))
    confirmed_krw = sum(event.amount_krw for event in events if isinstance(event, CouponsIssued))
    going, lost = _ready_lines(coupons, lines)
    told_again = _with_default_items(coupons, lines, changes)
    if going or told_again:
        purpose = DispatchPurpose.COUPONS if going else DispatchPurpose.DEFAULT_ITEM
        address = MessageAddress(wave.chunk.chunk_no, wave.number, purpose)
        events.append(message_request(wave.order, address, going + told_again, uow))
    if lost:
        uow.lines.fail([line.line_id for line in lost], wave.at)
    uow.outbox.add_all(events)
    count(wave.order.order_id, Counted(error=len(lost), confirmed_krw=confirmed_krw), uow)
    return bool(events)


def _money(wave: Wave, changes: Sequence[CouponChange]) -> Iterator[Event]:
    order = wave.order
    issued = [change.item_no for change in changes if change.state is CouponState.ISSUED]
    failed = [change.item_no for change in changes if change.state is CouponState.ISSUE_FAILED]
    if issued:
        yield _issued(wave, issued)
    if failed:
        yield CouponsFailed(
            order_id=order.order_id,
            company_id=order.company_id,
            chunk_no=wave.chunk.chunk_no,
            wave=wave.number,
            coupons=len(failed),
            amount_krw=sum(map(order.held_krw, failed)),
            cash_like_krw=sum(map(order.held_cash_like_krw, failed)),
            failed_at=wave.at,
        )


def _issued(wave: Wave, issued: Sequence[int]) -> CouponsIssued:
    order = wave.order
    tallies = tuple(
        OfferTally(
            offer_id=item.offer_id,
            coupons=issued.count(item_no),
            amount_krw=issued.count(item_no) * item.sale_price_krw,
        )
        for item_no, item in sorted(order.items.items())
        if item_no in issued
    )
    amount_krw = sum(tally.amount_krw for tally in tallies)
    cash_like_krw = sum(order.items[item_no].sale_price_krw for item_no in issued if order.items[item_no].cash_like)
    return CouponsIssued(
        order_id=order.order_id,
        company_id=order.company_id,
        chunk_no=wave.chunk.chunk_no,
        wave=wave.number,
        coupons=len(issued),
        amount_krw=amount_krw,
        difference_krw=sum(map(order.held_krw, issued)) - amount_krw,
        cash_like_difference_krw=sum(map(order.held_cash_like_krw, issued)) - cash_like_krw,
        offers=tallies,
        issued_at=wave.at,
    )


def _ready_lines(coupons: Sequence[ChunkCoupon], lines: Sequence[ChunkLine]) -> tuple[list[ChunkLine], list[ChunkLine]]:
    """Lines whose message may go now, and lines that get none."""
    states: dict[UUID, list[CouponState]] = defaultdict(list)
    for coupon in coupons:
        states[coupon.line_id].append(coupon.state)
    open_lines = [line for line in lines if line.dispatch is DispatchState.IN_PROGRESS and not line.is_asked_for]
    verdicts = [(line, readiness(states[line.line_id])) for line in open_lines]
    going = [line for line, verdict in verdicts if verdict is Readiness.GOES]
    lost = [line for line, verdict in verdicts if verdict is Readiness.NOTHING_TO_SEND]
    return going, lost


def _with_default_items(
    coupons: Sequence[ChunkCoupon], lines: Sequence[ChunkLine], changes: Sequence[CouponChange]
) -> list[ChunkLine]:
    """Recipients who did not choose, and whose default item was issued just now: it is sent by itself (ORD-05)."""
    issued = {change.line_id for change in changes if change.state is CouponState.ISSUED}
    silent = {coupon.line_id for coupon in coupons if coupon.by_default}
    return [line for line in lines if line.line_id in issued & silent]
