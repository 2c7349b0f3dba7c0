"""월 구매한도: the master's list of sub-members, and its grants (WAL-16)."""

from typing import Annotated
from uuid import UUID

from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, Field

from chassis.access import members
from chassis.paging import LIMIT_MAX, PageQuery, page_of, read_cursor
from wallet.api.tenancy import own_company_id
from wallet.application.limits import SetLimits, set_limits, view_limits
from wallet.application.ports import Transactions
from wallet.domain.holds import PaymentMethod
from wallet.domain.limits import SubMemberLimit


class GivenLimit(BaseModel):
    """A limit of this Seoul month; without `limit_krw` it is unlimited (한도제한 없음)."""

    limit_krw: int | None
    used_krw: int
    left_krw: int | None


class SubMemberView(BaseModel):
    """A row of the list: no `limit` is shown as '-', and cannot order."""

    member_id: UUID
    name: str
    state: str
    limit: GivenLimit | None


class LimitPage(BaseModel):
    """`cap_krw` is the master's balance, or its contract's monthly limit; no limit may be above it when it is set."""

    payment_method: PaymentMethod
    month: str = Field(description="the Seoul month of the uses, YYYY-MM")
    cap_krw: int
    committed_krw: int = Field(description="what the limits add up to")
    over_committed_krw: int = Field(description="by how much they pass the cap together")
    unlimited_members: int
    items: list[SubMemberView]
    next_cursor: str | None


class LimitChange(BaseModel):
    """월 구매한도 일괄 변경: one limit for one or several."""

    member_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=LIMIT_MAX)]
    limit_krw: Annotated[int | None, Field(strict=True, ge=0, description="whole KRW; null: unlimited")]


def limits_blueprint(transactions: Transactions) -> APIBlueprint:
    """The routes under /v1/spending-limits, for masters."""
    blueprint = APIBlueprint("limits", __name__, abp_tags=[Tag(name="limits")])

    def page(query: PageQuery) -> LimitPage:
        key = read_cursor(query.cursor, UUID)
        with transactions() as uow:
            view = view_limits(
                own_company_id(), uow, after_id=None if key is None else key[0], rows_max=query.limit + 1
            )
        items, next_cursor = page_of(view.members, query.limit, key=lambda member: (member.member_id,), show=_shown)
        return LimitPage(
            payment_method=view.company.method,
            month=view.month,
            cap_krw=view.commitment.cap_krw,
            committed_krw=view.commitment.committed_krw,
            over_committed_krw=view.commitment.over_committed_krw,
            unlimited_members=view.commitment.unlimited_members,
            items=items,
            next_cursor=next_cursor,
        )

    @blueprint.get("/v1/spending-limits", responses={200: LimitPage})
    @members(roles={"master"})
    def list_limits(query: PageQuery) -> LimitPage:
        """Sub-members with limit and use of this month, and what the limits add up to."""
        return page(query)

    @blueprint.put("/v1/spending-limits", responses={200: LimitPage})
    @members(roles={"master"})
    def change_limits(body: LimitChange) -> LimitPage:
        """Set one limit for all named sub-members, or for none; it counts at once."""
        with transactions() as uow:
            set_limits(SetLimits(own_company_id(), body.member_ids, body.limit_krw), uow)
        return page(PageQuery())

    return blueprint


def _shown(member: SubMemberLimit) -> SubMemberView:
    limit = None
    if member.limit is not None:
        limit = GivenLimit(
            limit_krw=member.limit.limit_krw, used_krw=member.limit.used_krw, left_krw=member.limit.left_krw
        )
    return SubMemberView(member_id=member.member_id, name=member.name, state=member.state, limit=limit)
