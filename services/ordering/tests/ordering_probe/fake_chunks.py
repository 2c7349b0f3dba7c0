"""Chunks, stopped suppliers and months in memory."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from ordering.application.sending_ports import ChunkKey
from ordering.domain.coupon import CouponState
from ordering.domain.issuing_month import IssuingMonth
from ordering_probe.stored import StoredChunk

if TYPE_CHECKING:
    from ordering_probe.fakes import Memory


class FakeChunks:
    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def open_all(self, order_id: UUID, recipients: int, chunk_lines: int, at: datetime) -> None:
        for chunk_no, first in enumerate(range(1, recipients + 1, chunk_lines)):
            key = ChunkKey(order_id, chunk_no, first, min(first + chunk_lines - 1, recipients))
            self._memory.stored_chunks[order_id, chunk_no] = StoredChunk(key, at)

    def claim(self, at: datetime, owner: UUID, lease_seconds: float) -> ChunkKey | None:
        for chunk in self._memory.stored_chunks.values():
            free = chunk.lease_until is None or chunk.lease_until < at
            if not chunk.is_done and chunk.next_at <= at and free:
                chunk.owner, chunk.lease_until = owner, at + timedelta(seconds=lease_seconds)
                return chunk.key
        return None

    def lock(self, key: ChunkKey) -> int:
        return self._memory.stored_chunks[key.order_id, key.chunk_no].next_wave

    def reopen(self, order_id: UUID, line_no: int, at: datetime) -> None:
        for chunk in self._memory.stored_chunks.values():
            if chunk.key.order_id == order_id and chunk.key.first_line_no <= line_no <= chunk.key.last_line_no:
                chunk.is_done, chunk.next_at = False, min(chunk.next_at, at)

    def reopen_due_choices(self, at: datetime) -> int:
        due = {line_id for line_id, ends_at in self._memory.choices_end.items() if ends_at <= at}
        return self._reopen_lines(due, at)

    def reopen_stopped_choices(self, offer_id: UUID, at: datetime) -> int:
        stopped = {
            order_id
            for order_id, order in self._memory.stored.items()
            if any(item.offer.offer_id == offer_id for item in order.placement.items)
            and not self._memory.orders.sending(order_id).prices_left
        }
        lines = {line_id for line_id, line in self._memory.stored_lines.items() if line.order_id in stopped}
        return self._reopen_lines(lines, at)

    def _reopen_lines(self, line_ids: set[UUID], at: datetime) -> int:
        awaited = {
            line_id
            for (line_id, _), coupon in self._memory.stored_coupons.items()
            if coupon.state is CouponState.AWAITING_CHOICE
        }
        for line_id in line_ids & awaited:
            line = self._memory.stored_lines[line_id]
            self.reopen(line.order_id, line.line_no, at)
        return len(line_ids & awaited)

    def finish_turn(self, key: ChunkKey, owner: UUID, next_wave: int, next_at: datetime | None) -> None:
        chunk = self._memory.stored_chunks[key.order_id, key.chunk_no]
        chunk.next_wave = next_wave
        if chunk.owner == owner:
            chunk.owner = chunk.lease_until = None
            chunk.is_done = next_at is None
            chunk.next_at = next_at or chunk.next_at


class FakeMonths:
    """Months as those who issue see them; counting is PostgreSQL's."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def close(self, month: IssuingMonth, at: datetime) -> None:  # noqa: ARG002 - the port has it
        self._memory.open_since = max(month.ends_at, self._memory.open_since or month.ends_at)

    def hold_open(self) -> datetime | None:
        return self._memory.open_since


class FakeStops:
    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def active(self, at: datetime) -> Mapping[str, datetime]:
        return {supplier: until for supplier, until in self._memory.stopped.items() if until > at}

    def stop(self, supplier: str, code: str, until: datetime) -> None:  # noqa: ARG002 - the port has it
        self._memory.stopped[supplier] = until
