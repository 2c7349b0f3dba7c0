"""Whatever a form holds: a preview that finds nothing wrong is placed, and else placing stops at its first fault."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from ordering_probe import builders
from ordering_probe.builders import CAKE, COFFEE, TEMPLATE, an_order
from ordering_probe.fakes import Memory

from chassis.clock import FixedClock
from contracts.catalog import OfferAvailability
from ordering.application.judging import PlaceOrder
from ordering.application.placing import place_order
from ordering.application.previewing import preview_order
from ordering.domain.errors import OrderingError
from ordering.domain.line import Row
from ordering.domain.order import OrderType
from ordering.settings import OrderRules

NOW = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
GIFT_CARD, GONE, NEVER = UUID(int=0x0F3), UUID(int=0x0F4), UUID(int=0x0FF)


def a_shop() -> Memory:
    """A company with a coffee, a cake, a restricted gift card, and a product that is discontinued."""
    memory = Memory(FixedClock(NOW))
    memory.keep_company(builders.a_company())
    memory.keep_member(builders.a_member())
    restricted = {"cash_like": True, "night_restricted": True, "single_recipient": True}
    memory.keep_offer(builders.an_offer())
    memory.keep_offer(builders.an_offer(CAKE, price_krw=9_000, face_price_krw=10_000))
    memory.keep_offer(builders.an_offer(GIFT_CARD, price_krw=49_500, face_price_krw=50_000, **restricted))
    memory.keep_offer(builders.an_offer(GONE, availability=OfferAvailability.DISCONTINUED))
    memory.keep_template(builders.a_template())
    return memory


def mostly(good: st.SearchStrategy[Any], bad: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Good, and now and then bad."""
    return st.integers(0, 9).flatmap(lambda draw: bad if draw == 0 else good)


people = st.builds(
    Row,
    phone=mostly(
        st.integers(0, 5).map(lambda number: f"010-0000-000{number}"), st.sampled_from(["", "02-123-4567", "010-1"])
    ),
    name=mostly(st.sampled_from(["홍길동", "김하늘"]), st.sampled_from(["", "가나다라마바사아자차카"])),
    company=st.sampled_from(["", "다우기술"]),
)
forms = st.builds(
    an_order,
    order_name=mostly(st.sampled_from([None, "연말 선물"]), st.sampled_from(["", "가" * 51])),
    send_title=mostly(st.just("연말 감사"), st.sampled_from(["", "감사!!", "가" * 17])),
    order_type=st.sampled_from(list(OrderType)),
    offer_ids=mostly(
        st.lists(st.sampled_from([COFFEE, CAKE, GIFT_CARD]), min_size=1, unique=True),
        st.lists(st.sampled_from([COFFEE, CAKE, GONE, NEVER]), max_size=3),
    ).map(tuple),
    rows=mostly(st.lists(people, min_size=1, max_size=4), st.just([])).map(tuple),
    template_id=mostly(st.just(TEMPLATE), st.just(NEVER)),
    values=mostly(st.sampled_from([{}, {"이름": "고객"}]), st.sampled_from([{"기념일": "생일"}, {"이름": "가" * 11}])),
    repeats_allowed=st.booleans(),
    send_at=mostly(
        st.none() | st.integers(2, 30 * 144).map(lambda tens: NOW + timedelta(minutes=10 * tens)),
        st.sampled_from([NOW, NOW + timedelta(minutes=15), NOW + timedelta(days=40)]),
    ),
    default_offer_id=st.sampled_from([None, COFFEE, CAKE, NEVER]),
    coupon_card=mostly(st.sampled_from([None, "birthday_sky"]), st.just("none")),
    coupon_message=mostly(
        st.sampled_from([None, "#{이름}님께"]), st.sampled_from(["#{누구}", "가" * 1_001, "#{기념일}"])
    ),
)


@pytest.mark.rule("ORD-15", "ORD-35")
@hypothesis_settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(form=forms, seen_other=st.booleans())
def test_a_preview_and_placing_agree_about_every_form(form: PlaceOrder, seen_other: bool) -> None:
    rules = OrderRules().placing()
    shop = a_shop()
    seen = preview_order(form, shop, rules, seen_krw=None, row_no=None)
    assert shop.said == []
    assert shop.stored == {}
    figures = seen.judged.figures
    form = replace(form, pay_amount_krw=figures.pay_amount_krw + seen_other)
    faults = preview_order(form, shop, rules, seen_krw=form.pay_amount_krw, row_no=None).faults
    if faults:
        with pytest.raises(OrderingError) as refused:
            place_order(form, shop, rules)
        assert type(refused.value) is type(faults[0])
        assert vars(refused.value) == vars(faults[0])
        return
    order_id = place_order(form, shop, rules)
    assert shop.stored[order_id].placement.figures == figures
