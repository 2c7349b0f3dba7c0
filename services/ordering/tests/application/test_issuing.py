"""A chunk's turns: what is said, to whom it goes, and what becomes of faults (ORD-18, ORD-22, ORD-29, ORD-33)."""

from datetime import timedelta
from typing import TypeVar
from uuid import UUID

import pytest
from ordering_probe import builders
from ordering_probe.builders import CAKE, COFFEE, an_order, rows
from ordering_probe.fakes import Memory
from ordering_probe.suppliers import ScriptedSupplier

from chassis.clock import FixedClock
from contracts.catalog import OfferAvailability
from contracts.event import Event
from contracts.messaging import DeliveryOutcome
from contracts.ordering.coupons import CouponsFailed, CouponsIssued
from contracts.ordering.dispatches import DispatchRecipient, DispatchRequested
from contracts.ordering.orders import OrderSent
from ordering.application.funds import accept_order
from ordering.application.issuing import begin_turn, call_suppliers, end_turn
from ordering.application.placing import place_order
from ordering.application.progress import apply_reports
from ordering.application.sending_ports import SupplierCall
from ordering.domain.attempt import Action, AttemptState
from ordering.domain.coupon import CouponState
from ordering.domain.dispatch import DispatchState
from ordering.domain.order import OrderState
from ordering.settings import OrderRules

AMOUNT_KRW = 13_500


@pytest.fixture
def order_id(memory: Memory, rules: OrderRules) -> UUID:
    """An order of a coffee and a cake for two people, being sent; what was said so far is forgotten."""
    command = an_order(offer_ids=(COFFEE, CAKE), rows=rows(2), pay_amount_krw=2 * AMOUNT_KRW)
    placed = place_order(command, memory, rules.placing())
    accept_order(placed, memory)
    memory.said.clear()
    return placed


def turn(memory: Memory, supplier: ScriptedSupplier, rules: OrderRules) -> bool:
    """One turn of the loop; False when nothing was due."""
    begun = begin_turn(memory, rules.patience())
    if begun is None:
        return False
    end_turn(begun, call_suppliers(begun, {"giftishow": supplier}), memory, rules.patience())
    return True


EventT = TypeVar("EventT", bound=Event)


def of_type(memory: Memory, event: type[EventT]) -> list[EventT]:
    return [one for one in memory.said if isinstance(one, event)]


def states(memory: Memory) -> list[CouponState]:
    return [coupon.state for coupon in memory.stored_coupons.values()]


@pytest.mark.rule("ORD-18")
def test_a_chunk_is_issued_captured_and_sent_in_one_wave(memory: Memory, rules: OrderRules, order_id: UUID) -> None:
    supplier = ScriptedSupplier()
    assert turn(memory, supplier, rules)
    assert not turn(memory, supplier, rules)
    issued, requested = memory.said
    assert isinstance(issued, CouponsIssued)
    assert (issued.order_id, issued.chunk_no, issued.wave) == (order_id, 0, 0)
    assert (issued.coupons, issued.amount_krw) == (4, 2 * AMOUNT_KRW)
    assert [(tally.offer_id, tally.coupons, tally.amount_krw) for tally in issued.offers] == [
        (COFFEE, 2, 9_000),
        (CAKE, 2, 18_000),
    ]
    assert isinstance(requested, DispatchRequested)
    recipient = memory.sealing.open(requested.rows[0].recipient, DispatchRecipient)
    assert (recipient.phone, recipient.values) == ("01000000000", {"이름": "홍길동"})
    assert recipient.link.startswith("https://coupon.example/c/")
    assert memory.stored[order_id].confirmed_krw == 2 * AMOUNT_KRW


@pytest.mark.rule("ORD-18")
@pytest.mark.rule("ORD-22")
def test_who_got_some_coupons_is_sent_those_and_the_others_are_paid_back(
    memory: Memory, rules: OrderRules, order_id: UUID
) -> None:
    cake = memory.published_offers[CAKE].supplier_goods_code
    turn(memory, ScriptedSupplier(lambda call: "goods" if call.goods_code == cake else "well"), rules)
    assert of_type(memory, CouponsIssued)[0].amount_krw == 9_000
    assert of_type(memory, CouponsFailed)[0].amount_krw == 18_000
    assert len(of_type(memory, DispatchRequested)[0].rows) == 2


