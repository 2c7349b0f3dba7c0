"""What a chunk's wave says to the others: money to capture or release, messages to send, recipients that get none."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from contracts.event import Event
from contracts.ordering import (
    CouponsFailed,
    CouponsIssued,
    DispatchPurpose,
    DispatchRecipient,
    DispatchRequested,
    DispatchRow,
    OfferTally,
)
from ordering.application.ports import Counted, SendingOrder, UnitOfWork
from ordering.application.progress import count
from ordering.application.sending_ports import ChunkCoupon, ChunkKey, ChunkLine, CouponChange
from ordering.domain.coupon import CouponState
from ordering.domain.dispatch import DispatchState, Readiness, readiness
from ordering.domain.link import token_hash
from ordering.domain.message import values_of


@dataclass(frozen=True)
class Wave:
    """Under which name a turn's facts go out: (order, chunk, wave) is said once."""

    chunk: ChunkKey
    order: SendingOrder
    number: int


def say_outcomes(wave: Wave, coupons: Sequence[ChunkCoupon], changes: Sequence[CouponChange], uow: UnitOfWork) -> bool:
    """Say what this turn brought; False when it brought nothing to say."""
    events = list(_money(wave, changes, uow))
    confirmed_krw = sum(event.amount_krw for event in events if isinstance(event, CouponsIssued))
    going, lost = _ready_lines(coupons, uow.lines.of_chunk(wave.chunk))
    if going:
        events.append(_request(wave, going, uow))
    if lost:
        uow.lines.fail([line.line_id for line in lost], uow.now())
    uow.outbox.add_all(events)
    count(wave.order.order_id, Counted(error=len(lost), confirmed_krw=confirmed_krw), uow)
    return bool(events)


def _money(wave: Wave, changes: Sequence[CouponChange], uow: UnitOfWork) -> Iterator[Event]:
    order = wave.order
    issued = [change.item_no for change in changes if change.state is CouponState.ISSUED]
    failed = [change.item_no for change in changes if change.state is CouponState.ISSUE_FAILED]
    if issued:
        tallies = tuple(
            OfferTally(
                offer_id=item.offer_id,
                coupons=issued.count(item_no),
                amount_krw=issued.count(item_no) * item.sale_price_krw,
            )
            for item_no, item in sorted(order.items.items())
            if item_no in issued
        )
        yield CouponsIssued(
            order_id=order.order_id,
            company_id=order.company_id,
            chunk_no=wave.chunk.chunk_no,
            wave=wave.number,
            coupons=len(issued),
            amount_krw=sum(tally.amount_krw for tally in tallies),
            offers=tallies,
            issued_at=uow.now(),
        )
    if failed:
        yield CouponsFailed(
            order_id=order.order_id,
            company_id=order.company_id,
            chunk_no=wave.chunk.chunk_no,
            wave=wave.number,
            coupons=len(failed),
            amount_krw=sum(order.items[item_no].sale_price_krw for item_no in failed),
            failed_at=uow.now(),
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


def _request(wave: Wave, lines: Sequence[ChunkLine], uow: UnitOfWork) -> DispatchRequested:
    order = wave.order
    key_id = uow.links.keys.current
    tokens = {line.line_id: uow.links.keys.token(line.line_id, key_id) for line in lines}
    uow.lines.ask_for({line_id: token_hash(token) for line_id, token in tokens.items()}, key_id, wave.number)
    rows = tuple(
        DispatchRow(
            line_id=line.line_id,
            recipient=uow.sealing.seal(
                DispatchRecipient(
                    phone=line.phone,
                    values=values_of(order.template_variables, order.typed_values, line.name, line.company),
                    link=f"{uow.links.page_url}/{tokens[line.line_id]}",
                )
            ),
        )
        for line in lines
    )
    return DispatchRequested(
        order_id=order.order_id,
        company_id=order.company_id,
        chunk_no=wave.chunk.chunk_no,
        wave=wave.number,
        purpose=DispatchPurpose.COUPONS,
        template_id=order.template_id,
        template_version=order.template_version,
        send_title=order.send_title,
        rows=rows,
        requested_at=uow.now(),
    )
