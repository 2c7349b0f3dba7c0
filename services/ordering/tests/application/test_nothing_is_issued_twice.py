"""Orders driven through random faults, deaths, time and reports: nothing twice, nothing lost, the money adds up."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from ordering_probe import builders
from ordering_probe.builders import CAKE, COFFEE, an_order, rows
from ordering_probe.fakes import Memory
from ordering_probe.suppliers import ScriptedSupplier

from chassis.clock import FixedClock
from contracts.messaging import DeliveryOutcome
from contracts.ordering.coupons import CouponsFailed, CouponsIssued
from contracts.ordering.dispatches import DispatchRequested
from ordering.application.funds import accept_order, stop_waiting
from ordering.application.issuing import AnsweredCall, Turn, begin_turn, call_suppliers, end_turn
from ordering.application.placing import place_order
from ordering.application.progress import apply_reports
from ordering.domain.attempt import ATTEMPT_STATES, AttemptState
from ordering.domain.coupon import CouponState
from ordering.domain.dispatch import DispatchState
from ordering.domain.order import OrderState
from ordering.settings import OrderRules

MOODS = ("well", "lost", "away", "dark", "stopped", "goods", "no_pin")
SUPPLIER = "giftishow"


class Orders(RuleBasedStateMachine):
    """One supplier in changing moods, workers that die or are slow, and a clock that only goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = FixedClock(datetime(2026, 3, 2, tzinfo=UTC))
        self.memory = Memory(self.clock)
        for event in (builders.an_offer(), builders.an_offer(CAKE, price_krw=9_000)):
            self.memory.keep_offer(event)
        self.memory.keep_company(builders.a_company())
        self.memory.keep_member(builders.a_member())
        self.memory.keep_template(builders.a_template())
        self.rules = OrderRules(chunk_lines_max=2)
        self.supplier = ScriptedSupplier()
        self.slow: list[tuple[Turn, tuple[AnsweredCall, ...]]] = []

    @initialize(people=st.integers(1, 5))
    def an_order_is_being_sent(self, people: int) -> None:
        self.place(people)
        accept_order(next(iter(self.memory.stored)), self.memory)

    @rule(people=st.integers(1, 5))
    def place(self, people: int) -> None:
        command = an_order(offer_ids=(COFFEE, CAKE), rows=rows(people), pay_amount_krw=people * 13_500)
        place_order(command, self.memory, self.rules.placing())

    @rule(data=st.data())
    def answer_or_time_out(self, data: Any) -> None:
        pending = [one for one, order in self.memory.stored.items() if order.funding.state is OrderState.PENDING]
        if pending:
            order_id = data.draw(st.sampled_from(pending))
            data.draw(st.sampled_from([accept_order, accept_order, stop_waiting]))(order_id, self.memory)

    @rule(
        moods=st.lists(st.sampled_from(MOODS), min_size=1, max_size=6),
        ends=st.sampled_from(["well", "well", "dies", "slow"]),
        after_seconds=st.sampled_from([0, 10, 60, 130, 300, 700]),
    )
    def take_a_turn(self, moods: list[str], ends: str, after_seconds: int) -> None:
        self.clock.advance(timedelta(seconds=after_seconds))
        self.supplier.mood = lambda _: moods[len(self.supplier.calls) % len(moods)]
        turn = begin_turn(self.memory, self.rules.patience())
        if turn is None:
            return
        answers = call_suppliers(turn, {SUPPLIER: self.supplier})
        if ends == "well":
            end_turn(turn, answers, self.memory, self.rules.patience())
        elif ends == "slow":
            self.slow.append((turn, answers))

    @rule()
    def a_slow_worker_comes_back(self) -> None:
        if self.slow:
            turn, answers = self.slow.pop()
            end_turn(turn, answers, self.memory, self.rules.patience())

    @rule(outcome=st.sampled_from(DeliveryOutcome), data=st.data())
    def report(self, outcome: DeliveryOutcome, data: Any) -> None:
        asked = [line_id for line_id, line in self.memory.stored_lines.items() if line.wave is not None]
        if asked:
            line_id = data.draw(st.sampled_from(asked))
            order_id = self.memory.stored_lines[line_id].order_id
            apply_reports(order_id, (builders.a_report(line_id, outcome),), self.memory)

    @invariant()
    def no_coupon_is_bought_twice(self) -> None:
        per_line = {(coupon.phone, coupon.goods_code): 0 for coupon in self.supplier.sold.values()}
        for coupon in self.supplier.sold.values():
            per_line[coupon.phone, coupon.goods_code] += 1
        orders = len(self.memory.stored)
        assert all(count <= orders for count in per_line.values())
        assert set(self.supplier.sold) <= {attempt.tr_id for attempt in self.memory.attempts.values()}

    @invariant()
    def what_was_said_of_the_money_is_what_became_of_the_coupons(self) -> None:
        said = {CouponState.ISSUED: 0, CouponState.ISSUE_FAILED: 0}
        names: list[tuple[object, ...]] = []
        for event in self.memory.said:
            if isinstance(event, CouponsIssued | CouponsFailed):
                names.append((type(event), event.order_id, event.chunk_no, event.wave))
                said[CouponState.ISSUED if isinstance(event, CouponsIssued) else CouponState.ISSUE_FAILED] += (
                    event.coupons
                )
        states = [coupon.state for coupon in self.memory.stored_coupons.values()]
        assert said == {state: states.count(state) for state in said}
        assert len(names) == len(set(names))

    @invariant()
    def nobody_is_messaged_twice_for_one_order(self) -> None:
        requested = [event for event in self.memory.said if isinstance(event, DispatchRequested)]
        line_ids = [row.line_id for event in requested for row in event.rows]
        assert len(line_ids) == len(set(line_ids))

    @invariant()
    def counts_are_the_lines_counts(self) -> None:
        for order_id, order in self.memory.stored.items():
            states = [line.dispatch for line in self.memory.stored_lines.values() if line.order_id == order_id]
            tally = order.tally
            assert (tally.success, tally.failed, tally.error) == (
                states.count(DispatchState.SUCCESS),
                states.count(DispatchState.FAILED),
                states.count(DispatchState.ERROR),
            )
            assert (order.funding.state is OrderState.SENT) <= tally.all_ended

    def teardown(self) -> None:
        """When the faults end, everything comes to rest, and our books are the supplier's."""
        self.supplier.mood = lambda _: "well"
        for turn, answers in self.slow:
            end_turn(turn, answers, self.memory, self.rules.patience())
        for _ in range(60):
            self.clock.advance(timedelta(seconds=400))
            while (turn := begin_turn(self.memory, self.rules.patience())) is not None:
                end_turn(turn, call_suppliers(turn, {SUPPLIER: self.supplier}), self.memory, self.rules.patience())
            if all(chunk.is_done for chunk in self.memory.stored_chunks.values()):
                break
        assert all(chunk.is_done for chunk in self.memory.stored_chunks.values())
        assert all(ATTEMPT_STATES.is_final(attempt.state) for attempt in self.memory.attempts.values())
        ours = [one.number for one in self.memory.stored_coupons.values() if one.state is CouponState.ISSUED]
        flagged = [one for one in self.memory.attempts.values() if one.state is AttemptState.FLAGGED]
        assert flagged == []
        assert sorted(filter(None, ours)) == sorted(self.supplier.living())
        self.what_was_said_of_the_money_is_what_became_of_the_coupons()


TestOrders = pytest.mark.rule("ORD-33")(Orders.TestCase)
TestOrders.settings = hypothesis_settings(max_examples=100, stateful_step_count=30, deadline=None)
