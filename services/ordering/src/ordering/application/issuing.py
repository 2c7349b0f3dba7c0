"""A chunk's turn: claim it and store the attempts, call the supplier, record what came of it (ORD-33).

`begin_turn` and `end_turn` are a transaction each, and `call_suppliers` lies between them. Whatever dies in between,
the next turn finds the attempts and asks; correctness never leans on the lease.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from ordering.application.choices import DISCONTINUED, closed_because, is_due_for_default, pick_for_silent_recipients
from ordering.application.dispatching import Wave, say_outcomes
from ordering.application.judging import SEOUL
from ordering.application.ports import OrderItem, SendingOrder, UnitOfWork
from ordering.application.sending_ports import ChunkCoupon, ChunkKey, ChunkLine, CouponChange, Supplier, SupplierCall
from ordering.domain.answers import Answer, Issued, NotDone, Refused, Stopped
from ordering.domain.attempt import (
    Action,
    Attempt,
    AttemptState,
    abandoned,
    called_again,
    gives_up_at,
    learnt,
    next_action,
    opened,
)
from ordering.domain.coupon import COUPON_STATES, CouponState, CouponStep, expires_at
from ordering.domain.dispatch import DispatchState
from ordering.domain.issuing_month import time_of_issue
from ordering.domain.limits import IssuingPatience

GIVEN_UP = "given_up"
"""Why a coupon whose outcome stayed unknown too long fails."""


@dataclass(frozen=True)
class PlannedCall:
    """A call that is due, and the attempt as it was stored before it."""

    attempt: Attempt
    action: Action
    supplier: str
    goods_code: str
    phone: str = field(repr=False)


@dataclass(frozen=True)
class Turn:
    """A claimed chunk and what is to be asked for it; nothing may be due but giving up."""

    chunk: ChunkKey
    owner: UUID
    calls: tuple[PlannedCall, ...]
    lines: tuple[ChunkLine, ...]


@dataclass(frozen=True)
class AnsweredCall:
    """A call with what the supplier said."""

    call: PlannedCall
    answer: Answer


def begin_turn(uow: UnitOfWork, patience: IssuingPatience) -> Turn | None:
    """Claim the next due chunk and store each attempt before its call; None when nothing is due."""
    at, owner = uow.now(), uow.new_id()
    chunk = uow.chunks.claim(at, owner, patience.lease_seconds)
    if chunk is None:
        return None
    order = uow.orders.sending(chunk.order_id)
    stopped = uow.stops.active(at)
    lines = uow.lines.of_chunk(chunk)
    phones = {line.line_id: line.phone for line in lines}
    pick_for_silent_recipients(chunk, order, lines, uow)
    new: list[Attempt] = []
    changed: list[Attempt] = []
    calls: list[PlannedCall] = []
    for coupon in uow.coupons.of_chunk(chunk):
        item = order.items[coupon.item_no]
        attempt, action = _plan(coupon, item, stopped, at, patience)
        if attempt is not None and attempt != coupon.attempt:
            (new if coupon.attempt is None else changed).append(attempt)
        if attempt is not None and action is not None:
            phone = phones[coupon.line_id]
            calls.append(PlannedCall(attempt, action, item.supplier, item.supplier_goods_code, phone))
    uow.coupons.add_attempts(new)
    uow.coupons.change_attempts(changed)
    return Turn(chunk, owner, tuple(calls), tuple(lines))


def _plan(
    coupon: ChunkCoupon, item: OrderItem, stopped: Mapping[str, datetime], at: datetime, patience: IssuingPatience
) -> tuple[Attempt | None, Action | None]:
    """The attempt as it is to be stored, and the call to make, if any."""
    attempt = coupon.attempt
    may_issue = coupon.state is CouponState.WAITING and not item.discontinued and item.supplier not in stopped
    if attempt is None:
        return (opened(coupon.line_id, coupon.item_no, at), Action.ISSUE) if may_issue else (None, None)
    if attempt.state is AttemptState.CALLING:
        attempt = abandoned(attempt, at)
    if item.supplier in stopped:
        return attempt, None
    action = next_action(attempt, at, patience)
    if action is Action.ISSUE:
        return (called_again(attempt, at), action) if may_issue else (attempt, None)
    return attempt, action


def call_suppliers(turn: Turn, suppliers: Mapping[str, Supplier]) -> tuple[AnsweredCall, ...]:
    """Make the turn's calls. A supplier that this release does not know is as good as away."""
    answered: list[AnsweredCall] = []
    for name in dict.fromkeys(call.supplier for call in turn.calls):
        calls = [call for call in turn.calls if call.supplier == name]
        supplier = suppliers.get(name)
        asked = [SupplierCall(call.action, call.attempt.tr_id, call.goods_code, call.phone) for call in calls]
        answers = [NotDone("supplier_unknown")] * len(calls) if supplier is None else supplier.call_all(asked)
        answered += (AnsweredCall(call, answer) for call, answer in zip(calls, answers, strict=True))
    return tuple(answered)


