"""The audit log over REST: search and workbook; nothing here changes it (IDN-24)."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import AwareDatetime, BaseModel, Field

from chassis.access import operators
from chassis.paging import PageQuery, page_of, read_cursor
from identity.application.ports import BeginUnitOfWork, WorkbookOf
from identity.application.queries import AuditEntry, AuditQuery

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EXPORT_ROWS_MAX = 10_000
_SEOUL = ZoneInfo("Asia/Seoul")
_HEAD = ("일시", "서비스", "관리자", "행위", "대상", "대상 ID", "회사", "사유", "변경 전", "변경 후")


class ActFilter(BaseModel):
    """Which acts; what is left out does not narrow down."""

    operator_id: UUID | None = None
    service: str | None = Field(default=None, max_length=50)
    action: str | None = Field(default=None, max_length=100)
    target_kind: str | None = Field(default=None, max_length=100)
    target_id: str | None = Field(default=None, max_length=200)
    company_id: UUID | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = Field(default=None, description="the first moment that is too late")


class ActsQuery(PageQuery, ActFilter):
    """A page of acts."""


class ActView(BaseModel):
    """Who did what to what, with what was before and after."""

    act_id: UUID
    acted_at: datetime
    service: str
    operator_id: UUID
    action: str
    target_kind: str
    target_id: str
    company_id: UUID | None
    reason: str | None
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


class ActPage(BaseModel):
    """A page of acts, the latest first."""

    items: list[ActView]
    next_cursor: str | None


def admin_audit_blueprint(begin: BeginUnitOfWork, workbook_of: WorkbookOf) -> APIBlueprint:
    """Reading, for admins."""
    blueprint = APIBlueprint("admin_audit", __name__)

    @blueprint.get("/admin/audit-log", responses={200: ActPage})
    @operators(roles={"admin"})
    def search_acts(query: ActsQuery) -> ActPage:
        """Acts of operators in any service."""
        after = read_cursor(query.cursor, datetime, UUID)
        with begin() as uow:
            rows = uow.audit_log.page(_query(query, after), query.limit + 1)
        items, next_cursor = page_of(rows, query.limit, key=lambda act: (act.acted_at, act.act_id), show=_view)
        return ActPage(items=items, next_cursor=next_cursor)

    @blueprint.get("/admin/audit-log/export")
    @operators(roles={"admin"})
    def export_acts(query: ActFilter) -> Response:
        """The acts found as a workbook (xlsx), the latest first; at most 10,000 rows."""
        with begin() as uow:
            rows = uow.audit_log.page(_query(query, None), _EXPORT_ROWS_MAX)
        answer = Response(workbook_of("감사 기록", _HEAD, map(_cells, rows)), content_type=_WORKBOOK)
        answer.headers["Content-Disposition"] = 'attachment; filename="audit-log.xlsx"'
        return answer

    return blueprint


def _query(wanted: ActFilter, after: tuple[Any, ...] | None) -> AuditQuery:
    return AuditQuery(
        operator_id=wanted.operator_id,
        service=wanted.service,
        action=wanted.action,
        target_kind=wanted.target_kind,
        target_id=wanted.target_id,
        company_id=wanted.company_id,
        since=wanted.since,
        until=wanted.until,
        after=None if after is None else (after[0], after[1]),
    )


def _view(act: AuditEntry) -> ActView:
    return ActView(
        act_id=act.act_id,
        acted_at=act.acted_at,
        service=act.service,
        operator_id=act.operator_id,
        action=act.action,
        target_kind=act.target_kind,
        target_id=act.target_id,
        company_id=act.company_id,
        reason=act.reason,
        before=act.before,
        after=act.after,
    )


def _cells(act: AuditEntry) -> tuple[str, ...]:
    return (
        act.acted_at.astimezone(_SEOUL).isoformat(sep=" ", timespec="seconds"),
        act.service,
        str(act.operator_id),
        act.action,
        act.target_kind,
        act.target_id,
        "-" if act.company_id is None else str(act.company_id),
        act.reason or "-",
        _figures(act.before),
        _figures(act.after),
    )


def _figures(figures: Mapping[str, Any] | None) -> str:
    return "-" if figures is None else json.dumps(dict(figures), ensure_ascii=False, sort_keys=True)
