"""Ordering's storage in memory, for the use cases' own tests; PostgreSQL's has tests of its own."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from chassis.clock import FixedClock
from chassis.sealing import Keyring, Sealer
from contracts.catalog import OfferAvailability, OfferPublished
from contracts.event import Event
from contracts.identity import CompanyChanged, MemberStateChanged
from contracts.messaging import TemplatePublished
from ordering.application.ports import (
    CompanyCopy,
    Counted,
    Links,
    MemberCopy,
    OrderHead,
    OrderItem,
    Progress,
    SendingOrder,
    UnknownOrderError,
)
from ordering.application.sending_ports import ChunkCoupon, ChunkKey, ChunkLine, CouponChange, ReportedLine
from ordering.domain.attempt import Attempt
from ordering.domain.choice import ChosenBy, Pick
from ordering.domain.coupon import COUPON_STATES, CouponState, CouponStep
from ordering.domain.dispatch import DISPATCH_STATES, DispatchState
from ordering.domain.link import LinkKeys
from ordering.domain.message import Template, bare
from ordering.domain.order import ORDER_STATES, Funding, OrderState, OrderStep, OrderType, Tally
from ordering.domain.placement import Placement
from ordering.domain.plan import Plan
from ordering.domain.prices import Offer, TimedPrice

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


class Memory:
    """Every port of the use cases over dictionaries. Nothing rolls back: tests of refusals look at what was said."""

    def __init__(self, clock: FixedClock) -> None:
        self.clock = clock
        self.companies: dict[UUID, CompanyChanged] = {}
        self.members: dict[UUID, MemberStateChanged] = {}
        self.published_offers: dict[UUID, OfferPublished] = {}
        self.templates: dict[UUID, TemplatePublished] = {}
        self.stored: dict[UUID, StoredOrder] = {}
        self.stored_lines: dict[UUID, StoredLine] = {}
        self.stored_coupons: dict[CouponId, CouponChange] = {}
        self.choices_end: dict[UUID, datetime] = {}
        self.chosen_by: dict[UUID, ChosenBy] = {}
        self.attempts: dict[CouponId, Attempt] = {}
        self.stored_chunks: dict[tuple[UUID, int], StoredChunk] = {}
        self.stopped: dict[str, datetime] = {}
        self.noted: list[tuple[UUID, str, UUID, UUID | None]] = []
        self.said: list[Event] = []
        self.floors: dict[UUID, int] = {}
        self.running_number = 0
        self.open_since: datetime | None = None
        self.sealing = Sealer(Keyring("k1", {"k1": bytes(32)}))
        self.choice_days = 7
        self.forecast_days = 3
        self.uses: dict[tuple[UUID, UUID], tuple[int, int]] = {}
        self.links = Links("https://coupon.example/c", LinkKeys("k1", {"k1": b"a link key of the tests"}))

    @contextmanager
    def transaction(self) -> Iterator["Memory"]:
        """What a database's transaction is to the loops."""
        yield self

    @property
    def copies(self) -> "Memory":
        return self

    @property
    def orders(self) -> "FakeOrders":
        return FakeOrders(self)

    @property
    def chunks(self) -> "FakeChunks":
        return FakeChunks(self)

    @property
    def coupons(self) -> "FakeCoupons":
        return FakeCoupons(self)

    @property
    def lines(self) -> "FakeLines":
        return FakeLines(self)

    @property
    def stops(self) -> "FakeStops":
        return FakeStops(self)

    @property
    def months(self) -> "FakeMonths":
        return FakeMonths(self)

    @property
    def acts(self) -> "Memory":
        return self

    @property
    def plans(self) -> "NoPlans":
        return NoPlans()

    @property
    def profile_uses(self) -> "Memory":
        return self

    def change(self, company_id: UUID, profile_id: UUID, by: int) -> tuple[int, int]:
        uses, version = self.uses.get((company_id, profile_id), (0, 0))
        self.uses[company_id, profile_id] = uses + by, version + 1
        return uses + by, version + 1

    @property
    def outbox(self) -> "Memory":
        return self

    def now(self) -> datetime:
        return self.clock.now()

    def note(self, member_id: UUID, act: str, order_id: UUID, at: datetime, line_id: UUID | None = None) -> None:
        assert at == self.now()
        self.noted.append((member_id, act, order_id, line_id))

    def new_id(self) -> UUID:
        return uuid4()

    def revoke_sessions(self, subject_id: UUID, lowest_generation: int) -> None:
        self.floors[subject_id] = max(lowest_generation, self.floors.get(subject_id, 0))

    def add(self, event: Event) -> None:
        self.said.append(event)

    def add_all(self, events: Iterable[Event]) -> None:
        self.said.extend(events)

    def keep_company(self, event: CompanyChanged) -> None:
        _keep(self.companies, event.company_id, event)

    def keep_member(self, event: MemberStateChanged) -> None:
        _keep(self.members, event.member_id, event)

    def keep_offer(self, event: OfferPublished) -> None:
        _keep(self.published_offers, event.offer_id, event)

    def keep_template(self, event: TemplatePublished) -> None:
        _keep(self.templates, event.template_id, event)

    def company(self, company_id: UUID) -> CompanyCopy | None:
        found = self.companies.get(company_id)
        return found and CompanyCopy(found.company_id, found.state.value, found.version)

    def hold_orderer(self, company_id: UUID, member_id: UUID) -> None:
        """Nobody else is here."""

    def unpark(self, key: str) -> None:
        """The consumer's tests park over a real database."""

    def member(self, member_id: UUID) -> MemberCopy | None:
        found = self.members.get(member_id)
        return found and MemberCopy(
            found.member_id, found.company_id, found.role.value, found.state.value, found.version
        )

    def offers(self, offer_ids: Sequence[UUID]) -> Sequence[Offer]:
        return [_offer(self.published_offers[one]) for one in offer_ids if one in self.published_offers]

    def template(self, template_id: UUID) -> Template | None:
        found = self.templates.get(template_id)
        if found is None:
            return None
        variables = tuple(map(bare, found.variables))
        return Template(found.template_id, found.version, found.body, variables, found.usable)


