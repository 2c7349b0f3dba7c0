"""A choice order from its message to its coupons: picked, by default, undone, paid back (ORD-02 … ORD-05, ORD-28)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from ordering_probe import builders
from ordering_probe.builders import CAKE, COFFEE, MASTER, a_choice, rows
from ordering_probe.fakes import Memory
from ordering_probe.suppliers import ScriptedSupplier

from chassis.clock import FixedClock
from contracts.catalog import OfferAvailability
from contracts.event import Event
from contracts.messaging import DeliveryOutcome
from contracts.ordering.coupons import ChoiceMade, CouponsFailed, CouponsIssued
from contracts.ordering.dispatches import DispatchPurpose, DispatchRecipient, DispatchRequested
from contracts.ordering.orders import ChoicesStopped, OrderPlaced
from ordering.application.choices import close_stopped_choices, end_due_choices
from ordering.application.funds import accept_order
from ordering.application.issuing import begin_turn, call_suppliers, end_turn
from ordering.application.placing import place_order
from ordering.application.progress import apply_reports
from ordering.domain.choice import ChosenBy, Pick
from ordering.domain.coupon import CouponState
from ordering.domain.dispatch import DispatchState
from ordering.settings import OrderRules

SEOUL = ZoneInfo("Asia/Seoul")
EventT = TypeVar("EventT", bound=Event)
Turn = Callable[..., bool]


@pytest.fixture
def turn(memory: Memory, rules: OrderRules) -> Turn:
    """Takes turns of the loop until nothing is due; whether any was."""

    def take(supplier: ScriptedSupplier | None = None) -> bool:
        turns = 0
        while (begun := begin_turn(memory, rules.patience())) is not None:
            answers = call_suppliers(begun, {"giftishow": supplier or ScriptedSupplier()})
            end_turn(begun, answers, memory, rules.patience())
            turns += 1
            assert turns < 20
        return turns > 0

    return take


@pytest.fixture
def order_id(memory: Memory, rules: OrderRules, turn: Turn) -> UUID:
    """A choice of coffee (4,500) or cake (9,000) for two whose messages were asked for."""
    placed = place_order(a_choice(rows=rows(2), pay_amount_krw=18_000), memory, rules.placing())
    accept_order(placed, memory)
    turn()
    return placed


def said(memory: Memory, event: type[EventT]) -> list[EventT]:
    return [one for one in memory.said if isinstance(one, event)]


def states(memory: Memory) -> list[CouponState]:
    return [coupon.state for coupon in memory.stored_coupons.values()]


def told(memory: Memory, order_id: UUID, outcome: DeliveryOutcome = DeliveryOutcome.SUCCESS) -> None:
    """Every message ended now."""
    at = memory.now()
    reports = [builders.a_report(line_id, outcome).model_copy(update={"at": at}) for line_id in memory.stored_lines]
    apply_reports(order_id, tuple(reports), memory)


def pick(memory: Memory, line_no: int, item_no: int) -> UUID:
    """The recipient picks."""
    line_id = list(memory.stored_lines)[line_no - 1]
    order_id = memory.stored_lines[line_id].order_id
    memory.chunks.reopen(order_id, line_no, memory.now())
    default = memory.orders.sending(order_id).default_item_no
    assert default is not None
    assert memory.coupons.choose([Pick(line_id, default, item_no, ChosenBy.RECIPIENT, memory.now())]) == 1
    return line_id


def stop(memory: Memory, *offer_ids: UUID) -> None:
    """Catalog discontinues offers."""
    for offer_id in offer_ids:
        stopped = memory.published_offers[offer_id].model_copy(
            update={"version": 2, "availability": OfferAvailability.DISCONTINUED}
        )
        memory.keep_offer(stopped)
        close_stopped_choices(offer_id, memory)


@pytest.mark.rule("ORD-02")
def test_a_choice_reserves_the_dearest_product_for_each_recipient(memory: Memory, order_id: UUID) -> None:
    placed = said(memory, OrderPlaced)[0]
    assert (placed.amount_krw, placed.order_type.value, placed.recipients) == (18_000, "choice", 2)
    assert len(memory.stored_coupons) == 2


@pytest.mark.rule("ORD-18")
@pytest.mark.rule("ORD-19")
def test_the_message_comes_first_and_nothing_is_issued(memory: Memory, order_id: UUID) -> None:
    (requested,) = said(memory, DispatchRequested)
    assert (requested.purpose, len(requested.rows)) == (DispatchPurpose.COUPONS, 2)
    assert said(memory, CouponsIssued) == []
    assert set(states(memory)) == {CouponState.AWAITING_CHOICE}


@pytest.mark.rule("ORD-03")
@pytest.mark.rule("WAL-18")
def test_a_cheaper_pick_gives_the_difference_back_as_soon_as_it_is_issued(
    memory: Memory, order_id: UUID, turn: Turn
) -> None:
    told(memory, order_id)
    pick(memory, 1, 1)
    turn()
    (issued,) = said(memory, CouponsIssued)
    assert (issued.coupons, issued.amount_krw, issued.difference_krw) == (1, 4_500, 4_500)
    pick(memory, 2, 2)
    turn()
    dearest = said(memory, CouponsIssued)[1]
    assert (dearest.amount_krw, dearest.difference_krw) == (9_000, 0)
    assert memory.stored[order_id].confirmed_krw == 13_500
    assert set(states(memory)) == {CouponState.ISSUED}


@pytest.mark.rule("ORD-37")
def test_the_difference_goes_by_the_prices_of_placing(memory: Memory, order_id: UUID, turn: Turn) -> None:
    told(memory, order_id)
    memory.keep_offer(builders.a_repricing(memory.published_offers[CAKE], 99_000, memory.now()))
    pick(memory, 1, 1)
    turn()
    assert said(memory, CouponsIssued)[0].difference_krw == 4_500


@pytest.mark.rule("ORD-05")
def test_who_does_not_choose_gets_the_default_at_nine_after_seven_days_and_is_told(
    memory: Memory, order_id: UUID, turn: Turn, fixed_clock: FixedClock
) -> None:
    told(memory, order_id)
    link = memory.sealing.open(said(memory, DispatchRequested)[0].rows[0].recipient, DispatchRecipient).link
    fixed_clock.set(datetime(2026, 3, 10, 8, 59, tzinfo=SEOUL))
    end_due_choices(memory)
    assert not turn()
    fixed_clock.set(datetime(2026, 3, 10, 9, 0, tzinfo=SEOUL))
    end_due_choices(memory)
    turn()
    (issued,) = said(memory, CouponsIssued)
    assert (issued.coupons, issued.amount_krw, issued.difference_krw) == (2, 18_000, 0)
    assert [made.by_default for made in said(memory, ChoiceMade)] == [True, True]
    again = said(memory, DispatchRequested)[1]
    assert (again.purpose, len(again.rows)) == (DispatchPurpose.DEFAULT_ITEM, 2)
    assert memory.sealing.open(again.rows[0].recipient, DispatchRecipient).link == link


@pytest.mark.rule("ORD-04")
@pytest.mark.rule("ORD-05")
def test_a_cheaper_default_that_was_set_changes_no_charge_and_gives_the_difference_back(
    memory: Memory, rules: OrderRules, turn: Turn, fixed_clock: FixedClock
) -> None:
    placed = place_order(a_choice(default_offer_id=COFFEE), memory, rules.placing())
    accept_order(placed, memory)
    turn()
    told(memory, placed)
    fixed_clock.advance(timedelta(days=9))
    end_due_choices(memory)
    turn()
    assert said(memory, OrderPlaced)[0].amount_krw == 9_000
    (issued,) = said(memory, CouponsIssued)
    assert (issued.amount_krw, issued.difference_krw) == (4_500, 4_500)


@pytest.mark.rule("ORD-05")
def test_a_stopped_default_is_replaced_by_the_dearest_one_left(
    memory: Memory, order_id: UUID, turn: Turn, fixed_clock: FixedClock
) -> None:
    told(memory, order_id)
    stop(memory, CAKE)
    fixed_clock.advance(timedelta(days=9))
    end_due_choices(memory)
    turn()
    (issued,) = said(memory, CouponsIssued)
    assert (issued.amount_krw, issued.difference_krw) == (9_000, 9_000)


@pytest.mark.rule("ORD-05")
def test_who_was_never_reached_gets_nothing_and_the_money_goes_back(
    memory: Memory, order_id: UUID, turn: Turn, fixed_clock: FixedClock
) -> None:
    told(memory, order_id, DeliveryOutcome.FAILED)
    fixed_clock.set(datetime(2026, 3, 10, 9, 0, tzinfo=SEOUL))
    end_due_choices(memory)
    turn()
    (failed,) = said(memory, CouponsFailed)
    assert (failed.coupons, failed.amount_krw) == (2, 18_000)
    assert said(memory, CouponsIssued) == []
    assert {coupon.failure_code for coupon in memory.stored_coupons.values()} == {"never_reached"}


@pytest.mark.rule("ORD-28")
def test_a_pick_that_stopped_before_it_was_issued_is_undone_and_picked_again(
    memory: Memory, order_id: UUID, turn: Turn
) -> None:
    told(memory, order_id)
    line_id = pick(memory, 1, 1)
    stop(memory, COFFEE)
    supplier = ScriptedSupplier()
    turn(supplier)
    assert supplier.calls == []
    assert memory.stored_coupons[line_id, 2].state is CouponState.AWAITING_CHOICE
    assert said(memory, CouponsFailed) == []
    pick(memory, 1, 2)
    turn()
    assert said(memory, CouponsIssued)[0].amount_krw == 9_000


@pytest.mark.rule("ORD-22")
@pytest.mark.rule("ORD-28")
def test_any_other_failure_of_a_pick_is_paid_back_whole(memory: Memory, order_id: UUID, turn: Turn) -> None:
    told(memory, order_id)
    pick(memory, 1, 1)
    turn(ScriptedSupplier(lambda _: "goods"))
    (failed,) = said(memory, CouponsFailed)
    assert (failed.coupons, failed.amount_krw) == (1, 9_000)


@pytest.mark.rule("ORD-27")
def test_when_every_product_is_stopped_for_good_the_money_goes_back_at_once(
    memory: Memory, order_id: UUID, turn: Turn
) -> None:
    told(memory, order_id)
    stop(memory, COFFEE)
    assert not turn()
    assert said(memory, ChoicesStopped) == []
    stop(memory, CAKE)
    turn()
    assert said(memory, CouponsFailed)[0].amount_krw == 18_000
    (told_orderer,) = said(memory, ChoicesStopped)
    assert (told_orderer.order_id, told_orderer.member_id) == (order_id, MASTER)
    assert (told_orderer.recipients, told_orderer.amount_krw) == (2, 18_000)


@pytest.mark.rule("ORD-18")
def test_a_choice_of_which_nothing_is_left_before_sending_is_an_error(
    memory: Memory, rules: OrderRules, turn: Turn
) -> None:
    placed = place_order(a_choice(), memory, rules.placing())
    stop(memory, COFFEE, CAKE)
    accept_order(placed, memory)
    turn()
    assert said(memory, DispatchRequested) == []
    assert said(memory, CouponsFailed)[0].amount_krw == 9_000
    assert [line.dispatch for line in memory.stored_lines.values()] == [DispatchState.ERROR]


@pytest.mark.rule("ORD-03")
def test_the_cash_like_part_of_what_was_reserved_goes_back_too(memory: Memory, rules: OrderRules, turn: Turn) -> None:
    memory.keep_offer(builders.an_offer(CAKE, price_krw=9_000, version=2, cash_like=True))
    placed = place_order(a_choice(), memory, rules.placing())
    assert said(memory, OrderPlaced)[0].cash_like_krw == 9_000
    accept_order(placed, memory)
    turn()
    told(memory, placed)
    pick(memory, 1, 1)
    turn()
    assert said(memory, CouponsIssued)[0].cash_like_difference_krw == 9_000
