"""What lists of orders are narrowed by."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, or_

from ordering.application.queries import OrderFilter
from ordering.storage.tables import orders


def conditions_of(narrowed: OrderFilter) -> Iterator[ColumnElement[bool]]:
    """The conditions of a filter; none for what it leaves open."""
    if narrowed.placed_from is not None:
        yield orders.c.placed_at >= narrowed.placed_from
    if narrowed.placed_before is not None:
        yield orders.c.placed_at < narrowed.placed_before
    if narrowed.state is not None:
        yield orders.c.state == narrowed.state.value
    if narrowed.order_type is not None:
        yield orders.c.order_type == narrowed.order_type.value
    if narrowed.orderer_id is not None:
        yield orders.c.member_id == narrowed.orderer_id
    if narrowed.external_id is not None:
        yield orders.c.external_id == narrowed.external_id
    if narrowed.words is not None:
        yield or_(
            orders.c.order_name.icontains(narrowed.words, autoescape=True),
            orders.c.order_number.icontains(narrowed.words, autoescape=True),
        )
