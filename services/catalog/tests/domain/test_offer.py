"""Offers have one of three validities, and prices that hold from a moment on."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.errors import PriceError, ValidityError
from catalog.domain.offer import Offer, TimedPrice

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)


def an_offer(sale_price_krw: int = 9_900, validity_days: int = 30) -> Offer:
    price = TimedPrice(NOW - timedelta(days=1), sale_price_krw)
    return Offer(UUID(int=1), UUID(int=2), validity_days, "giftishow", "G1", (price,))


@pytest.mark.rule("CAT-01")
@pytest.mark.parametrize("validity_days", [30, 60, 90])
def test_offers_are_valid_for_30_60_or_90_days(validity_days: int) -> None:
    assert an_offer(validity_days=validity_days).validity_days == validity_days


@pytest.mark.rule("CAT-01")
@pytest.mark.parametrize("validity_days", [0, 29, 31, 365])
def test_another_validity_is_refused(validity_days: int) -> None:
    with pytest.raises(ValidityError):
        an_offer(validity_days=validity_days)


@pytest.mark.rule("CAT-06")
def test_a_price_takes_effect_at_once() -> None:
    offer = an_offer(9_900).repriced(9_500, NOW, NOW)
    assert (offer.sale_price_krw(NOW), offer.version) == (9_500, 2)


@pytest.mark.rule("CAT-06")
def test_a_price_takes_effect_at_its_set_time_and_not_before() -> None:
    later = NOW + timedelta(days=7)
    offer = an_offer(9_900).repriced(9_500, later, NOW)
    assert offer.sale_price_krw(later - timedelta(microseconds=1)) == 9_900
    assert offer.sale_price_krw(later) == 9_500


@pytest.mark.rule("CAT-06")
def test_a_price_planned_for_later_is_replaced_by_one_that_begins_earlier() -> None:
    planned = an_offer(9_900).repriced(9_500, NOW + timedelta(days=7), NOW)
    replaced = planned.repriced(9_700, NOW + timedelta(days=2), NOW)
    assert [price.sale_price_krw for price in replaced.prices] == [9_900, 9_700]


@pytest.mark.parametrize("price_krw", [0, -1])
def test_a_price_is_positive(price_krw: int) -> None:
    with pytest.raises(PriceError):
        an_offer(price_krw)


@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(-100, 100)), max_size=8))
def test_repricing_never_changes_what_held_before(changes: list[tuple[int, int]]) -> None:
    offer = an_offer()
    for sale_price_krw, hours in changes:
        effective_at = NOW + timedelta(hours=hours)
        before = offer.sale_price_krw(NOW)
        offer = offer.repriced(sale_price_krw, effective_at, NOW)
        assert offer.sale_price_krw(max(effective_at, NOW)) == sale_price_krw
        if effective_at > NOW:
            assert offer.sale_price_krw(NOW) == before
