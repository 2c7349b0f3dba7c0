"""A member's cart: products to be ordered, each once and with one validity (CAT-07, CAT-09)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from catalog.domain.errors import CartFull, CartLineNotFound


class CartNotice(StrEnum):
    """What happened to a line since it was put in the cart."""

    DISCONTINUED = "discontinued"
    REPRICED = "repriced"


@dataclass(frozen=True)
class Choice:
    """A product with one of its validities, at the sale price in KRW that its orderer sees."""

    product_id: UUID
    offer_id: UUID
    sale_price_krw: int


@dataclass(frozen=True)
class CartLine:
    """A choice in the cart, with the price at which it was put there."""

    id: UUID
    choice: Choice
    added_at: datetime

    def notices(self, sale_price_krw: int, *, discontinued: bool) -> tuple[CartNotice, ...]:
        """What its member is to be told, given the price in force and whether the product is off sale."""
        said = []
        if discontinued:
            said.append(CartNotice.DISCONTINUED)
        if sale_price_krw != self.choice.sale_price_krw:
            said.append(CartNotice.REPRICED)
        return tuple(said)


@dataclass(frozen=True)
class Cart:
    """The cart of a member; it outlives every session. Lines stand in the order in which they came."""

    member_id: UUID
    lines: tuple[CartLine, ...] = ()

    def with_added(self, lines: Iterable[CartLine], lines_max: int) -> "Cart":
        """The cart with these lines; a product that is there keeps its line and takes the new choice.

        Raises `CartFull`: all of them are added or none.
        """
        merged = {line.choice.product_id: line for line in self.lines}
        for line in lines:
            there = merged.get(line.choice.product_id)
            merged[line.choice.product_id] = replace(there, choice=line.choice) if there else line
        if len(merged) > lines_max:
            raise CartFull(len(merged), lines_max)
        return replace(self, lines=tuple(merged.values()))

    def with_choice(self, line_id: UUID, choice: Choice) -> "Cart":
        """The cart with another validity of a line's product, at its present price. Raises `CartLineNotFound`."""
        line = replace(self.line(line_id), choice=choice)
        return replace(self, lines=tuple(line if each.id == line_id else each for each in self.lines))

    def without(self, line_ids: Collection[UUID]) -> "Cart":
        """The cart without these lines; those that are not there are gone already."""
        return replace(self, lines=tuple(line for line in self.lines if line.id not in line_ids))

    def line(self, line_id: UUID) -> CartLine:
        """A line. Raises `CartLineNotFound`."""
        for line in self.lines:
            if line.id == line_id:
                return line
        raise CartLineNotFound(line_id)
