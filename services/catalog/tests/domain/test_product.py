"""How a product's prices are shown and what it restricts."""

import pytest

from catalog.domain.product import Restrictions, discount_percent


@pytest.mark.rule("CAT-05")
@pytest.mark.parametrize(
    ("face_price_krw", "sale_price_krw", "percent"),
    [(60_000, 59_400, 1), (10_000, 9_901, 0), (10_000, 10_000, 0), (10_000, 9_001, 9), (3, 2, 33), (10_000, 11_000, 0)],
)
def test_the_percent_is_rounded_down(face_price_krw: int, sale_price_krw: int, percent: int) -> None:
    """Manual 1: 신세계상품권 6만원권, -1% 59,400원 / 60,000원."""
    assert discount_percent(face_price_krw, sale_price_krw) == percent


@pytest.mark.rule("CAT-01")
def test_restrictions_follow_cash_like_unless_set() -> None:
    assert Restrictions.of(cash_like=True) == Restrictions(True, True, True)
    assert Restrictions.of(cash_like=False) == Restrictions(False, False, False)
    assert Restrictions.of(cash_like=True, night_restricted=False) == Restrictions(True, False, True)
    assert Restrictions.of(cash_like=False, single_recipient=True) == Restrictions(False, False, True)
