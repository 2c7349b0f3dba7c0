"""Ordering's storage in memory, for the use cases' own tests; PostgreSQL's has tests of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from chassis.clock import FixedClock
from chassis.sealing import Keyring, Sealer
from contracts.audit import Act, OperatorActed
from contracts.catalog import OfferPublished
from contracts.event import Event
from contracts.identity import CompanyChanged, MemberStateChanged
from contracts.messaging import TemplatePublished
from ordering.application.ports import (
    CompanyCopy,
    Links,
    MemberCopy,
)
from ordering.application.revoking_ports import NewRevocation
from ordering.application.sending_ports import CouponChange
from ordering.domain.attempt import Attempt
from ordering.domain.choice import ChosenBy
from ordering.domain.link import LinkKeys
from ordering.domain.message import Template, bare
from ordering.domain.plan import Plan
from ordering.domain.prices import Offer
from ordering.domain.revocation import RevokedCoupon
from ordering_probe.fake_chunks import FakeChunks, FakeMonths, FakeStops
from ordering_probe.fake_lines import FakeCoupons, FakeLines
from ordering_probe.fake_orders import FakeOrders, offer_of
from ordering_probe.fake_revocations import FakeRevocations
from ordering_probe.stored import CouponId, StoredChunk, StoredLine, StoredOrder


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
        self.revocations_asked: dict[UUID, NewRevocation] = {}
        self.revoked_coupons: dict[tuple[UUID, UUID, int], RevokedCoupon] = {}
        self.revoking_until: dict[tuple[UUID, UUID, int], datetime] = {}
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
    def transaction(self) -> Iterator[Memory]:
        """What a database's transaction is to the loops."""
        yield self

    @property
    def copies(self) -> Memory:
        return self

    @property
    def orders(self) -> FakeOrders:
        return FakeOrders(self)

    @property
    def chunks(self) -> FakeChunks:
        return FakeChunks(self)

    @property
    def coupons(self) -> FakeCoupons:
        return FakeCoupons(self)

    @property
    def lines(self) -> FakeLines:
        return FakeLines(self)

    @property
    def stops(self) -> FakeStops:
        return FakeStops(self)

    @property
    def revocations(self) -> FakeRevocations:
        return FakeRevocations(self)

    @property
    def months(self) -> FakeMonths:
        return FakeMonths(self)

    @property
    def acts(self) -> Memory:
        return self

    @property
    def plans(self) -> NoPlans:
        return NoPlans()

    @property
    def profile_uses(self) -> Memory:
        return self

    def change(self, company_id: UUID, profile_id: UUID, by: int) -> tuple[int, int]:
        uses, version = self.uses.get((company_id, profile_id), (0, 0))
        self.uses[company_id, profile_id] = uses + by, version + 1
        return uses + by, version + 1

    @property
    def outbox(self) -> Memory:
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

    def add_act(self, operator_id: UUID, act: Act) -> None:
        acted = {"act_id": uuid4(), "service": "ordering", "operator_id": operator_id, "acted_at": self.now()}
        self.said.append(OperatorActed(**acted, **vars(act)))

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
        return [offer_of(self.published_offers[one]) for one in offer_ids if one in self.published_offers]

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


def _keep(copies: dict[UUID, Any], subject_id: UUID, event: Any) -> None:
    if subject_id not in copies or copies[subject_id].version < event.version:
        copies[subject_id] = event
