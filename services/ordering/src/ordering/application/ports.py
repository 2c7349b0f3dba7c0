"""What the use cases need from the outside. Whatever writes does so in the unit of work's transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from pydantic import BaseModel

from contracts.catalog import OfferPublished
from contracts.event import Event
from contracts.identity import CompanyChanged, MemberStateChanged
from contracts.messaging import TemplatePublished
from contracts.values import Sealed
from ordering.domain.answers import Answer
from ordering.domain.attempt import Action, Attempt
from ordering.domain.coupon import CouponState
from ordering.domain.dispatch import DispatchState
from ordering.domain.link import LinkKeys
from ordering.domain.message import Template
from ordering.domain.order import Funding, OrderState, Tally
from ordering.domain.placement import Placement
from ordering.domain.prices import Offer

ModelT = TypeVar("ModelT", bound=BaseModel)


class UnknownOrderError(LookupError):
    """A message names an order that this service never placed: it is retried, then a dead letter."""


@dataclass(frozen=True)
class CompanyCopy:
    """What ordering needs to know of a company."""

    company_id: UUID
    state: str


@dataclass(frozen=True)
class MemberCopy:
    """What ordering needs to know of a member."""

    member_id: UUID
    company_id: UUID
    role: str
    state: str


class Copies(Protocol):
    """The newest state that other services said of what they own."""

    def keep_company(self, event: CompanyChanged) -> None: ...
    def keep_member(self, event: MemberStateChanged) -> None: ...
    def keep_offer(self, event: OfferPublished) -> None: ...
    def keep_template(self, event: TemplatePublished) -> None: ...
    def company(self, company_id: UUID) -> CompanyCopy | None: ...
    def member(self, member_id: UUID) -> MemberCopy | None: ...
    def offers(self, offer_ids: Sequence[UUID]) -> Sequence[Offer]: ...
    def template(self, template_id: UUID) -> Template | None: ...


@dataclass(frozen=True)
class OrderHead:
    """An order as wallet's answers find it, locked until the transaction ends."""

    order_id: UUID
    company_id: UUID
    member_id: UUID
    recipients: int
    pay_amount_krw: int
    chunk_lines: int
    funding: Funding


@dataclass(frozen=True)
class OrderItem:
    """A product of an order, with the prices of placing and what is known of its offer now."""

    item_no: int
    offer_id: UUID
    sale_price_krw: int
    validity_days: int
    supplier: str
    supplier_goods_code: str
    discontinued: bool


@dataclass(frozen=True)
class SendingOrder:
    """An order as its chunks need it."""

    order_id: UUID
    company_id: UUID
    send_title: str
    template_id: UUID
    template_version: int
    template_variables: tuple[str, ...]
    typed_values: Mapping[str, str]
    items: Mapping[int, OrderItem]


@dataclass(frozen=True)
class Counted:
    """By how much an order's counts change."""

    success: int = 0
    failed: int = 0
    error: int = 0
    confirmed_krw: int = 0


@dataclass(frozen=True)
class Progress:
    """An order after its counts changed; it stays locked until the transaction ends."""

    order_id: UUID
    company_id: UUID
    member_id: UUID
    state: OrderState
    tally: Tally
    confirmed_krw: int


class Orders(Protocol):
    """The orders."""

    def next_number(self) -> tuple[int, datetime]:
        """The next running number, and the time of placing: numbers and times grow together (ORD-16)."""

    def add(self, placement: Placement) -> None:
        """Store a pending order with its items, lines and coupons."""

    def lock(self, order_id: UUID) -> OrderHead:
        """The order, locked. Raises `UnknownOrderError`."""

    def change_funding(self, order_id: UUID, funding: Funding, at: datetime) -> None:
        """Store what wallet's answer, or giving up, made of a locked order."""

    def sending(self, order_id: UUID) -> SendingOrder:
        """What a chunk needs. Raises `UnknownOrderError`."""

    def count(self, order_id: UUID, counted: Counted) -> Progress:
        """Change the counts, and lock. Raises `UnknownOrderError`."""

    def end(self, order_id: UUID, state: OrderState, at: datetime) -> None:
        """Store that a locked order ended."""


@dataclass(frozen=True)
class ChunkKey:
    """A chunk and the lines that it holds, both ends included."""

    order_id: UUID
    chunk_no: int
    first_line_no: int
    last_line_no: int


class Chunks(Protocol):
    """The portions in which an order is issued and sent."""

    def open_all(self, order_id: UUID, recipients: int, chunk_lines: int, at: datetime) -> None:
        """Lay out an order's chunks, due at once."""

    def claim(self, at: datetime, owner: UUID, lease_seconds: float) -> ChunkKey | None:
        """Take the next chunk that is due and nobody's, for as long as the lease on the database's clock runs."""

    def lock(self, key: ChunkKey) -> int:
        """Lock the chunk until the transaction ends; its next wave."""

    def finish_turn(self, key: ChunkKey, owner: UUID, next_wave: int, next_at: datetime | None) -> None:
        """Give the chunk back; `next_at` None closes it."""


@dataclass(frozen=True)
class ChunkCoupon:
    """A coupon of a chunk with its attempt, if one was made."""

    line_id: UUID
    item_no: int
    state: CouponState
    attempt: Attempt | None


@dataclass(frozen=True)
class CouponChange:
    """What became of a coupon; only one in the state `waiting` is changed."""

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


@dataclass(frozen=True)
class ChunkLine:
    """A recipient of a chunk; the phone is shown by no repr."""

    line_id: UUID
    phone: str = field(repr=False)
    name: str = field(repr=False)
    company: str
    dispatch: DispatchState
    is_asked_for: bool


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

    def ask_for(self, link_hashes: Mapping[UUID, bytes], key_id: str, wave: int) -> None:
        """Note that these lines' messages were asked for, and by what their links are found."""

    def fail(self, line_ids: Sequence[UUID], at: datetime) -> None:
        """Note that nothing is sent to these lines."""

    def lock_dispatches(self, order_id: UUID, line_ids: Iterable[UUID]) -> dict[UUID, DispatchState]:
        """The present dispatch of those of the lines that are the order's, locked."""

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


class Outbox(Protocol):
    """Events of the transaction."""

    def add(self, event: Event) -> None:
        """Say an event when the transaction commits."""

    def add_all(self, events: Iterable[Event]) -> None:
        """Say several events when the transaction commits."""


class Sealing(Protocol):
    """Seals what travels in events."""

    def seal(self, model: ModelT) -> Sealed[ModelT]: ...
    def seal_text(self, text: str) -> Sealed[str]: ...


@dataclass(frozen=True)
class Links:
    """Makes recipients' links: the page's public address and the keys."""

    page_url: str
    keys: LinkKeys = field(repr=False)


class UnitOfWork(Protocol):
    """One transaction: what it reads, writes and says. The edge owns its beginning and end."""

    @property
    def copies(self) -> Copies: ...
    @property
    def orders(self) -> Orders: ...
    @property
    def chunks(self) -> Chunks: ...
    @property
    def coupons(self) -> Coupons: ...
    @property
    def lines(self) -> Lines: ...
    @property
    def stops(self) -> SupplierStops: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def sealing(self) -> Sealing: ...
    @property
    def links(self) -> Links: ...

    def now(self) -> datetime:
        """The business clock, aware and UTC."""

    def new_id(self) -> UUID:
        """A fresh id."""

    def revoke_sessions(self, subject_id: UUID, lowest_generation: int) -> None:
        """Refuse the subject's sessions below the generation from now on."""
