"""Holds: an order reserves its whole amount, issuing captures it in parts, failures release in parts (WAL-18)."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from wallet.domain.errors import HoldExceededError
from wallet.domain.lots import Room, Share, spread


class PaymentMethod(StrEnum):
    """선불 / 후불."""

    PREPAID = "prepaid"
    POSTPAID = "postpaid"


class Outcome(StrEnum):
    """How wallet decided about an order; decided once, never changed."""

    RESERVED = "reserved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    """Withdrawn before it was judged: an OrderPlaced that comes later reserves nothing."""


@dataclass(frozen=True)
class Hold:
    """What an order has reserved. Always: amount = captured + released + open."""

    id: UUID
    order_id: UUID
    company_id: UUID
    member_id: UUID
    by_sub_member: bool
    method: PaymentMethod
    month: str
    amount_krw: int
    cash_like_krw: int
    placed_at: datetime
    captured_krw: int = 0
    released_krw: int = 0
    cash_like_released_krw: int = 0

    @property
    def open_krw(self) -> int:
        """What is neither captured nor released."""
        return self.amount_krw - self.captured_krw - self.released_krw

    def captured(self, amount_krw: int) -> "Hold":
        """The hold after a chunk's coupons were issued. Raises `HoldExceededError`."""
        self._must_have_open(amount_krw)
        return replace(self, captured_krw=self.captured_krw + amount_krw)

    def released(self, amount_krw: int, cash_like_krw: int) -> "Hold":
        """The hold after part of it went back, of it so much for cash-like products. Raises `HoldExceededError`."""
        self._must_have_open(amount_krw)
        return replace(
            self,
            released_krw=self.released_krw + amount_krw,
            cash_like_released_krw=self.cash_like_released_krw + cash_like_krw,
        )

    def revoked(self, amount_krw: int, cash_like_krw: int) -> "Hold":
        """The hold after issued coupons were revoked and repaid. Raises `HoldExceededError`."""
        if amount_krw > self.captured_krw:
            raise HoldExceededError(self.order_id, amount_krw, self.captured_krw)
        return replace(
            self,
            captured_krw=self.captured_krw - amount_krw,
            released_krw=self.released_krw + amount_krw,
            cash_like_released_krw=self.cash_like_released_krw + cash_like_krw,
        )

    def cash_like_part_of(self, amount_krw: int, said_krw: int | None) -> int:
        """How much of a release counts against the cash-like limit, by what ordering said.

        Where it said nothing, only an order of nothing but cash-like products gives any back.
        """
        if said_krw is None:
            said_krw = amount_krw if self.cash_like_krw == self.amount_krw else 0
        return min(said_krw, amount_krw, self.cash_like_krw - self.cash_like_released_krw)

    def _must_have_open(self, amount_krw: int) -> None:
        if amount_krw > self.open_krw:
            raise HoldExceededError(self.order_id, amount_krw, self.open_krw)


@dataclass(frozen=True)
class HeldFunds:
    """A hold, and what it has open in its charge lots, oldest first (nothing on credit)."""

    hold: Hold
    rooms: tuple[Room, ...] = ()

    def captured(self, amount_krw: int) -> "Settlement":
        """Issued coupons use up the oldest charges first. Raises `HoldExceededError`."""
        after = self.hold.captured(amount_krw)
        spent = spread(amount_krw, self.rooms) if self._has_lots else ()
        return Settlement(self.hold, after, spent=spent)

    def released(self, amount_krw: int, cash_like_krw: int) -> "Settlement":
        """What goes back goes to the newest charges first. Raises `HoldExceededError`."""
        after = self.hold.released(amount_krw, cash_like_krw)
        returned = spread(amount_krw, reversed(self.rooms)) if self._has_lots else ()
        return Settlement(self.hold, after, returned=returned)

    @property
    def _has_lots(self) -> bool:
        return self.hold.method is PaymentMethod.PREPAID


@dataclass(frozen=True)
class Settlement:
    """A hold before and after part of it was captured or released, and what that does to its lots."""

    before: Hold
    after: Hold
    spent: tuple[Share, ...] = ()
    returned: tuple[Share, ...] = ()


@dataclass(frozen=True)
class OrderLabel:
    """What a person reads about an order in the history; kept beside the ledger, never in it."""

    order_number: str
    order_name: str
    order_type: str
    coupons: int | None = None
    """How many were ordered; absent for orders that were placed before it was said."""
