"""The Korean lunar calendar, from an almanac that comes with a package: nothing is called."""

from datetime import date, timedelta
from functools import lru_cache

from korean_lunar_calendar import KoreanLunarCalendar

from ordering.domain.anniversary import LunarMonth

_ALMANAC: list[int] = KoreanLunarCalendar.KOREAN_LUNAR_DATA
_FIRST_YEAR: int = KoreanLunarCalendar.KOREAN_LUNAR_BASE_YEAR
_SHORT_DAYS = 29
_MONTHS = 12
_YEARS_KEPT = 512

_Months = dict[tuple[int, bool], LunarMonth]


class KoreanAlmanac:
    """`LunarCalendar` from year 1000 to 2050, as far as the almanac goes.

    A year's word says which of its twelve months have 30 days (bits 11 to 0), which month is followed by a leap month
    (bits 15 to 12, 0 for none), and whether that one has 30 days (bit 16). The package's own conversion takes
    milliseconds a date: too long for 10,000 recipients. It is asked once a year, for New Year's day.
    """

    def month(self, year: int, month: int, *, leap: bool) -> LunarMonth | None:
        """The month of a lunar year, or its leap month; None where there is none, or beyond the almanac."""
        if not _FIRST_YEAR <= year < _FIRST_YEAR + len(_ALMANAC):
            return None
        return _months(year).get((month, leap))


@lru_cache(_YEARS_KEPT)
def _months(year: int) -> _Months:
    word = _ALMANAC[year - _FIRST_YEAR]
    leap_month = word >> 12 & 0xF
    begins_on, months = _new_year(year), _Months()
    for month in range(1, _MONTHS + 1):
        for leap in (False, True) if month == leap_month else (False,):
            is_long = word >> 16 & 1 if leap else word >> (_MONTHS - month) & 1
            months[month, leap] = LunarMonth(begins_on, _SHORT_DAYS + is_long)
            begins_on += timedelta(days=_SHORT_DAYS + is_long)
    return months


def _new_year(year: int) -> date:
    package = KoreanLunarCalendar()
    package.setLunarDate(year, 1, 1, False)  # noqa: FBT003 - the package's own order: is it a leap month
    return date(package.solarYear, package.solarMonth, package.solarDay)