class NoPlans:
    """`Plans` of nobody: anniversary plans are tested with PostgreSQL."""

    def using(self, offer_id: UUID) -> Sequence[Plan]:  # noqa: ARG002 - the port has it
        return ()

    def owned_by(self, member_id: UUID) -> Sequence[Plan]:  # noqa: ARG002 - the port has it
        return ()

    def __getattr__(self, name: str) -> Any:
        raise NotImplementedError(name)


class FakeOrders:
    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def next_number(self) -> tuple[int, datetime]:
        self._memory.running_number += 1
        return self._memory.running_number, self._memory.now()

    def add(self, placement: Placement) -> None:
        self._memory.stored[placement.order_id] = StoredOrder(placement, tally=Tally(len(placement.recipients)))
        for line_no, recipient in enumerate(placement.recipients, start=1):
            line_id = uuid4()
            self._memory.stored_lines[line_id] = StoredLine(
                placement.order_id, line_no, recipient.phone, recipient.name, recipient.company
            )
            if placement.default_item_no is not None:
                awaited = CouponChange(line_id, placement.default_item_no, CouponState.AWAITING_CHOICE)
                self._memory.stored_coupons[line_id, awaited.item_no] = awaited
                continue
            for item in placement.items:
                coupon = CouponChange(line_id, item.item_no, COUPON_STATES.initial)
                self._memory.stored_coupons[line_id, item.item_no] = coupon

    def lock(self, order_id: UUID) -> OrderHead:
        order = self._found(order_id)
        return OrderHead(
            order_id=order_id,
            company_id=order.placement.company_id,
            member_id=order.placement.member_id,
            recipients=len(order.placement.recipients),
            pay_amount_krw=order.placement.figures.pay_amount_krw,
            chunk_lines=order.placement.chunk_lines,
            funding=order.funding,
            cart_line_ids=order.placement.cart_line_ids,
            send_at=order.placement.send_at,
        )

    def change_funding(self, order_id: UUID, funding: Funding, at: datetime) -> None:  # noqa: ARG002 - the port has it
        self._found(order_id).funding = funding

    def sending(self, order_id: UUID) -> SendingOrder:
        placement = self._found(order_id).placement
        return SendingOrder(
            order_id=order_id,
            company_id=placement.company_id,
            send_title=placement.send_title,
            template_id=placement.template.template_id,
            template_version=placement.template.version,
            template_variables=placement.template.variables,
            typed_values=placement.typed_values,
            default_item_no=placement.default_item_no,
            items={
                item.item_no: OrderItem(
                    item_no=item.item_no,
                    offer_id=item.offer.offer_id,
                    sale_price_krw=item.sale_price_krw,
                    validity_days=item.offer.validity_days,
                    supplier=item.offer.supplier,
                    supplier_goods_code=item.offer.supplier_goods_code,
                    cash_like=item.offer.cash_like,
                    discontinued=not _offer(self._memory.published_offers[item.offer.offer_id]).on_sale,
                )
                for item in placement.items
            },
        )

    def count(self, order_id: UUID, counted: Counted) -> Progress:
        order = self._found(order_id)
        order.tally = Tally(
            order.tally.recipients,
            order.tally.success + counted.success,
            order.tally.failed + counted.failed,
            order.tally.error + counted.error,
        )
        order.confirmed_krw += counted.confirmed_krw
        return Progress(
            order_id=order_id,
            order_type=OrderType(order.placement.order_type),
            company_id=order.placement.company_id,
            member_id=order.placement.member_id,
            state=order.funding.state,
            tally=order.tally,
            confirmed_krw=order.confirmed_krw,
        )

    def step(self, order_id: UUID, step: OrderStep, at: datetime) -> OrderHead | None:  # noqa: ARG002 - the port has it
        order = self._found(order_id)
        if not ORDER_STATES.allows(order.funding.state, step):
            return None
        order.funding = replace(order.funding, state=ORDER_STATES.next(order.funding.state, step))
        return self.lock(order_id)

    def end(self, order_id: UUID, state: OrderState, at: datetime) -> None:  # noqa: ARG002 - the port has it
        order = self._found(order_id)
        order.funding = replace(order.funding, state=state)

    def _found(self, order_id: UUID) -> StoredOrder:
        try:
            return self._memory.stored[order_id]
        except KeyError:
            raise UnknownOrderError(str(order_id)) from None


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
            if _is_in(self._memory.stored_lines[line_id], key)
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
            if _is_in(line, key)
        ]

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


