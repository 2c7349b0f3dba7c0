"""Orders through random events, faults, repetitions and time: money adds up, and no coupon is issued twice or lost."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule
from ordering_probe import builders
from ordering_probe.builders import CAKE, COFFEE, MASTER, a_choice, an_order, rows
from ordering_probe.fakes import Memory
from ordering_probe.suppliers import ScriptedSupplier

from chassis.clock import FixedClock
from contracts.catalog import OfferAvailability
from contracts.messaging import DeliveryOutcome
from contracts.ordering import (
    CouponsFailed,
    CouponsIssued,
    DispatchPurpose,
    DispatchRequested,
    OrderCancelled,
    OrderPlaced,
    OrderSent,
)
from ordering.application.choices import close_stopped_choices, end_due_choices
from ordering.application.funds import accept_order, reject_order, stop_waiting
from ordering.application.issuing import begin_turn, call_suppliers, end_turn
from ordering.application.placing import place_order
from ordering.application.progress import apply_reports
from ordering.application.scheduling import cancel_order, start_sending
from ordering.domain.choice import ChosenBy, Pick
from ordering.domain.coupon import COUPON_STATES, CouponState
from ordering.domain.dispatch import DISPATCH_STATES
from ordering.domain.errors import NotCancellableError, OfferNotOnSaleError, ProductsCountError
from ordering.domain.order import ORDER_STATES, OrderState, Shortfall
from ordering.domain.state_table import StateTable
from ordering.settings import OrderRules

RULES = OrderRules()
MOODS = st.sampled_from(["well", "lost", "away", "dark", "stopped", "goods", "no_pin"])
SHORT = Shortfall("balance", 9_000, 0)


class Seen:
    """An order as cancelling sees it."""

    def __init__(self, order_id: UUID) -> None:
        self.order_id = order_id


class Orders(RuleBasedStateMachine):
    """Every rule is one thing that can happen; whatever repeats or comes late has to change nothing."""

    placed = Bundle("placed")

    def __init__(self) -> None:
        super().__init__()
        self.clock = FixedClock(datetime(2026, 3, 2, tzinfo=UTC))
        self.memory = Memory(self.clock)
        self.supplier = ScriptedSupplier()
        self.before: dict[tuple[str, object], object] = {}

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

    @precondition(lambda self: self.memory.stored)
    @rule()
    def all_goes_well_in_the_end(self) -> None:
        """Whatever happened, a supplier that answers and some time settle every coupon that is being issued."""
        self.supplier.mood = lambda _: "well"
        for _ in range(60):
            self.clock.advance(timedelta(seconds=130))
            while (begun := begin_turn(self.memory, RULES.patience())) is not None:
                end_turn(begun, call_suppliers(begun, {"giftishow": self.supplier}), self.memory, RULES.patience())
        for (line_id, _), coupon in self.memory.stored_coupons.items():
            order = self.memory.stored[self.memory.stored_lines[line_id].order_id]
            if order.funding.state in {OrderState.SENDING, OrderState.SENT}:
                assert coupon.state is not CouponState.WAITING
                assert self.memory.stored_lines[line_id].wave is not None or coupon.state is CouponState.ISSUE_FAILED

    @invariant()
    def money_adds_up(self) -> None:
        """Captured, paid back and still reserved are the order's amount (WAL-18)."""
        spent: dict[UUID, int] = defaultdict(int)
        reserved: dict[UUID, int] = {}
        for event in self.memory.said:
            match event:
                case OrderPlaced():
                    reserved[event.order_id] = event.amount_krw
                case CouponsIssued():
                    spent[event.order_id] += event.amount_krw + event.difference_krw
                case CouponsFailed() | OrderCancelled():
                    spent[event.order_id] += event.amount_krw
        for order_id, amount_krw in reserved.items():
            open_krw = 0
            if self.memory.stored[order_id].funding.state not in {OrderState.REJECTED, OrderState.CANCELLED}:
                order = self.memory.orders.sending(order_id)
                open_krw = sum(
                    order.held_krw(item_no)
                    for (line_id, item_no), coupon in self.memory.stored_coupons.items()
                    if self.memory.stored_lines[line_id].order_id == order_id
                    and coupon.state in {CouponState.WAITING, CouponState.AWAITING_CHOICE}
                )
                assert spent[order_id] + open_krw == amount_krw
            else:
                assert spent[order_id] in {0, amount_krw}

    @invariant()
    def no_coupon_is_issued_twice_and_none_is_lost(self) -> None:
        """Every number that a recipient has lives at the supplier, under one key, and no two have the same (ORD-33)."""
        numbers = [coupon.number for coupon in self.memory.stored_coupons.values() if coupon.number]
        assert len(numbers) == len(set(numbers))
        assert set(numbers) <= set(self.supplier.living())
        assert {attempt.tr_id for attempt in self.memory.attempts.values()} >= set(self.supplier.sold)

    @invariant()
    def nobody_is_told_twice_and_an_order_is_sent_once(self) -> None:
        firsts = [
            row.line_id
            for event in self.memory.said
            if isinstance(event, DispatchRequested) and event.purpose is DispatchPurpose.COUPONS
            for row in event.rows
        ]
        assert len(firsts) == len(set(firsts))
        ended = [event.order_id for event in self.memory.said if isinstance(event, OrderSent)]
        assert len(ended) == len(set(ended))

    @invariant()
    def waves_are_said_once(self) -> None:
        for kind in (CouponsIssued, CouponsFailed, DispatchRequested):
            subjects = [event.subject for event in self.memory.said if isinstance(event, kind)]
            assert len(subjects) == len(set(subjects))

    @invariant()
    def states_only_move_along_their_tables(self) -> None:
        now: dict[tuple[str, object], object] = {}
        for order_id, order in self.memory.stored.items():
            now["order", order_id] = order.funding.state
        for line_id, line in self.memory.stored_lines.items():
            now["dispatch", line_id] = line.dispatch
        for (line_id, item_no), coupon in self.memory.stored_coupons.items():
            is_choice = self.memory.stored[self.memory.stored_lines[line_id].order_id].placement.is_choice
            now["coupon", line_id if is_choice else (line_id, item_no)] = coupon.state
        tables: dict[str, StateTable] = {"order": ORDER_STATES, "dispatch": DISPATCH_STATES, "coupon": COUPON_STATES}
        for (subject, key), state in now.items():
            old = self.before.get((subject, key), state)
            assert state in _reachable(tables[subject], old)
        self.before = now

    def _in_steps(self, ahead: timedelta) -> datetime:
        at = self.clock.now() + ahead
        return at - timedelta(minutes=at.minute % 10, seconds=at.second, microseconds=at.microsecond)


def _reachable(table: StateTable, state: object) -> set[object]:
    """Where any number of steps leads: between two looks there may be several."""
    reached = {state}
    for _ in table.moves:
        reached |= {target for (source, _), target in table.moves.items() if source in reached}
    return reached


Orders.TestCase.settings = settings(
    max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.rule("WAL-18")
@pytest.mark.rule("ORD-17")
@pytest.mark.rule("ORD-18")
@pytest.mark.rule("ORD-19")
@pytest.mark.rule("ORD-33")
class TestOrders(Orders.TestCase):
    """The machine as a test."""
