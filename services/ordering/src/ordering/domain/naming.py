"""What an order is called: name, send title, number (ORD-06, ORD-07, ORD-16)."""

import re
from datetime import date, datetime, tzinfo

from ordering.domain.errors import OrderNameInvalidError, SendTitleInvalidError, SendTitleMissingError
from ordering.domain.line import cleaned_text

RUNNING_NUMBER_DIGITS_MIN = 4
"""ORD-16."""

_WORD = "[0-9A-Za-z가-힣ㄱ-ㅎㅏ-ㅣ]+"
_SEND_TITLE = re.compile(f"{_WORD}(?: {_WORD})*")


def order_name(given: str | None, at: datetime, zone: tzinfo, characters_max: int) -> str:
    """The name given, or `YYYYMMDDHHMM 주문건`. Raises `OrderNameInvalidError`."""
    name = cleaned_text(given or "")
    if not name:
        return f"{at.astimezone(zone):%Y%m%d%H%M} 주문건"
    if len(name) > characters_max or not name.isprintable():
        raise OrderNameInvalidError(characters_max)
    return name


def send_title(given: str, characters_max: int) -> str:
    """The title that recipients see. Raises `SendTitleMissingError`, `SendTitleInvalidError`."""
    title = cleaned_text(given)
    if not title:
        raise SendTitleMissingError
    if len(title) > characters_max or _SEND_TITLE.fullmatch(title) is None:
        raise SendTitleInvalidError(characters_max)
    return title


def order_number(placed_on: date, running_number: int) -> str:
    """`CB` + Seoul day of placing + `C` + running number of at least four digits."""
    return f"CB{placed_on:%Y%m%d}C{running_number:0{RUNNING_NUMBER_DIGITS_MIN}d}"