def end_turn(turn: Turn, answered: Sequence[AnsweredCall], uow: UnitOfWork, patience: IssuingPatience) -> None:
    """Record every answer, give up what waited too long, say the facts of this wave, and give the chunk back."""
    wave = uow.chunks.lock(turn.chunk)
    open_since = uow.months.hold_open()
    at = time_of_issue(uow.now(), open_since)
    order = uow.orders.sending(turn.chunk.order_id)
    _stop_suppliers(answered, at, uow, patience)
    lines = uow.lines.refreshed(turn.chunk, turn.lines)
    coupons = list(uow.coupons.of_chunk(turn.chunk))
    settled = _Settling(order, {line.line_id: line.dispatch for line in lines}, at, patience)
    answers = {(one.call.attempt.line_id, one.call.attempt.item_no): one for one in answered}
    now = [settled.after(coupon, answers.get((coupon.line_id, coupon.item_no))) for coupon in coupons]
    uow.coupons.change_attempts(settled.attempts)
    uow.coupons.record(settled.changes)
    if settled.undone and order.default_item_no is not None:
        uow.coupons.undo_choices(settled.undone, order.default_item_no)
    said = say_outcomes(Wave(turn.chunk, order, wave, at), now, lines, settled.changes, uow)
    stopped = uow.stops.active(at)
    uow.chunks.finish_turn(
        turn.chunk, turn.owner, wave + 1 if said else wave, _next_turn(now, order, stopped, at, patience)
    )


def _stop_suppliers(answered: Sequence[AnsweredCall], at: datetime, uow: UnitOfWork, patience: IssuingPatience) -> None:
    stops = {one.call.supplier: one.answer.code for one in answered if isinstance(one.answer, Stopped)}
    for supplier, code in stops.items():
        uow.stops.stop(supplier, code, at + timedelta(seconds=patience.stopped_retry_seconds))