@pytest.mark.rule("ORD-17")
@pytest.mark.rule("ORD-18")
def test_an_order_of_which_nothing_was_issued_is_sent_with_errors(
    memory: Memory, rules: OrderRules, order_id: UUID
) -> None:
    turn(memory, ScriptedSupplier(lambda _: "goods"), rules)
    assert of_type(memory, DispatchRequested) == []
    assert of_type(memory, CouponsFailed)[0].amount_krw == 2 * AMOUNT_KRW
    sent = of_type(memory, OrderSent)[0]
    assert (sent.success, sent.failed, sent.error, sent.confirmed_amount_krw) == (0, 0, 2, 0)
    assert memory.stored[order_id].funding.state is OrderState.SENT


@pytest.mark.rule("ORD-29")
def test_a_product_stopped_before_sending_fails_and_the_rest_goes_on(
    memory: Memory, rules: OrderRules, order_id: UUID
) -> None:
    memory.keep_offer(builders.an_offer(CAKE, version=2, availability=OfferAvailability.DISCONTINUED))
    supplier = ScriptedSupplier()
    turn(memory, supplier, rules)
    assert len(supplier.calls) == 2
    assert of_type(memory, CouponsFailed)[0].amount_krw == 18_000
    assert len(of_type(memory, DispatchRequested)[0].rows) == 2


@pytest.mark.rule("ORD-33")
def test_a_coupon_issued_behind_a_time_out_is_found_by_asking(
    memory: Memory, rules: OrderRules, order_id: UUID, fixed_clock: FixedClock
) -> None:
    supplier = ScriptedSupplier(lambda call: "lost" if call.action is Action.ISSUE else "well")
    turn(memory, supplier, rules)
    assert memory.said == []
    assert not turn(memory, supplier, rules)
    fixed_clock.advance(timedelta(seconds=10))
    assert turn(memory, supplier, rules)
    assert of_type(memory, CouponsIssued)[0].coupons == 4
    assert [call.action for call in supplier.calls] == [Action.ISSUE] * 4 + [Action.ASK] * 4
    assert len(supplier.sold) == 4


@pytest.mark.rule("ORD-33")
def test_a_deduction_without_a_coupon_is_taken_back_and_paid_back(
    memory: Memory, rules: OrderRules, order_id: UUID, fixed_clock: FixedClock
) -> None:
    supplier = ScriptedSupplier(lambda _: "no_pin")
    turn(memory, supplier, rules)
    for seconds in (10, 60, 300):
        fixed_clock.advance(timedelta(seconds=seconds))
        turn(memory, supplier, rules)
    turn(memory, supplier, rules)
    assert all(coupon.is_cancelled for coupon in supplier.sold.values())
    assert set(states(memory)) == {CouponState.ISSUE_FAILED}
    assert of_type(memory, CouponsFailed)[0].coupons == 4


@pytest.mark.rule("ORD-33")
def test_an_empty_balance_at_the_supplier_stops_the_queue_and_is_nobodys_failure(
    memory: Memory, rules: OrderRules, order_id: UUID, fixed_clock: FixedClock
) -> None:
    supplier = ScriptedSupplier(lambda _: "stopped")
    turn(memory, supplier, rules)
    assert not turn(memory, supplier, rules)
    for _ in range(30):
        fixed_clock.advance(timedelta(minutes=1))
        turn(memory, supplier, rules)
    assert set(states(memory)) == {CouponState.WAITING}
    supplier.mood = lambda _: "well"
    fixed_clock.advance(timedelta(minutes=1))
    turn(memory, supplier, rules)
    assert set(states(memory)) == {CouponState.ISSUED}
    assert len({call.tr_id for call in supplier.calls}) == 4


def test_while_a_supplier_is_stopped_other_orders_do_not_call_it(
    memory: Memory, rules: OrderRules, order_id: UUID
) -> None:
    supplier = ScriptedSupplier(lambda _: "stopped")
    turn(memory, supplier, rules)
    other = place_order(an_order(), memory, rules.placing())
    accept_order(other, memory)
    calls = len(supplier.calls)
    turn(memory, supplier, rules)
    assert len(supplier.calls) == calls


