"""Coupons and lines in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from ordering.application.sending_ports import ChunkCoupon, ChunkKey, ChunkLine, CouponChange, ReportedLine
from ordering.domain.attempt import Attempt
from ordering.domain.choice import ChosenBy, Pick
from ordering.domain.coupon import COUPON_STATES, CouponState, CouponStep
from ordering.domain.dispatch import DispatchState
from ordering_probe.stored import StoredLine

if TYPE_CHECKING:
    from ordering_probe.fakes import Memory


class FakeCoupons:
    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def of_chunk(self, key: ChunkKey) -> Sequence[ChunkCoupon]:
        return [
            ChunkCoupon(
                line_id=line_id,
                item_no=item_no,
                state=coupon.state,
                attempt=self._memory.attempts.get((line_id, item_no)),
                choice_ends_at=self._memory.choices_end.get(line_id),
                by_default=self._memory.chosen_by.get(line_id) is ChosenBy.DEFAULT,
            )
            for (line_id, item_no), coupon in self._memory.stored_coupons.items()
            if is_in(self._memory.stored_lines[line_id], key)
        ]

    def add_attempts(self, attempts: Sequence[Attempt]) -> None:
        for attempt in attempts:
            assert (attempt.line_id, attempt.item_no) not in self._memory.attempts
            self._memory.attempts[attempt.line_id, attempt.item_no] = attempt

    def change_attempts(self, attempts: Sequence[Attempt]) -> None:
        self._memory.attempts |= {(attempt.line_id, attempt.item_no): attempt for attempt in attempts}

    def record(self, changes: Sequence[CouponChange]) -> None:
        for change in changes:
            before = self._memory.stored_coupons[change.line_id, change.item_no].state
            if before in COUPON_STATES.sources(CouponStep.NOT_ISSUED):
                self._memory.stored_coupons[change.line_id, change.item_no] = change

    def choose(self, picks: Sequence[Pick]) -> int:
        taken = 0
        for pick in picks:
            coupon = self._memory.stored_coupons.get((pick.line_id, pick.from_item_no))
            if coupon is not None and coupon.state is CouponState.AWAITING_CHOICE:
                self._move(pick.line_id, pick.item_no, CouponState.WAITING)
                self._memory.chosen_by[pick.line_id] = pick.by
                taken += 1
        return taken

    def undo_choices(self, line_ids: Sequence[UUID], default_item_no: int) -> None:
        for line_id in line_ids:
            self._move(line_id, default_item_no, CouponState.AWAITING_CHOICE)
            self._memory.chosen_by.pop(line_id, None)

    def open_choices(self, ends_at: Mapping[UUID, datetime]) -> None:
        self._memory.choices_end |= ends_at

    def _move(self, line_id: UUID, item_no: int, state: CouponState) -> None:
        (old,) = [key for key in self._memory.stored_coupons if key[0] == line_id]
        del self._memory.stored_coupons[old]
        self._memory.stored_coupons[line_id, item_no] = CouponChange(line_id, item_no, state)


class FakeLines:
    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def of_chunk(self, key: ChunkKey) -> Sequence[ChunkLine]:
        return [
            ChunkLine(
                line_id, line.phone, line.name, line.company, line.dispatch, line.wave is not None, line.link_key_id
            )
            for line_id, line in self._memory.stored_lines.items()
            if is_in(line, key)
        ]

    def refreshed(self, key: ChunkKey, lines: Sequence[ChunkLine]) -> Sequence[ChunkLine]:
        now = {line.line_id: line for line in self.of_chunk(key)}
        return [now[line.line_id] for line in lines]

    def ask_for(self, link_hashes: Mapping[UUID, bytes], key_id: str, wave: int) -> None:
        for line_id in link_hashes:
            assert self._memory.stored_lines[line_id].wave is None
            self._memory.stored_lines[line_id].wave = wave
            self._memory.stored_lines[line_id].link_key_id = key_id

    def fail(self, line_ids: Sequence[UUID], at: datetime) -> None:  # noqa: ARG002 - the port has it
        for line_id in line_ids:
            self._memory.stored_lines[line_id].dispatch = DispatchState.ERROR

    def lock_dispatches(self, order_id: UUID, line_ids: Iterable[UUID]) -> dict[UUID, DispatchState]:
        lines = self._memory.stored_lines
        known = [line_id for line_id in line_ids if line_id in lines and lines[line_id].order_id == order_id]
        return {line_id: lines[line_id].dispatch for line_id in known}

    def report(self, lines: Sequence[ReportedLine]) -> None:
        for line in lines:
            self._memory.stored_lines[line.line_id].dispatch = line.dispatch


def is_in(line: StoredLine, key: ChunkKey) -> bool:
    """Whether the line is the chunk's."""
    return line.order_id == key.order_id and key.first_line_no <= line.line_no <= key.last_line_no
