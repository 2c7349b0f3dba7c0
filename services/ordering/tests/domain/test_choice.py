"""The default item, and until when recipients may choose (ORD-04, ORD-05)."""

from datetime import UTC, datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from ordering.domain.choice import choice_ends_at, default_item_no, pick_for_the_silent
from ordering.domain.errors import DefaultItemUnknownError
from ordering.domain.prices import Item, Offer
from ordering.settings import OrderRules

SEOUL = ZoneInfo("Asia/Seoul")


def items(*prices_krw: int) -> tuple[Item, ...]:
    """Items with these sale prices."""

    def offer(offer_id: UUID) -> Offer:
        return Offer(offer_id, uuid4(), "", "", "", "", 30, 10_000, (), True, False, False, False, "", "")

    return tuple(Item(number, offer(UUID(int=number)), price) for number, price in enumerate(prices_krw, start=1))


@pytest.mark.rule("ORD-04")
def test_the_default_is_the_dearest_first_of_equals_unless_another_is_set() -> None:
    assert default_item_no(items(4_500, 9_000, 9_000), None) == 2
    assert default_item_no(items(4_500, 9_000, 9_000), UUID(int=1)) == 1
    with pytest.raises(DefaultItemUnknownError):
        default_item_no(items(4_500, 9_000), UUID(int=9))


@pytest.mark.rule("ORD-05")
@pytest.mark.rule("SCH-04")
@pytest.mark.parametrize(
    "told_at", [datetime(2026, 3, 2, 0, 0, tzinfo=SEOUL), datetime(2026, 3, 2, 23, 59, tzinfo=SEOUL)]
)
def test_seven_days_after_the_day_of_the_message_the_default_comes_at_nine(
    rules: OrderRules, told_at: datetime
) -> None:
    assert rules.choice_days == 7
    assert choice_ends_at(told_at.astimezone(UTC), 7, SEOUL) == datetime(2026, 3, 10, 9, 0, tzinfo=SEOUL)


@pytest.mark.rule("ORD-05")
def test_a_stopped_default_is_replaced_by_the_dearest_one_left() -> None:
    assert pick_for_the_silent(1, {1: 4_500, 2: 9_000}) == 1
    assert pick_for_the_silent(1, {3: 5_000, 2: 5_000, 4: 100}) == 2
    assert pick_for_the_silent(1, {}) is None
