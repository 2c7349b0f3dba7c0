"""Charge lots: each credited charge is a lot, spent oldest first; what comes back returns to its own lot (WAL-09).

A hold takes from the oldest lots. Captures use up its oldest part first and releases give back its newest part
first, so that after both the lots stand as if only the captured amount had ever been spent.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wallet.domain.errors import LotsShortError


@dataclass(frozen=True)
class Lot:
    """A credited charge: what is left of it, what open orders hold of it, and what was spent."""

    charge_id: UUID
    company_id: UUID
    credited_at: datetime
    amount_krw: int
    free_krw: int
    held_krw: int = 0
    spent_krw: int = 0
    paid_back_krw: int = 0
    """Paid back to the company, or on the way to it: by refunds, or by the charge's cancellation."""


@dataclass(frozen=True)
class Room:
    """How much can be taken from a lot."""

    charge_id: UUID
    room_krw: int


@dataclass(frozen=True)
class DatedRoom(Room):
    """How much is free in a lot, and since when it has been charged."""

    credited_at: datetime


@dataclass(frozen=True)
class Share:
    """How much is taken from a lot."""

    charge_id: UUID
    amount_krw: int


def spread(amount_krw: int, rooms: Iterable[Room]) -> tuple[Share, ...]:
    """Take an amount from lots in the order given, each used up before the next. Raises `LotsShortError`."""
    shares: list[Share] = []
    missing_krw = amount_krw
    for room in rooms:
        if missing_krw == 0:
            break
        taken_krw = min(missing_krw, room.room_krw)
        if taken_krw > 0:
            shares.append(Share(room.charge_id, taken_krw))
            missing_krw -= taken_krw
    if missing_krw > 0:
        raise LotsShortError(missing_krw)
    return tuple(shares)
