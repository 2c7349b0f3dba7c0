"""Which day an anniversary falls on: 29 February, short lunar months, leap months (ANN-03)."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordering.adapters.lunar import KoreanAlmanac
from ordering.domain.anniversary import Anniversary, CalendarKind, read_anniversary

ALMANAC = KoreanAlmanac()
SOLAR, LUNAR, LEAP = CalendarKind.SOLAR, CalendarKind.LUNAR, CalendarKind.LUNAR_LEAP


@pytest.mark.rule("ANN-03")
@pytest.mark.parametrize(
    ("written", "calendar", "year", "day"),
    [
        ("1990/03/02", SOLAR, 2026, date(2026, 3, 2)),
        ("2000/02/29", SOLAR, 2026, date(2026, 2, 28)),
        ("2000/02/29", SOLAR, 2028, date(2028, 2, 29)),
        ("1985/01/01", LUNAR, 2027, date(2027, 2, 7)),
        ("1985/08/15", LUNAR, 2026, date(2026, 9, 25)),
        ("1985/12/30", LUNAR, 2026, date(2027, 2, 6)),
        ("1985/12/30", LUNAR, 2025, date(2026, 2, 16)),
        ("2020/04/15", LEAP, 2026, date(2026, 5, 31)),
        ("2025/06/15", LEAP, 2025, date(2025, 8, 8)),
    ],
)
def test_an_anniversary_falls_on_its_day_of_the_year(
    written: str, calendar: CalendarKind, year: int, day: date
) -> None:
    anniversary = read_anniversary(written, calendar, ALMANAC)
    assert anniversary is not None
    assert anniversary.in_year(year, ALMANAC) == day


@pytest.mark.rule("ANN-03")
def test_a_lunar_30th_falls_on_the_29th_of_a_month_that_has_no_more() -> None:
    lengths = {month.days for number in range(1, 13) if (month := ALMANAC.month(2026, number, leap=False))}
    assert lengths == {29, 30}
    for number in range(1, 13):
        month = ALMANAC.month(2026, number, leap=False)
        assert month is not None
        day = Anniversary(1990, number, 30, LUNAR).in_year(2026, ALMANAC)
        assert day == month.begins_on + timedelta(days=month.days - 1)


@pytest.mark.rule("ANN-03")
def test_a_day_of_a_leap_month_keeps_the_plain_month_in_years_without_it() -> None:
    in_leap_month = Anniversary(2025, 6, 1, LEAP)
    assert in_leap_month.in_year(2025, ALMANAC) == date(2025, 7, 25)
    assert in_leap_month.in_year(2026, ALMANAC) == Anniversary(2025, 6, 1, LUNAR).in_year(2026, ALMANAC)


@pytest.mark.rule("ANN-01")
@pytest.mark.parametrize(
    ("written", "calendar"),
    [
        ("2001/02/29", SOLAR),
        ("1990/13/01", SOLAR),
        ("1990-01-01", SOLAR),
        ("0000/01/01", SOLAR),
        ("1990/1/1", SOLAR),
        ("2026/01/31", LUNAR),
        ("2026/06/01", LEAP),
        ("0999/01/01", LUNAR),
        ("2051/01/01", LUNAR),
        ("१९९०/01/01", SOLAR),
        ("", SOLAR),
    ],
)
def test_what_is_no_day_of_its_calendar_is_no_anniversary(written: str, calendar: CalendarKind) -> None:
    assert read_anniversary(written, calendar, ALMANAC) is None


@pytest.mark.rule("ANN-01")
@pytest.mark.parametrize(
    ("anniversary", "today", "day"),
    [
        (Anniversary(1990, 3, 2, SOLAR), date(2026, 3, 1), date(2026, 3, 2)),
        (Anniversary(1990, 3, 2, SOLAR), date(2026, 3, 2), date(2027, 3, 2)),
        (Anniversary(2028, 3, 2, SOLAR), date(2026, 3, 1), date(2028, 3, 2)),
        (Anniversary(2000, 2, 29, SOLAR), date(2026, 2, 28), date(2027, 2, 28)),
        (Anniversary(1985, 12, 30, LUNAR), date(2026, 2, 1), date(2026, 2, 16)),
        (Anniversary(1985, 12, 30, LUNAR), date(2026, 2, 16), date(2027, 2, 6)),
        (Anniversary(2027, 1, 1, LUNAR), date(2026, 1, 1), date(2027, 2, 7)),
    ],
)
def test_the_next_event_comes_after_today_and_not_before_the_first_year(
    anniversary: Anniversary, today: date, day: date
) -> None:
    assert anniversary.next_after(today, ALMANAC) == day


def test_beyond_the_almanac_there_is_no_lunar_day() -> None:
    assert Anniversary(1990, 5, 5, LUNAR).next_after(date(2051, 6, 1), ALMANAC) is None
    assert Anniversary(1990, 5, 5, SOLAR).next_after(date(9999, 12, 31), ALMANAC) is None


_DAYS = st.one_of(
    st.builds(lambda at: Anniversary(at.year, at.month, at.day, SOLAR), st.dates(date(1940, 1, 1), date(2025, 1, 1))),
    st.builds(
        Anniversary,
        st.integers(1940, 2025),
        st.integers(1, 12),
        st.integers(1, 29),
        st.sampled_from([LUNAR, LEAP]),
    ),
)


@pytest.mark.rule("ANN-02", "ANN-03")
@given(_DAYS, st.dates(date(2026, 1, 1), date(2045, 1, 1)))
def test_every_year_brings_exactly_one_event(anniversary: Anniversary, today: date) -> None:
    days = list(anniversary.within(today, today + timedelta(days=4 * 366), ALMANAC))
    assert 3 <= len(days) <= 5
    for one, other in pairwise(days):
        assert timedelta(days=324) <= other - one <= timedelta(days=415)
    assert days[0] == anniversary.next_after(today - timedelta(days=1), ALMANAC)
