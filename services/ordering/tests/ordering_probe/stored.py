"""What the fakes keep of orders, lines and chunks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from ordering.application.sending_ports import ChunkKey
from ordering.domain.dispatch import DISPATCH_STATES, DispatchState
from ordering.domain.order import ORDER_STATES, Funding, Tally
from ordering.domain.placement import Placement

CouponId = tuple[UUID, int]


@dataclass
class StoredOrder:
    """An order with what changes in it."""

    placement: Placement
    funding: Funding = field(default_factory=lambda: Funding(ORDER_STATES.initial))
    tally: Tally = field(default_factory=lambda: Tally(0))
    confirmed_krw: int = 0


@dataclass
class StoredLine:
    """A recipient's line."""

    order_id: UUID
    line_no: int
    phone: str
    name: str
    company: str
    dispatch: DispatchState = DISPATCH_STATES.initial
    wave: int | None = None
    link_key_id: str | None = None


@dataclass
class StoredChunk:
    """A chunk and whose turn it is."""

    key: ChunkKey
    next_at: datetime
    next_wave: int = 0
    owner: UUID | None = None
    lease_until: datetime | None = None
    is_done: bool = False
