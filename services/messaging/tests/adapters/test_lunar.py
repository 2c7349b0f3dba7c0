"""The almanac is read as its own package reads it."""

import pytest
from korean_lunar_calendar import KoreanLunarCalendar

from messaging.adapters.lunar import KoreanLunarDates


@pytest.mark.rule("ADR-03")
@pytest.mark.parametrize("year", [1000, 1955, 1990, 2023, 2024, 2025])
def test_every_last_day_of_a_month_is_the_one_of_the_almanac(year: int) -> None:
    for month in range(1, 13):
        for day in (29, 30, 31):
            known = any(KoreanLunarCalendar().setLunarDate(year, month, day, leap) for leap in (False, True))
            assert KoreanLunarDates().has(year, month, day) is bool(known), (year, month, day)


@pytest.mark.rule("ADR-03")
@pytest.mark.parametrize("day", [(999, 1, 1), (2051, 1, 1), (1990, 0, 1), (1990, 13, 1), (1990, 1, 0), (2025, 2, 30)])
def test_what_the_almanac_lacks_is_no_day(day: tuple[int, int, int]) -> None:
    assert not KoreanLunarDates().has(*day)
