"""Ten years of the almanac against two sources that share nothing with it, both looked up in November 2026.

- Months: PyEphem 4.2.1, which reckons positions of sun and moon. A month begins on the day of the new moon
  in Korean time (UTC+9); the winter solstice lies in the eleventh; of thirteen months between two of those, the first
  without a major solar term (the sun at a multiple of 30°) is the leap one.
- 설날, 부처님오신날, 추석: the public holidays of South Korea in the package holidays 0.109, kept from announcements.
"""

from datetime import date, timedelta

import pytest
from korean_lunar_calendar import KoreanLunarCalendar

from ordering.adapters.lunar import KoreanAlmanac
from ordering.domain.anniversary import Anniversary, CalendarKind

MONTHS_BEGIN: dict[int, tuple[str, int | None]] = {
    2026: ("02-17 03-19 04-17 05-17 06-15 07-14 08-13 09-11 10-11 11-09 12-09 01-08", None),
    2027: ("02-07 03-08 04-07 05-06 06-05 07-04 08-02 09-01 09-30 10-29 11-28 12-28", None),
    2028: ("01-27 02-25 03-26 04-25 05-24 06-23 07-22 08-20 09-19 10-18 11-16 12-16 01-15", 5),
    2029: ("02-13 03-15 04-14 05-13 06-12 07-12 08-10 09-08 10-08 11-06 12-05 01-04", None),
    2030: ("02-03 03-04 04-03 05-02 06-01 07-01 07-30 08-29 09-27 10-27 11-25 12-25", None),
    2031: ("01-23 02-22 03-23 04-22 05-21 06-20 07-19 08-18 09-17 10-16 11-15 12-14 01-13", 3),
    2032: ("02-11 03-12 04-10 05-09 06-08 07-07 08-06 09-05 10-04 11-03 12-03 01-01", None),
    2033: ("01-31 03-01 03-31 04-29 05-28 06-27 07-26 08-25 09-23 10-23 11-22 12-22 01-20", 11),
    2034: ("02-19 03-20 04-19 05-18 06-16 07-16 08-14 09-13 10-12 11-11 12-11 01-10", None),
    2035: ("02-08 03-10 04-08 05-08 06-06 07-05 08-04 09-02 10-01 10-31 11-30 12-29", None),
}
"""By lunar year: the solar days on which its months begin, and after which of them its leap month comes."""

HOLIDAYS = {
    2026: ("02-17", "05-24", "09-25"),
    2027: ("02-07", "05-13", "09-15"),
    2028: ("01-27", "05-02", "10-03"),
    2029: ("02-13", "05-20", "09-22"),
    2030: ("02-03", "05-09", "09-12"),
    2031: ("01-23", "05-28", "10-01"),
    2032: ("02-11", "05-16", "09-19"),
    2033: ("01-31", "05-06", "09-08"),
    2034: ("02-19", "05-25", "09-27"),
    2035: ("02-08", "05-15", "09-16"),
}
"""1 January, 8 April, 15 August of the lunar year."""

ALMANAC = KoreanAlmanac()


def months_of(year: int) -> list[tuple[int, bool]]:
    leap_month = MONTHS_BEGIN[year][1]
    return [(number, leap) for number in range(1, 13) for leap in ((False, True) if number == leap_month else (False,))]


def beginnings(year: int) -> list[date]:
    """As typed above: days that seem to go back lie in the next solar year."""
    days: list[date] = []
    for written in MONTHS_BEGIN[year][0].split():
        day = date.fromisoformat(f"{year}-{written}")
        days.append(day if not days or day > days[-1] else day.replace(year=year + 1))
    return days


@pytest.mark.rule("ANN-03")
@pytest.mark.parametrize("year", MONTHS_BEGIN)
def test_months_begin_where_astronomy_has_them(year: int) -> None:
    found = [ALMANAC.month(year, number, leap=leap) for number, leap in months_of(year)]
    assert [month.begins_on for month in found if month] == beginnings(year)
    ends = [*beginnings(year)[1:], beginnings(year + 1)[0] if year + 1 in MONTHS_BEGIN else None]
    for month, end in zip(found, ends, strict=True):
        assert month is not None
        assert end is None or month.begins_on + timedelta(days=month.days) == end


@pytest.mark.rule("ANN-03")
@pytest.mark.parametrize("year", HOLIDAYS)
def test_lunar_holidays_fall_where_koreas_calendar_has_them(year: int) -> None:
    events = [Anniversary(1990, month, day, CalendarKind.LUNAR) for month, day in ((1, 1), (4, 8), (8, 15))]
    days = [event.in_year(year, ALMANAC) for event in events]
    assert days == [date.fromisoformat(f"{year}-{written}") for written in HOLIDAYS[year]]


@pytest.mark.rule("ANN-03")
def test_every_month_until_2049_is_the_one_of_the_almanacs_own_package() -> None:
    package = KoreanLunarCalendar()
    for year in range(2024, 2050):
        for number in range(1, 13):
            for leap in (False, True):
                month = ALMANAC.month(year, number, leap=leap)
                is_leap_month = bool(package.setLunarDate(year, number, 1, leap)) and package.isIntercalation is leap
                assert (month is not None) is is_leap_month, (year, number, leap)
                if month is not None:
                    assert month.begins_on.isoformat() == package.SolarIsoFormat()


def test_beyond_the_almanac_there_is_nothing() -> None:
    assert ALMANAC.month(999, 1, leap=False) is None
    assert ALMANAC.month(2051, 1, leap=False) is None
    assert ALMANAC.month(2026, 13, leap=False) is None
