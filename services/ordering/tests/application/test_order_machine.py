"""Orders through random events, faults, repetitions and time: money adds up, and no coupon is issued twice or lost."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, precondition, rule
from ordering_probe import builders
from ordering_probe.builders import CAKE, COFFEE, MASTER, a_choice, an_order, rows
from ordering_probe.fakes import Memory
from ordering_probe.order_invariants import OrderInvariants
from ordering_probe.suppliers import ScriptedSupplier

from chassis.clock import FixedClock
from contracts.catalog import OfferAvailability
from contracts.messaging import DeliveryOutcome
from contracts.ordering.dispatches import DispatchRequested
from ordering.application.choices import close_stopped_choices, end_due_choices
from ordering.application.funds import accept_order, reject_order, stop_waiting
from ordering.application.issuing import begin_turn, call_suppliers, end_turn
from ordering.application.placing import place_order
from ordering.application.progress import apply_reports
from ordering.application.revoking import (
    RevokeCoupons,
    begin_revoking,
    cancel_at_supplier,
    end_revoking,
    revoke_coupons,
)
from ordering.application.scheduling import cancel_order, start_sending
from ordering.domain.choice import ChosenBy, Pick
from ordering.domain.coupon import CouponState
from ordering.domain.errors import NotCancellableError, OfferNotOnSaleError, ProductsCountError
from ordering.domain.issuing_month import IssuingMonth
from ordering.domain.order import OrderState, Shortfall
from ordering.domain.revocation import NothingToRevokeError
from ordering.settings import OrderRules

RULES = OrderRules()
MOODS = st.sampled_from(["well", "lost", "away", "dark", "stopped", "goods", "no_pin"])
SHORT = Shortfall("balance", 9_000, 0)


class Seen:
    """An order as cancelling sees it."""

    def __init__(self, order_id: UUID) -> None:
        self.order_id = order_id


class Orders(OrderInvariants, RuleBasedStateMachine):
    """Every rule is one thing that can happen; whatever repeats or comes late has to change nothing."""

    placed = Bundle("placed")

    def __init__(self) -> None:
        super().__init__()
        self.clock = FixedClock(datetime(2026, 3, 2, tzinfo=UTC))
        self.memory = Memory(self.clock)
        self.supplier = ScriptedSupplier()
        self.before: dict[tuple[str, object], object] = {}
        self.closed: list[tuple[datetime, set[str]]] = []

    @initialize()
    def others_say_what_they_own(self) -> None:
        for event in (builders.a_company(),):
            self.memory.keep_company(event)
        self.memory.keep_member(builders.a_member())
        self.memory.keep_offer(builders.an_offer())
        self.memory.keep_offer(builders.an_offer(CAKE, price_krw=9_000, face_price_krw=10_000))
        self.memory.keep_template(builders.a_template())

    @rule(target=placed, people=st.integers(1, 3), choice=st.booleans(), later=st.booleans())
    def place(self, people: int, choice: bool, later: bool) -> UUID | None:
        send_at = self._in_steps(timedelta(days=1)) if later else None
        make, price_krw = (a_choice, 9_000) if choice else (an_order, 13_500)
        command = make(rows=rows(people), offer_ids=(COFFEE, CAKE), pay_amount_krw=people * price_krw, send_at=send_at)
        try:
            return place_order(command, self.memory, RULES.placing())
        except (OfferNotOnSaleError, ProductsCountError):
            return None

    @rule(target=placed, people=st.integers(1, 2))
    def an_order_is_issued_at_once(self, people: int) -> UUID | None:
        """The common case, so that what comes after it is tried often."""
        order_id = self.place(people=people, choice=False, later=False)
        if order_id is not None:
            self.wallet_answers(order_id=order_id, held=True)
            self.worker_takes_a_turn(mood="well", dies=False)
        return order_id

    @rule(order_id=placed, held=st.booleans())
    def wallet_answers(self, order_id: UUID | None, held: bool) -> None:
        """Its one answer, as often as it is delivered."""
        if order_id is None:
            return
        state = self.memory.stored[order_id].funding.state
        if held and state is not OrderState.REJECTED:
            accept_order(order_id, self.memory)
        elif not held and state in {OrderState.PENDING, OrderState.REJECTED}:
            reject_order(order_id, SHORT, self.memory)

    @rule(order_id=placed)
    def waiting_ends(self, order_id: UUID | None) -> None:
        if order_id is not None:
            stop_waiting(order_id, self.memory)

    @rule(order_id=placed)
    def its_time_comes(self, order_id: UUID | None) -> None:
        if order_id is not None:
            start_sending(order_id, self.memory)

    @rule(order_id=placed)
    def orderer_cancels(self, order_id: UUID | None) -> None:
        if order_id is None:
            return
        if self.memory.stored[order_id].funding.state is OrderState.SCHEDULED:
            cancel_order(Seen(order_id), MASTER, self.memory)  # type: ignore[arg-type]
            return
        with pytest.raises(NotCancellableError):
            cancel_order(Seen(order_id), MASTER, self.memory)  # type: ignore[arg-type]

    @rule(mood=MOODS, dies=st.booleans())
    def worker_takes_a_turn(self, mood: str, dies: bool) -> None:
        """A worker may die after its calls: the next one finds the attempts."""
        self.supplier.mood = lambda _: mood
        begun = begin_turn(self.memory, RULES.patience())
        if begun is None:
            return
        answers = call_suppliers(begun, {"giftishow": self.supplier})
        if not dies:
            end_turn(begun, answers, self.memory, RULES.patience())

    @rule(outcome=st.sampled_from(DeliveryOutcome), order_id=placed)
    def messages_are_reported(self, outcome: DeliveryOutcome, order_id: UUID | None) -> None:
        told = {
            row.line_id
            for event in self.memory.said
            if isinstance(event, DispatchRequested) and event.order_id == order_id
            for row in event.rows
        }
        reports = tuple(
            builders.a_report(line_id, outcome).model_copy(update={"at": self.clock.now()}) for line_id in told
        )
        if order_id is not None and reports:
            apply_reports(order_id, reports, self.memory)

    @rule(item_no=st.integers(1, 2))
    def recipients_pick(self, item_no: int) -> None:
        for (line_id, default), coupon in list(self.memory.stored_coupons.items()):
            line = self.memory.stored_lines[line_id]
            can_be_had = item_no in self.memory.orders.sending(line.order_id).prices_left
            is_fresh = (line_id, item_no) not in self.memory.attempts
            if coupon.state is CouponState.AWAITING_CHOICE and line.wave is not None and can_be_had and is_fresh:
                self.memory.chunks.reopen(line.order_id, line.line_no, self.clock.now())
                pick = Pick(line_id, default, item_no, ChosenBy.RECIPIENT, self.clock.now())
                assert self.memory.coupons.choose([pick]) == 1
                assert self.memory.coupons.choose([pick]) == 0

    @rule(offer_id=st.sampled_from([COFFEE, CAKE]))
    def catalog_stops_a_product(self, offer_id: UUID) -> None:
        stopped = self.memory.published_offers[offer_id].model_copy(
            update={"version": 9, "availability": OfferAvailability.DISCONTINUED}
        )
        self.memory.keep_offer(stopped)
        close_stopped_choices(offer_id, self.memory)

    @rule(seconds=st.sampled_from([10, 130, 700, 86_400, 9 * 86_400]))
    def time_passes(self, seconds: int) -> None:
        self.clock.advance(timedelta(seconds=seconds))
        end_due_choices(self.memory)

    @rule(order_id=placed, repaid=st.booleans())
    def operator_revokes(self, order_id: UUID | None, repaid: bool) -> None:
        """All that is issued at the moment; a second time there is nothing left."""
        if order_id is None:
            return
        number = self.memory.stored[order_id].placement.order_number
        command = RevokeCoupons(MASTER, number, "고객 요청", repaid=repaid)
        with suppress(NothingToRevokeError):
            revoke_coupons(command, self.memory)
        with pytest.raises(NothingToRevokeError):
            revoke_coupons(command, self.memory)

    @rule(mood=MOODS, dies=st.booleans())
    def worker_cancels_revoked_coupons(self, mood: str, dies: bool) -> None:
        self.supplier.mood = lambda _: mood
        claimed = begin_revoking(self.memory, RULES.patience())
        if claimed is None:
            return
        answers = cancel_at_supplier(claimed, {"giftishow": self.supplier})
        if not dies:
            end_revoking(claimed, answers, self.memory, RULES.patience())

    @rule(lag_seconds=st.sampled_from([0, 120]))
    def month_turns(self, lag_seconds: int) -> None:
        """By a clock that may be ahead of ours: what is issued until we are there belongs to the new month."""
        ends_at = self.clock.now() + timedelta(seconds=lag_seconds)
        self.memory.months.close(IssuingMonth("2026-03", self.clock.now(), ends_at), self.clock.now())
        self.closed.append((ends_at, self.numbers_before(ends_at)))

    @precondition(lambda self: self.memory.stored)
    @rule()
    def all_goes_well_in_the_end(self) -> None:
        """Whatever happened, a supplier that answers and some time settle every coupon that is being issued."""
        self.supplier.mood = lambda _: "well"
        for _ in range(60):
            self.clock.advance(timedelta(seconds=130))
            while (begun := begin_turn(self.memory, RULES.patience())) is not None:
                end_turn(begun, call_suppliers(begun, {"giftishow": self.supplier}), self.memory, RULES.patience())
            while (claimed := begin_revoking(self.memory, RULES.patience())) is not None:
                answers = cancel_at_supplier(claimed, {"giftishow": self.supplier})
                end_revoking(claimed, answers, self.memory, RULES.patience())
        for (line_id, _), coupon in self.memory.stored_coupons.items():
            order = self.memory.stored[self.memory.stored_lines[line_id].order_id]
            if order.funding.state in {OrderState.SENDING, OrderState.SENT}:
                assert coupon.state is not CouponState.WAITING
                assert self.memory.stored_lines[line_id].wave is not None or coupon.state is CouponState.ISSUE_FAILED

    def _in_steps(self, ahead: timedelta) -> datetime:
        at = self.clock.now() + ahead
        return at - timedelta(minutes=at.minute % 10, seconds=at.second, microseconds=at.microsecond)


Orders.TestCase.settings = settings(
    max_examples=100, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.rule("WAL-18")
@pytest.mark.rule("ORD-17")
@pytest.mark.rule("ORD-18")
@pytest.mark.rule("ORD-19")
@pytest.mark.rule("ORD-32")
@pytest.mark.rule("ORD-33")
@pytest.mark.rule("WAL-12")
class TestOrders(Orders.TestCase):
    """The machine as a test."""
