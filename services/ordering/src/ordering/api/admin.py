"""What operators see of ordering, beside its plumbing."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID

from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, ConfigDict

from chassis.access import operators
from chassis.paging import PageQuery, page_of, read_cursor
from ordering.api.desk import MemberTransaction


class FlaggedAnswer(BaseModel):
    """A coupon that is paid back to the customer, and that the supplier keeps or may keep."""

    model_config = ConfigDict(from_attributes=True)

    tr_id: str
    order_id: UUID
    order_number: str
    line_no: int
    item_no: int
    code: str | None
    called_at: datetime


class FlaggedList(BaseModel):
    """Oldest first."""

    items: list[FlaggedAnswer]
    next_cursor: str | None


def flagged_blueprint(transaction: Callable[[], AbstractContextManager[MemberTransaction]]) -> APIBlueprint:
    """`/admin/flagged-coupons`: what neither asking nor cancelling settled (ORD-33)."""
    blueprint = APIBlueprint("flagged", __name__)

    @blueprint.get("/admin/flagged-coupons", responses={200: FlaggedList})
    @operators
    def flagged(query: PageQuery) -> FlaggedList:
        """Coupons to be settled with the supplier by hand."""
        cursor = read_cursor(query.cursor, datetime, str)
        with transaction() as opened:
            found = opened.views.flagged((cursor[0], cursor[1]) if cursor else None, query.limit + 1)
        items, next_cursor = page_of(
            found,
            query.limit,
            key=lambda coupon: (coupon.called_at, coupon.tr_id),
            show=FlaggedAnswer.model_validate,
        )
        return FlaggedList(items=items, next_cursor=next_cursor)

    return blueprint
