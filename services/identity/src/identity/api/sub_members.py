"""서브회원 관리 over REST: the master's list, its workbook, and what changes a sub-member's state (IDN-18, IDN-26)."""

from datetime import datetime
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field, StringConstraints

from chassis.access import members
from chassis.paging import PageQuery, page_of, read_cursor
from identity.api.callers import own_company
from identity.application.ports import BeginUnitOfWork, WorkbookOf
from identity.application.sub_member_list import MonthlyLimit, SubMemberLine, SubMemberQuery, SubMemberSort
from identity.application.sub_members import NameSubMember, resume_sub_member, suspend_sub_member
from identity.domain.member import Member
from identity.domain.member_states import MemberState

_ONE = "/v1/members/<member_id>"
_SEOUL = ZoneInfo("Asia/Seoul")
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EXPORT_ROWS_MAX = 10_000
_NONE = "-"
_STATE_KO = {
    MemberState.PENDING: "가입대기",
    MemberState.ACTIVE: "정상",
    MemberState.SUSPENDED: "이용중지",
    MemberState.DORMANT: "휴면",
    MemberState.WITHDRAWAL_REQUESTED: "탈퇴대기",
    MemberState.WITHDRAWN: "탈퇴",
}
_UNLIMITED = "무제한"
_HEAD = ("이메일주소", "이름", "휴대전화번호", "누적 주문 금액", "월 잔여 한도", "월 구매한도", "상태", "가입일")


class ListFilter(BaseModel):
    """Which rows, in which order."""

    state: list[MemberState] = Field(default=[], description="none: every state but withdrawn", max_length=6)
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = ""
    sort: SubMemberSort = SubMemberSort.ENTERED_AT
    descending: bool = False


class ListQuery(PageQuery, ListFilter):
    """A page of the list."""


class MonthlyLimitView(BaseModel):
    """월 구매한도, left / limit, of the present Seoul month; null stands for unlimited."""

    left_krw: int | None
    limit_krw: int | None


class SubMemberView(BaseModel):
    """One row: a sub-member, or an invitation that waits; null stands for '-'."""

    id: UUID = Field(description="of the member, or of the invitation while pending")
    state: MemberState
    email: str
    name: str
    phone: str
    entered_at: datetime
    ordered_krw: int | None = Field(description="누적 주문 금액, less everything returned")
    monthly_limit: MonthlyLimitView | None = Field(description="null until the master has given one")


class SubMemberPage(BaseModel):
    """A page of the list."""

    items: list[SubMemberView]
    next_cursor: str | None


class SubMemberPath(BaseModel):
    """The sub-member meant."""

    member_id: UUID


class SubMemberStateView(BaseModel):
    """A sub-member's state after a change."""

    member_id: UUID
    state: MemberState


def sub_members_blueprint(begin: BeginUnitOfWork, workbook_of: WorkbookOf) -> APIBlueprint:
    """Everything here is the master's, about the own company's sub-members."""
    blueprint = APIBlueprint("sub_members", __name__)

    @blueprint.get("/v1/members", responses={200: SubMemberPage})
    @members(roles={"master"})
    def list_sub_members(query: ListQuery) -> SubMemberPage:
        """Sub-members and waiting invitations together."""
        with begin() as uow:
            rows = uow.sub_members.page(_query(query, query.cursor, uow.now()), query.limit + 1)
        items, next_cursor = page_of(rows, query.limit, key=lambda line: (line.sort_value, line.id), show=_view)
        return SubMemberPage(items=items, next_cursor=next_cursor)

    @blueprint.get("/v1/members/export")
    @members(roles={"master"})
    def export_sub_members(query: ListFilter) -> Response:
        """The list as a workbook (xlsx), as it is filtered and sorted; at most 10,000 rows."""
        with begin() as uow:
            rows = uow.sub_members.page(_query(query, None, uow.now()), _EXPORT_ROWS_MAX)
        answer = Response(workbook_of("서브회원", _HEAD, map(_cells, rows)), content_type=_WORKBOOK)
        answer.headers["Content-Disposition"] = 'attachment; filename="sub-members.xlsx"'
        return answer

    @blueprint.post(f"{_ONE}/suspend", responses={200: SubMemberStateView})
    @members(roles={"master"})
    def suspend(path: SubMemberPath) -> SubMemberStateView:
        """이용중지: the sub-member's sessions end in every service."""
        with begin() as uow:
            return _state_view(suspend_sub_member(_named(path), uow))

    @blueprint.post(f"{_ONE}/resume", responses={200: SubMemberStateView})
    @members(roles={"master"})
    def resume(path: SubMemberPath) -> SubMemberStateView:
        """정상 again, from 이용중지 only."""
        with begin() as uow:
            return _state_view(resume_sub_member(_named(path), uow))

    return blueprint


def _query(query: ListFilter, cursor: str | None, at: datetime) -> SubMemberQuery:
    is_text = query.sort in (SubMemberSort.NAME, SubMemberSort.EMAIL, SubMemberSort.STATE)
    after = read_cursor(cursor, str if is_text else int, UUID)
    return SubMemberQuery(
        company_id=own_company(),
        month=f"{at.astimezone(_SEOUL):%Y-%m}",
        states=frozenset(query.state),
        text=query.text,
        sort=query.sort,
        descending=query.descending,
        after=None if after is None else (after[0], after[1]),
    )


def _named(path: SubMemberPath) -> NameSubMember:
    return NameSubMember(own_company(), path.member_id)


def _view(line: SubMemberLine) -> SubMemberView:
    return SubMemberView(
        id=line.id,
        state=line.state,
        email=line.email,
        name=line.name,
        phone=line.phone,
        entered_at=line.entered_at,
        ordered_krw=line.ordered_krw,
        monthly_limit=line.monthly_limit and _limit_view(line.monthly_limit),
    )


def _limit_view(limit: MonthlyLimit) -> MonthlyLimitView:
    return MonthlyLimitView(left_krw=limit.left_krw, limit_krw=limit.limit_krw)


def _cells(line: SubMemberLine) -> tuple[str | int, ...]:
    return (
        line.email,
        line.name,
        line.phone,
        _NONE if line.ordered_krw is None else line.ordered_krw,
        *_limit_cells(line.monthly_limit),
        _STATE_KO[line.state],
        _NONE if line.state is MemberState.PENDING else line.entered_at.astimezone(_SEOUL).date().isoformat(),
    )


def _limit_cells(limit: MonthlyLimit | None) -> tuple[str | int, str | int]:
    if limit is None:
        return _NONE, _NONE
    if limit.limit_krw is None or limit.left_krw is None:
        return _UNLIMITED, _UNLIMITED
    return limit.left_krw, limit.limit_krw


def _state_view(member: Member) -> SubMemberStateView:
    return SubMemberStateView(member_id=member.id, state=member.state)
