"""What the use cases need from the outside. Whatever writes does so in the unit of work's transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from pydantic import BaseModel

from contracts.audit import Act
from contracts.catalog import OfferPublished
from contracts.event import Event
from contracts.identity import CompanyChanged, MemberStateChanged
from contracts.messaging import TemplatePublished
from contracts.values import Sealed
from ordering.application.month_ports import IssuingMonths
from ordering.application.plan_ports import Plans, SenderProfileUses
from ordering.application.revoking_ports import Revocations
from ordering.application.sending_ports import Chunks, Coupons, Lines, SupplierStops
from ordering.domain.link import LinkKeys
from ordering.domain.message import Template
from ordering.domain.order import Funding, OrderState, OrderStep, OrderType, Tally
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
    version: int = 1


@dataclass(frozen=True)
class MemberCopy:
    """What ordering needs to know of a member."""

    member_id: UUID
    company_id: UUID
    role: str
    state: str
    version: int = 1


class Copies(Protocol):
    """The newest state that other services said of what they own."""

    def keep_company(self, event: CompanyChanged) -> None: ...
    def keep_member(self, event: MemberStateChanged) -> None: ...
    def keep_offer(self, event: OfferPublished) -> None: ...
    def keep_template(self, event: TemplatePublished) -> None: ...
    def hold_orderer(self, company_id: UUID, member_id: UUID) -> None:
        """Let changes of both wait until the transaction ends: an order that is placed is placed under their state."""

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
    cart_line_ids: tuple[UUID, ...] = ()
    send_at: datetime | None = None
    order_name: str = ""
    plan_id: UUID | None = None
    sender_profile_id: UUID | None = None


@dataclass(frozen=True)
class StoppedChoices:
    """A sent choice order of which nothing can be had any more, and its recipients who have not chosen."""

    order_id: UUID
    company_id: UUID
    member_id: UUID
    order_number: str
    order_name: str
    recipients: int
    amount_krw: int
    """What is held for them."""


@dataclass(frozen=True)
class OrderItem:
    """A product of an order, with the prices of placing and what is known of its offer now."""

    item_no: int
    offer_id: UUID
    sale_price_krw: int
    validity_days: int
    supplier: str
    supplier_goods_code: str
    cash_like: bool
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
    default_item_no: int | None = None
    """The 지정상품 of a choice order; None in a fixed one."""
    sender_profile_id: UUID | None = None

    @property
    def prices_left(self) -> Mapping[int, int]:
        """The products that can still be had, with their prices of placing in KRW."""
        return {item_no: item.sale_price_krw for item_no, item in self.items.items() if not item.discontinued}

    def held_krw(self, item_no: int) -> int:
        """What is reserved for a coupon of the item: in a choice order the dearest product's price (ORD-02)."""
        if self.default_item_no is None:
            return self.items[item_no].sale_price_krw
        return max(item.sale_price_krw for item in self.items.values())

    def held_cash_like_krw(self, item_no: int) -> int:
        """The part of it that counts against the cash-like limit."""
        held_for = [self.items[item_no]] if self.default_item_no is None else list(self.items.values())
        return max((item.sale_price_krw for item in held_for if item.cash_like), default=0)


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
    order_type: OrderType
    company_id: UUID
    member_id: UUID
    state: OrderState
    tally: Tally
    confirmed_krw: int


@dataclass(frozen=True)
class OpenOrders:
    """How many orders are open, by what they wait for; those whose money is still asked for count as sending."""

    scheduled: int = 0
    sending: int = 0
    awaiting_choice: int = 0


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

    def step(self, order_id: UUID, step: OrderStep, at: datetime) -> OrderHead | None:
        """Move the order by one conditional update; None when it stands where the step leads nowhere.

        Of two that try at once, one succeeds. Raises `UnknownOrderError`.
        """

    def end(self, order_id: UUID, state: OrderState, at: datetime) -> None:
        """Store that a locked order ended."""

    def stopped_choices(self, offer_id: UUID) -> Sequence[StoppedChoices]:
        """Orders with this offer that are sent or being sent, with open choices of which nothing can be had."""

    def open_of(self, company_id: UUID, member_id: UUID | None) -> OpenOrders:
        """What is open of a member's orders, or of the whole company's."""


class Acts(Protocol):
    """What members did to placed orders, kept for ever (ORD-24, ORD-25)."""

    def note(self, member_id: UUID, act: str, order_id: UUID, at: datetime, line_id: UUID | None = None) -> None:
        """Keep who did what to which order, or to which of its recipients."""


class Outbox(Protocol):
    """Events of the transaction."""

    def add(self, event: Event) -> None:
        """Say an event when the transaction commits."""

    def add_all(self, events: Iterable[Event]) -> None:
        """Say several events when the transaction commits."""

    def add_act(self, operator_id: UUID, act: Act) -> None:
        """Say what an operator did, for the audit log (IDN-24)."""


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
    def months(self) -> IssuingMonths: ...
    @property
    def revocations(self) -> Revocations: ...
    @property
    def acts(self) -> Acts: ...
    @property
    def plans(self) -> Plans: ...
    @property
    def profile_uses(self) -> SenderProfileUses: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def sealing(self) -> Sealing: ...
    @property
    def links(self) -> Links: ...
    @property
    def choice_days(self) -> int: ...
    @property
    def forecast_days(self) -> int: ...

    def now(self) -> datetime:
        """The business clock, aware and UTC."""

    def new_id(self) -> UUID:
        """A fresh id."""

    def unpark(self, key: str) -> None:
        """Let questions come again that were parked under the key."""

    def revoke_sessions(self, subject_id: UUID, lowest_generation: int) -> None:
        """Refuse the subject's sessions below the generation from now on."""
