"""A choice order's recipient picks one of its products, once (ORD-02 … ORD-05, ORD-28)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum
from uuid import UUID

from ordering.domain.errors import DefaultItemUnknownError
from ordering.domain.prices import Item

DEFAULTS_AT = time(9)
"""Default items are issued at 09:00 in Seoul (ORD-05)."""


class ChosenBy(StrEnum):
    """Who picked."""

    RECIPIENT = "recipient"
    DEFAULT = "default"


@dataclass(frozen=True)
class Pick:
    """One recipient's coupon becomes one of another item than the one that stood for it while nothing was picked."""

    line_id: UUID
    from_item_no: int
    item_no: int
    by: ChosenBy
    at: datetime


def default_item_no(items: Sequence[Item], offer_id: UUID | None) -> int:
    """The 지정상품: the one that was set, else the dearest, first of equals (ORD-04).

    Raises `DefaultItemUnknownError` when the one that was set is none of the order's.
    """
    if offer_id is None:
        return max(items, key=lambda item: item.sale_price_krw).item_no
    for item in items:
        if item.offer.offer_id == offer_id:
            return item.item_no
    raise DefaultItemUnknownError(offer_id)


def choice_ends_at(told_at: datetime, days: int, zone: tzinfo) -> datetime:
    """When the default takes the recipient's place: 09:00 of the day after the Nth, the first not counted (SCH-04)."""
    day = told_at.astimezone(zone).date() + timedelta(days=days + 1)
    return datetime.combine(day, DEFAULTS_AT, tzinfo=zone)


def pick_for_the_silent(default: int, prices_left: Mapping[int, int]) -> int | None:
    """The default, or the dearest one left when it was stopped; None when nothing is left (ORD-05)."""
    if default in prices_left:
        return default
    return max(sorted(prices_left), key=prices_left.__getitem__, default=None)