@pytest.mark.rule("ORD-33")
def test_messages_wait_ten_minutes_and_what_is_found_later_is_cancelled_and_stays_paid_back(
    memory: Memory, rules: OrderRules, order_id: UUID, fixed_clock: FixedClock
) -> None:
    cake = memory.published_offers[CAKE].supplier_goods_code

    def mood(call: SupplierCall) -> str:
        if call.goods_code != cake:
            return "well"
        return "lost" if call.action is Action.ISSUE else "dark"

    supplier = ScriptedSupplier(mood)
    turn(memory, supplier, rules)
    assert of_type(memory, CouponsIssued)[0].coupons == 2
    assert of_type(memory, DispatchRequested) == []
    while fixed_clock.now() < memory.stored[order_id].placement.placed_at + timedelta(minutes=10):
        fixed_clock.advance(timedelta(seconds=30))
        turn(memory, supplier, rules)
    assert of_type(memory, CouponsFailed)[0].amount_krw == 18_000
    assert len(of_type(memory, DispatchRequested)[0].rows) == 2

    supplier.mood = lambda _: "well"
    said = len(memory.said)
    for _ in range(3):
        fixed_clock.advance(timedelta(seconds=30))
        turn(memory, supplier, rules)
    assert len(supplier.living()) == 2
    assert len(memory.said) == said
    assert [attempt.state for attempt in memory.attempts.values()].count(AttemptState.CANCELLED) == 2


@pytest.mark.rule("ORD-33")
def test_a_worker_that_dies_after_the_call_loses_nothing_and_doubles_nothing(
    memory: Memory, rules: OrderRules, order_id: UUID, fixed_clock: FixedClock
) -> None:
    supplier = ScriptedSupplier()
    begun = begin_turn(memory, rules.patience())
    assert begun is not None
    call_suppliers(begun, {"giftishow": supplier})
    assert not turn(memory, supplier, rules)
    fixed_clock.advance(timedelta(seconds=121))
    assert turn(memory, supplier, rules)
    assert of_type(memory, CouponsIssued)[0].coupons == 4
    assert len(supplier.sold) == 4


@pytest.mark.rule("ORD-33")
def test_two_workers_with_one_chunk_record_each_coupon_once(
    memory: Memory, rules: OrderRules, order_id: UUID, fixed_clock: FixedClock
) -> None:
    supplier = ScriptedSupplier()
    slow = begin_turn(memory, rules.patience())
    assert slow is not None
    slow_answers = call_suppliers(slow, {"giftishow": supplier})
    fixed_clock.advance(timedelta(seconds=121))
    turn(memory, supplier, rules)
    end_turn(slow, slow_answers, memory, rules.patience())
    assert [event.coupons for event in of_type(memory, CouponsIssued)] == [4]
    assert [len(event.rows) for event in of_type(memory, DispatchRequested)] == [2]


@pytest.mark.rule("ORD-17")
@pytest.mark.rule("ORD-18")
def test_an_order_is_sent_when_every_message_ended_and_late_success_still_counts(
    memory: Memory, rules: OrderRules, order_id: UUID
) -> None:
    turn(memory, ScriptedSupplier(), rules)
    first, second = memory.stored_lines
    reports = (builders.a_report(first), builders.a_report(second, DeliveryOutcome.FAILED))
    apply_reports(order_id, reports, memory)
    apply_reports(order_id, reports, memory)
    sent = of_type(memory, OrderSent)
    assert [(one.success, one.failed, one.error) for one in sent] == [(1, 1, 0)]
    apply_reports(order_id, (builders.a_report(second),), memory)
    assert memory.stored_lines[second].dispatch is DispatchState.SUCCESS
    assert (memory.stored[order_id].tally.success, memory.stored[order_id].tally.failed) == (2, 0)
    assert len(of_type(memory, OrderSent)) == 1


def test_a_report_about_a_line_of_another_order_changes_nothing(
    memory: Memory, rules: OrderRules, order_id: UUID
) -> None:
    turn(memory, ScriptedSupplier(), rules)
    line_id = next(iter(memory.stored_lines))
    apply_reports(UUID(int=3), (builders.a_report(line_id),), memory)
    assert memory.stored_lines[line_id].dispatch is DispatchState.IN_PROGRESS
