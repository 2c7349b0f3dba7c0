"""Placing an order: what is stored and said, and everything that is refused."""

from datetime import timedelta
from typing import Any

import pytest
from ordering_probe import builders
from ordering_probe.builders import CAKE, COFFEE, an_order, rows
from ordering_probe.fakes import Memory

from chassis.clock import FixedClock
from contracts.catalog import OfferAvailability
from contracts.identity import CompanyState, MemberState
from contracts.ordering.orders import OrderPlaced
from contracts.scheduler import SetTimer
from ordering.application.placing import place_order
from ordering.domain.errors import (
    CompanyMayNotOrderError,
    MemberMayNotOrderError,
    OfferNotOnSaleError,
    OrderingError,
    PriceChangedError,
    RecipientsRefusedError,
    TemplateUnknownError,
    TermsNotAgreedError,
)
from ordering.domain.line import Row
from ordering.domain.order import OrderState
from ordering.settings import OrderRules


@pytest.mark.rule("ORD-01")
@pytest.mark.rule("ORD-16")
def test_a_placed_order_is_pending_and_asks_wallet_for_its_money(memory: Memory, rules: OrderRules) -> None:
    command = an_order(offer_ids=(COFFEE, CAKE), rows=rows(3), pay_amount_krw=40_500)
    order_id = place_order(command, memory, rules.placing())
    placed, timer = memory.said
    assert isinstance(placed, OrderPlaced)
    assert (placed.order_id, placed.amount_krw, placed.recipients) == (order_id, 40_500, 3)
    assert (placed.order_number, placed.month) == ("CB20260302C0001", "2026-03")
    assert isinstance(timer, SetTimer)
    assert timer.due_at == memory.now() + timedelta(seconds=120)
    assert memory.stored[order_id].funding.state is OrderState.PENDING
    assert len(memory.stored_lines) == 3
    assert len(memory.stored_coupons) == 6


@pytest.mark.rule("ORD-16")
def test_order_numbers_go_on_across_days(memory: Memory, rules: OrderRules, fixed_clock: FixedClock) -> None:
    place_order(an_order(), memory, rules.placing())
    fixed_clock.advance(timedelta(days=1))
    place_order(an_order(), memory, rules.placing())
    numbers = [event.order_number for event in memory.said if isinstance(event, OrderPlaced)]
    assert numbers == ["CB20260302C0001", "CB20260303C0002"]


@pytest.mark.rule("ORD-37")
def test_later_prices_touch_no_placed_order(memory: Memory, rules: OrderRules, fixed_clock: FixedClock) -> None:
    order_id = place_order(an_order(), memory, rules.placing())
    memory.keep_offer(builders.a_repricing(builders.an_offer(), 9_999, fixed_clock.now()))
    assert memory.orders.sending(order_id).items[1].sale_price_krw == 4_500


@pytest.mark.rule("ORD-15")
def test_a_timed_price_that_began_meanwhile_refuses_the_amount_seen(
    memory: Memory, rules: OrderRules, fixed_clock: FixedClock
) -> None:
    memory.keep_offer(builders.a_repricing(builders.an_offer(), 4_700, fixed_clock.now() + timedelta(hours=1)))
    place_order(an_order(), memory, rules.placing())
    fixed_clock.advance(timedelta(hours=1))
    with pytest.raises(PriceChangedError) as refusal:
        place_order(an_order(), memory, rules.placing())
    assert refusal.value.pay_amount_krw == 4_700


@pytest.mark.rule("ORD-10")
def test_a_single_recipient_product_refuses_repeats_that_were_switched_on(memory: Memory, rules: OrderRules) -> None:
    memory.keep_offer(builders.an_offer(version=2, single_recipient=True))
    with pytest.raises(RecipientsRefusedError):
        place_order(an_order(rows=rows(1) * 2, repeats_allowed=True, pay_amount_krw=9_000), memory, rules.placing())


REFUSALS: list[tuple[dict[str, Any], type[OrderingError]]] = [
    ({"agreed_terms": False}, TermsNotAgreedError),
    ({"template_id": CAKE}, TemplateUnknownError),
    ({"offer_ids": (builders.TEMPLATE,)}, OfferNotOnSaleError),
    ({"pay_amount_krw": 4_499}, PriceChangedError),
    ({"member_id": CAKE}, MemberMayNotOrderError),
    ({"company_id": CAKE}, CompanyMayNotOrderError),
    ({"rows": (Row("01000000000"),)}, RecipientsRefusedError),
]


@pytest.mark.parametrize(("changes", "expected"), REFUSALS, ids=lambda value: getattr(value, "__name__", ""))
def test_a_refused_order_says_nothing(
    memory: Memory, rules: OrderRules, changes: dict[str, Any], expected: type[OrderingError]
) -> None:
    with pytest.raises(expected):
        place_order(an_order(**changes), memory, rules.placing())
    assert memory.said == []
    assert memory.stored == {}


def test_who_is_not_active_any_more_may_not_order(memory: Memory, rules: OrderRules) -> None:
    memory.keep_member(builders.a_member(version=2, state=MemberState.SUSPENDED))
    with pytest.raises(MemberMayNotOrderError):
        place_order(an_order(), memory, rules.placing())


def test_a_suspended_company_may_not_order(memory: Memory, rules: OrderRules) -> None:
    memory.keep_company(builders.a_company(version=2, state=CompanyState.SUSPENDED))
    with pytest.raises(CompanyMayNotOrderError):
        place_order(an_order(), memory, rules.placing())


def test_a_stopped_product_is_not_ordered(memory: Memory, rules: OrderRules) -> None:
    memory.keep_offer(builders.an_offer(version=2, availability=OfferAvailability.DISCONTINUED))
    with pytest.raises(OfferNotOnSaleError):
        place_order(an_order(), memory, rules.placing())
