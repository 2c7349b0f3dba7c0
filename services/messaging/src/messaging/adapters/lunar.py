"""The Korean lunar calendar, from an almanac that comes with a package: nothing is called."""

from korean_lunar_calendar import KoreanLunarCalendar

_ALMANAC: list[int] = KoreanLunarCalendar.KOREAN_LUNAR_DATA
_FIRST_YEAR: int = KoreanLunarCalendar.KOREAN_LUNAR_BASE_YEAR
_SHORT_MONTH_DAYS = 29


class KoreanLunarDates:
    """`LunarCalendar` from year 1000 to 2050, as far as the almanac goes.

    A year's word says which of its twelve months have 30 days (bits 11 to 0), which month is followed by a leap month
    (bits 15 to 12, 0 for none), and whether that one has 30 days (bit 16). The package's own conversion counts days
    since the year 1000 and takes milliseconds a date: too long for a workbook of 10,000.
    """

    def has(self, year: int, month: int, day: int) -> bool:
        """Whether the year has the day, in the plain month or in its leap month."""
        if not (_FIRST_YEAR <= year < _FIRST_YEAR + len(_ALMANAC) and 1 <= month <= 12 and day >= 1):
            return False
        word = _ALMANAC[year - _FIRST_YEAR]
        is_long = bool(word >> (12 - month) & 1)
        leap_is_long = (word >> 12 & 0xF) == month and bool(word >> 16 & 1)
        return day <= _SHORT_MONTH_DAYS + (is_long or leap_is_long)
