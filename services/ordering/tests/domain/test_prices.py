"""What an order costs (ORD-01, ORD-15, ORD-37)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from ordering.domain.errors import (
    OfferNotOnSaleError,
    OfferRepeatedError,
    PriceChangedError,
    ProductsCountError,
)
from ordering.domain.prices import Offer, TimedPrice, choice_figures, confirm_price, fixed_figures, items_of
from ordering.settings import OrderRules

NOON = datetime(2026, 3, 2, 3, tzinfo=UTC)


def offer(price_krw: int = 9_900, **changes: Any) -> Offer:
    """An offer at one price."""
    filled = {
        "offer_id": uuid4(),
        "product_id": uuid4(),
        "brand_name": "배달의민족",
        "product_name": "상품권",
        "notice": "",
        "image_path": "",
        "validity_days": 30,
        "face_price_krw": 10_000,
        "prices": (TimedPrice(price_krw, NOON - timedelta(days=1)),),
        "on_sale": True,
        "cash_like": False,
        "night_restricted": False,
        "single_recipient": False,
        "supplier": "giftishow",
        "supplier_goods_code": "G1",
    }
    return Offer(**(filled | changes))


@pytest.mark.rule("ORD-01")
@pytest.mark.rule("ORD-35")
def test_the_manuals_example_of_a_fixed_order() -> None:
    """Manual 4-2 (11): 10,000/9,900 and 5,000/4,950 for one person: 15,000, -150, 14,850."""
    offers = [offer(9_900), offer(4_950, face_price_krw=5_000)]
    items = items_of([one.offer_id for one in offers], offers, NOON, products_max=20)
    figures = fixed_figures(items, recipients=1)
    assert (figures.list_amount_krw, figures.discount_amount_krw, figures.pay_amount_krw) == (15_000, 150, 14_850)


@pytest.mark.rule("ORD-02")
@pytest.mark.rule("ORD-35")
def test_the_manuals_example_of_a_choice_order() -> None:
    """Manual 4-2 (11): of 10,000/9,900 and 5,000/4,950 for one person: 10,000, -100, 9,900."""
    offers = [offer(4_950, face_price_krw=5_000, cash_like=True), offer(9_900)]
    figures = choice_figures(items_of([one.offer_id for one in offers], offers, NOON, products_max=20), recipients=1)
    assert (figures.list_amount_krw, figures.discount_amount_krw, figures.pay_amount_krw) == (10_000, 100, 9_900)
    assert figures.cash_like_krw == 4_950


@pytest.mark.rule("ORD-35")
def test_of_two_dearest_products_the_first_ones_face_price_counts() -> None:
    offers = [offer(9_900, face_price_krw=11_000), offer(9_900, face_price_krw=10_000)]
    figures = choice_figures(items_of([one.offer_id for one in offers], offers, NOON, products_max=20), recipients=3)
    assert (figures.list_amount_krw, figures.pay_amount_krw) == (33_000, 29_700)


@pytest.mark.rule("ORD-02")
@pytest.mark.rule("ORD-36")
@pytest.mark.parametrize("count", [1, 21])
def test_a_choice_has_two_to_twenty_products(rules: OrderRules, count: int) -> None:
    offers = [offer() for _ in range(count)]
    with pytest.raises(ProductsCountError) as refusal:
        items_of([one.offer_id for one in offers], offers, NOON, rules.products_max, rules.choice_products_min)
    assert (refusal.value.products_min, refusal.value.products_max) == (2, 20)


@pytest.mark.rule("ORD-01")
def test_a_fixed_order_costs_the_sum_of_prices_times_the_recipients() -> None:
    offers = [offer(9_900), offer(4_950, cash_like=True)]
    figures = fixed_figures(items_of([one.offer_id for one in offers], offers, NOON, products_max=20), 3)
    assert (figures.pay_amount_krw, figures.cash_like_krw) == (3 * 14_850, 3 * 4_950)


@pytest.mark.rule("ORD-01")
@pytest.mark.parametrize("count", [0, 21])
def test_no_product_and_more_than_twenty_are_refused(rules: OrderRules, count: int) -> None:
    offers = [offer() for _ in range(count)]
    with pytest.raises(ProductsCountError) as refusal:
        items_of([one.offer_id for one in offers], offers, NOON, rules.products_max)
    assert (refusal.value.count, refusal.value.products_max) == (count, 20)


@pytest.mark.rule("ORD-01")
def test_twenty_products_are_taken(rules: OrderRules) -> None:
    offers = [offer() for _ in range(20)]
    assert len(items_of([one.offer_id for one in offers], offers, NOON, rules.products_max)) == 20


@pytest.mark.rule("ORD-01")
def test_a_product_comes_once() -> None:
    coffee = offer()
    with pytest.raises(OfferRepeatedError):
        items_of([coffee.offer_id, coffee.offer_id], [coffee], NOON, products_max=20)


@pytest.mark.parametrize(
    "offers",
    [
        [],
        [offer(offer_id=UUID(int=1), on_sale=False)],
        [offer(offer_id=UUID(int=1), prices=(TimedPrice(1, NOON + timedelta(seconds=1)),))],
    ],
    ids=["unknown", "stopped", "not yet priced"],
)
def test_an_offer_that_cannot_be_bought_now_is_refused(offers: list[Offer]) -> None:
    with pytest.raises(OfferNotOnSaleError):
        items_of([UUID(int=1)], offers, NOON, products_max=20)


@pytest.mark.rule("ORD-37")
def test_a_timed_price_switches_at_its_moment() -> None:
    timed = offer(prices=(TimedPrice(9_000, NOON), TimedPrice(9_900, NOON - timedelta(days=9))))
    assert timed.sale_price_krw_at(NOON - timedelta(microseconds=1)) == 9_900
    assert timed.sale_price_krw_at(NOON) == 9_000


@pytest.mark.rule("ORD-15")
def test_an_amount_that_is_not_the_one_seen_is_refused_with_the_new_figures() -> None:
    coffee = offer(9_900)
    figures = fixed_figures(items_of([coffee.offer_id], [coffee], NOON, products_max=20), 2)
    with pytest.raises(PriceChangedError) as refusal:
        confirm_price(figures, 19_799)
    assert (refusal.value.list_amount_krw, refusal.value.discount_amount_krw) == (20_000, 200)
    assert refusal.value.pay_amount_krw == 19_800
