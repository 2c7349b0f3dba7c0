"""What sending chunk by chunk needs from the outside: chunks, coupons, lines, suppliers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from ordering.domain.answers import Answer
from ordering.domain.attempt import Action, Attempt
from ordering.domain.choice import Pick
from ordering.domain.coupon import CouponState
from ordering.domain.dispatch import DispatchState


@dataclass(frozen=True)
class ChunkKey:
    """A chunk and the lines that it holds, both ends included."""

    order_id: UUID
    chunk_no: int
    first_line_no: int
    last_line_no: int


@dataclass(frozen=True)
class TakenWave:
    """A wave of a chunk, to be used once."""

    chunk_no: int
    number: int


class Chunks(Protocol):
    """The portions in which an order is issued and sent."""

    def open_all(self, order_id: UUID, recipients: int, chunk_lines: int, at: datetime) -> None:
        """Lay out an order's chunks, due at once."""

    def claim(self, at: datetime, owner: UUID, lease_seconds: float) -> ChunkKey | None:
        """Take the next chunk that is due and nobody's, for as long as the lease on the database's clock runs."""

    def lock(self, key: ChunkKey) -> int:
        """Lock the chunk until the transaction ends; its next wave."""

    def take_wave(self, order_id: UUID, line_id: UUID) -> TakenWave | None:
        """Lock the line's chunk and use up its next wave; None when the order has no such line being or been sent."""

    def reopen(self, order_id: UUID, line_no: int, at: datetime) -> None:
        """Lock the line's chunk, and give it another turn: something is to be issued."""

    def reopen_due_choices(self, at: datetime) -> int:
        """Give each chunk that holds a choice whose time is over another turn; how many."""

    def reopen_stopped_choices(self, offer_id: UUID, at: datetime) -> int:
        """The same for chunks of choice orders with this offer of which nothing can be had any more; how many."""

    def finish_turn(self, key: ChunkKey, owner: UUID, next_wave: int, next_at: datetime | None) -> None:
        """Give the chunk back; `next_at` None closes it."""


@dataclass(frozen=True)
class ChunkCoupon:
    """A coupon of a chunk with its attempt, if one was made."""

    line_id: UUID
    item_no: int
    state: CouponState
    attempt: Attempt | None
    choice_ends_at: datetime | None = None
    """When the default takes the recipient's place; None before a message succeeded."""
    by_default: bool = False


@dataclass(frozen=True)
class CouponChange:
    """What became of a coupon; only one that is still open is changed."""

    line_id: UUID
    item_no: int
    state: CouponState
    number: str | None = field(default=None, repr=False)
    supplier_order_no: str | None = None
    expires_at: datetime | None = None
    issued_at: datetime | None = None
    failure_code: str | None = None


class Coupons(Protocol):
    """Coupons and the attempts to have them issued."""

    def of_chunk(self, key: ChunkKey) -> Sequence[ChunkCoupon]:
        """All coupons of the chunk, by line and item."""

    def add_attempts(self, attempts: Sequence[Attempt]) -> None:
        """Store new attempts."""

    def change_attempts(self, attempts: Sequence[Attempt]) -> None:
        """Store what attempts have become."""

    def record(self, changes: Sequence[CouponChange]) -> None:
        """Store what became of coupons."""

    def choose(self, picks: Sequence[Pick]) -> int:
        """Store picks; only a coupon that awaits its choice takes one. How many did."""

    def undo_choices(self, line_ids: Sequence[UUID], default_item_no: int) -> None:
        """Let these recipients pick again: what they picked was not issued."""

    def open_choices(self, ends_at: Mapping[UUID, datetime]) -> None:
        """Store until when these recipients may choose; only where a choice is awaited."""


@dataclass(frozen=True)
class ChunkLine:
    """A recipient of a chunk; the phone is shown by no repr."""

    line_id: UUID
    phone: str = field(repr=False)
    name: str = field(repr=False)
    company: str
    dispatch: DispatchState
    is_asked_for: bool
    link_key_id: str | None = None


@dataclass(frozen=True)
class ToldLine:
    """A recipient who was told, as a resend finds it."""

    line: ChunkLine
    resends: int
    resend_wave: int | None
    """The wave of a resend whose report has not come."""
    coupons: tuple[CouponState, ...]


@dataclass(frozen=True)
class ReportedLine:
    """How a recipient's message ended, as it is stored."""

    line_id: UUID
    dispatch: DispatchState
    channel: str | None
    code: str
    at: datetime


class Lines(Protocol):
    """The recipients of orders."""

    def of_chunk(self, key: ChunkKey) -> Sequence[ChunkLine]:
        """All lines of the chunk, in order."""

    def refreshed(self, key: ChunkKey, lines: Sequence[ChunkLine]) -> Sequence[ChunkLine]:
        """The chunk's lines, read before, with what became of their messages since; who they are does not change."""

    def ask_for(self, link_hashes: Mapping[UUID, bytes], key_id: str, wave: int) -> None:
        """Note that these lines' messages were asked for, and by what their links are found."""

    def fail(self, line_ids: Sequence[UUID], at: datetime) -> None:
        """Note that nothing is sent to these lines."""

    def lock_dispatches(self, order_id: UUID, line_ids: Iterable[UUID]) -> dict[UUID, DispatchState]:
        """The present dispatch of those of the lines that are the order's, locked."""

    def sent(self, order_id: UUID, line_id: UUID) -> ToldLine | None:
        """One recipient of the order."""

    def note_resend(self, line_id: UUID, wave: int) -> None:
        """Count a resend that was asked for in a wave."""

    def end_resends(self, line_ids: Iterable[UUID], wave: int) -> None:
        """The reports of a wave came: resends asked for in it are over."""

    def report(self, lines: Sequence[ReportedLine]) -> None:
        """Store how messages ended."""


class SupplierStops(Protocol):
    """Suppliers that take nothing for now, so that their queue stands still."""

    def active(self, at: datetime) -> Mapping[str, datetime]:
        """Who is left alone, and until when."""

    def stop(self, supplier: str, code: str, until: datetime) -> None:
        """Leave a supplier alone for a while."""


@dataclass(frozen=True)
class SupplierCall:
    """One call about one coupon; the phone is shown by no repr."""

    action: Action
    tr_id: str
    goods_code: str
    phone: str = field(repr=False)


class Supplier(Protocol):
    """The way to one coupon supplier. Nothing that the network does is raised."""

    def call_all(self, calls: Sequence[SupplierCall]) -> Sequence[Answer]:
        """Make the calls side by side within the supplier's rate; answers come in the same order."""