class FakeMonths:
    """Months as those who issue see them; closing and counting are PostgreSQL's."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def hold_open(self) -> datetime | None:
        return self._memory.open_since


class FakeStops:
    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def active(self, at: datetime) -> Mapping[str, datetime]:
        return {supplier: until for supplier, until in self._memory.stopped.items() if until > at}

    def stop(self, supplier: str, code: str, until: datetime) -> None:  # noqa: ARG002 - the port has it
        self._memory.stopped[supplier] = until


def _keep(copies: dict[UUID, Any], subject_id: UUID, event: Any) -> None:
    if subject_id not in copies or copies[subject_id].version < event.version:
        copies[subject_id] = event


def _is_in(line: StoredLine, key: ChunkKey) -> bool:
    return line.order_id == key.order_id and key.first_line_no <= line.line_no <= key.last_line_no


def _offer(said: OfferPublished) -> Offer:
    return Offer(
        offer_id=said.offer_id,
        product_id=said.product_id,
        brand_name=said.brand_name,
        product_name=said.product_name,
        notice=said.notice,
        image_path=said.image_path,
        validity_days=said.validity_days,
        face_price_krw=said.face_price_krw,
        prices=tuple(TimedPrice(price.sale_price_krw, price.effective_at) for price in said.prices),
        on_sale=said.availability is OfferAvailability.ON_SALE,
        cash_like=said.cash_like,
        night_restricted=said.night_restricted,
        single_recipient=said.single_recipient,
        supplier=said.supplier,
        supplier_goods_code=said.supplier_goods_code,
    )
