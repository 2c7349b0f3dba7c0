"""Operators' view of the daily checks, and of where the provider's record and ours differ (WAL-03, WAL-17)."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, Field, StringConstraints

from chassis.access import caller, operators
from chassis.paging import PageQuery, page_of, read_cursor
from chassis.problems import FieldError, InvalidRequest
from wallet.application.check_ports import CheckKind, DailyCheck
from wallet.application.differences import ResolveDifference, resolve_difference
from wallet.application.ports import Transactions
from wallet.domain.difference import DifferenceKind, PaymentDifference


class DifferencePath(BaseModel):
    difference_id: UUID


class DifferenceQuery(PageQuery):
    resolved: bool | None = Field(default=None, description="absent: all")


class DifferenceView(BaseModel):
    difference_id: UUID
    kind: DifferenceKind
    found_at: datetime
    provider_order_id: str
    charge_id: UUID | None
    company_id: UUID | None
    our_krw: int | None
    provider_krw: int | None
    resolved_at: datetime | None
    resolved_by: UUID | None
    reason: str | None


class DifferencePage(BaseModel):
    items: list[DifferenceView]
    next_cursor: str | None


class Resolution(BaseModel):
    """What was done about it."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class CheckQuery(PageQuery):
    kind: CheckKind | None = None


class CheckView(BaseModel):
    """`found` counts what was wrong; it is null while the check is still to be done."""

    kind: CheckKind
    day: date
    asked_at: datetime
    done_at: datetime | None
    tries: int
    found: int | None
    result: dict[str, Any] | None


class CheckPage(BaseModel):
    items: list[CheckView]
    next_cursor: str | None


def admin_payments_blueprint(transactions: Transactions) -> APIBlueprint:
    """The routes of the admin port about checks and differences, for the roles `finance` and `admin`."""
    blueprint = APIBlueprint("admin_payments", __name__, abp_tags=[Tag(name="payments")])

    @blueprint.get("/admin/payment-differences", responses={200: DifferencePage})
    @operators(roles={"finance", "admin"})
    def list_differences(query: DifferenceQuery) -> DifferencePage:
        """Differences, newest first."""
        key = read_cursor(query.cursor, UUID)
        with transactions() as uow:
            rows = uow.differences.listed(
                resolved=query.resolved, before=None if key is None else key[0], rows_max=query.limit + 1
            )
        items, next_cursor = page_of(rows, query.limit, key=lambda row: (row.id,), show=_shown)
        return DifferencePage(items=items, next_cursor=next_cursor)

    @blueprint.post("/admin/payment-differences/<uuid:difference_id>/resolve", responses={200: DifferenceView})
    @operators(roles={"finance", "admin"})
    def resolve(path: DifferencePath, body: Resolution) -> DifferenceView:
        """Close a difference for good; the reason is kept, here and in the audit log."""
        with transactions() as uow:
            resolve_difference(ResolveDifference(path.difference_id, caller().subject_id, body.reason), uow)
            return _shown(uow.differences.get(path.difference_id))

    @blueprint.get("/admin/ledger/checks", responses={200: CheckPage})
    @operators(roles={"finance", "admin"})
    def list_checks(query: CheckQuery) -> CheckPage:
        """The daily proofs of the ledger and reconciliations with the provider, latest day first."""
        key = read_cursor(query.cursor, str, str)
        with transactions() as uow:
            rows = uow.daily_checks.listed(
                kind=query.kind, before=None if key is None else _place(key), rows_max=query.limit + 1
            )
        items, next_cursor = page_of(
            rows, query.limit, key=lambda row: (row.day.isoformat(), row.kind.value), show=_check_shown
        )
        return CheckPage(items=items, next_cursor=next_cursor)

    return blueprint


def _place(key: tuple[str, str]) -> tuple[date, CheckKind]:
    try:
        return date.fromisoformat(key[0]), CheckKind(key[1])
    except ValueError:
        error = FieldError("cursor", "이 목록의 커서가 아닙니다.", "It is not a cursor of this list.")
        raise InvalidRequest([error]) from None


def _shown(difference: PaymentDifference) -> DifferenceView:
    return DifferenceView(
        difference_id=difference.id,
        kind=difference.kind,
        found_at=difference.found_at,
        provider_order_id=difference.provider_order_id,
        charge_id=difference.charge_id,
        company_id=difference.company_id,
        our_krw=difference.our_krw,
        provider_krw=difference.provider_krw,
        resolved_at=difference.resolved_at,
        resolved_by=difference.resolved_by,
        reason=difference.reason,
    )


def _check_shown(check: DailyCheck) -> CheckView:
    return CheckView(
        kind=check.kind,
        day=check.day,
        asked_at=check.asked_at,
        done_at=check.done_at,
        tries=check.tries,
        found=check.found,
        result=None if check.result is None else dict(check.result),
    )