class _Settling:
    """Applies answers coupon by coupon, gathering what has to be stored."""

    def __init__(
        self, order: SendingOrder, dispatches: Mapping[UUID, DispatchState], at: datetime, patience: IssuingPatience
    ) -> None:
        self._order = order
        self._dispatches = dispatches
        self._at = at
        self._patience = patience
        self.attempts: list[Attempt] = []
        self.changes: list[CouponChange] = []
        self.undone: list[UUID] = []
        """Recipients who pick again."""

    def after(self, coupon: ChunkCoupon, answered: AnsweredCall | None) -> ChunkCoupon:
        """The coupon after its answer, or after its time."""
        attempt, state = coupon.attempt, coupon.state
        if attempt is not None and answered is not None and _concerns(answered, attempt):
            given_up = state is not CouponState.WAITING
            attempt = learnt(attempt, answered.answer, self._at, self._patience, given_up=given_up)
        if state is CouponState.WAITING:
            attempt, change = self._settle(coupon, attempt, answered)
            if change is not None and self._picks_again(coupon, change):
                self.undone.append(coupon.line_id)
                state = COUPON_STATES.next(state, CouponStep.CHOICE_UNDONE)
            elif change is not None:
                self.changes.append(change)
                state = change.state
        elif state is CouponState.AWAITING_CHOICE:
            why = closed_because(coupon, self._order, self._dispatches[coupon.line_id], self._at)
            if why is not None:
                self.changes.append(self._failed(coupon, why))
                state = CouponState.ISSUE_FAILED
        if attempt is not None and attempt != coupon.attempt:
            self.attempts.append(attempt)
        return replace(coupon, state=state, attempt=attempt)

    def _picks_again(self, coupon: ChunkCoupon, change: CouponChange) -> bool:
        """Whether a choice that failed is undone: its product was stopped, and another one is left (ORD-28)."""
        if self._order.default_item_no is None or change.state is not CouponState.ISSUE_FAILED:
            return False
        return self._order.items[coupon.item_no].discontinued and bool(self._order.prices_left)

    def _settle(
        self, coupon: ChunkCoupon, attempt: Attempt | None, answered: AnsweredCall | None
    ) -> tuple[Attempt | None, CouponChange | None]:
        item = self._order.items[coupon.item_no]
        answer = None if answered is None else answered.answer
        if attempt is not None and attempt.state is AttemptState.ISSUED and isinstance(answer, Issued):
            return attempt, self._issued(coupon, item, answer)
        if attempt is not None and attempt.state in {AttemptState.REFUSED, AttemptState.SURPLUS}:
            return attempt, self._failed(coupon, attempt.code or "refused")
        if item.discontinued and (attempt is None or attempt.state is AttemptState.RETRYABLE):
            if attempt is not None:
                attempt = learnt(attempt, Refused(DISCONTINUED), self._at, self._patience, given_up=False)
            return attempt, self._failed(coupon, DISCONTINUED)
        if attempt is not None:
            until = gives_up_at(attempt, self._patience)
            if until is not None and until <= self._at:
                return attempt, self._failed(coupon, GIVEN_UP)
        return attempt, None

    def _issued(self, coupon: ChunkCoupon, item: OrderItem, answer: Issued) -> CouponChange:
        return CouponChange(
            line_id=coupon.line_id,
            item_no=coupon.item_no,
            state=COUPON_STATES.next(coupon.state, CouponStep.ISSUED),
            number=answer.number,
            supplier_order_no=answer.supplier_order_no,
            expires_at=answer.expires_at or expires_at(self._at, item.validity_days, SEOUL),
            issued_at=self._at,
        )

    def _failed(self, coupon: ChunkCoupon, code: str) -> CouponChange:
        failed = COUPON_STATES.next(coupon.state, CouponStep.NOT_ISSUED)
        return CouponChange(coupon.line_id, coupon.item_no, failed, failure_code=code)


def _concerns(answered: AnsweredCall, attempt: Attempt) -> bool:
    """Whether the answer is still news about the attempt, which another worker may have taken further meanwhile.

    That a coupon was issued is always news while the outcome is open; all else only about the call it answers.
    """
    if attempt.state not in {AttemptState.CALLING, AttemptState.UNKNOWN, AttemptState.SURPLUS}:
        return False
    if isinstance(answered.answer, Issued):
        return attempt.state is not AttemptState.SURPLUS
    before = answered.call.attempt
    return attempt.called_at == before.called_at and attempt.state in {before.state, AttemptState.UNKNOWN}


def _next_turn(
    coupons: Sequence[ChunkCoupon],
    order: SendingOrder,
    stopped: Mapping[str, datetime],
    at: datetime,
    patience: IssuingPatience,
) -> datetime | None:
    """When the chunk is due again; None when every coupon and every attempt is settled."""
    due: list[datetime] = []
    for coupon in coupons:
        attempt = coupon.attempt
        if is_due_for_default(coupon, at) and order.prices_left:
            due.append(at)
        open_attempt = attempt is not None and not attempt.is_settled
        if coupon.state is not CouponState.WAITING and not open_attempt:
            continue
        next_at = attempt.next_at if attempt is not None else at
        due.append(max(next_at, stopped.get(order.items[coupon.item_no].supplier, next_at)))
        until = gives_up_at(attempt, patience) if attempt is not None else None
        if until is not None and coupon.state is CouponState.WAITING:
            due.append(until)
    return min(due, default=None)
