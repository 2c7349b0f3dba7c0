"""Where the message provider pushes its reports: stored as they come, answered, understood later (MSG-01)."""

import hmac
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import request
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field, SecretStr

from chassis.access import operators, public
from chassis.paging import PageQuery, page_of, read_cursor
from chassis.problems import NotFound
from messaging.application.ports import MessageProvider, Transaction
from messaging.application.report_intake import ReportIntake
from messaging.domain.report import RawReport

REPORT_BYTES_MAX = 65_536


COUNTED_DAYS = 31


class UnmatchedReportOut(BaseModel):
    """A report that matched nothing of ours; what it says of phones is not shown."""

    report_id: UUID
    key: str
    received_at: datetime


class UnmatchedReportsPage(BaseModel):
    """A page of them, newest first."""

    items: list[UnmatchedReportOut]
    next_cursor: str | None


class ReportCountOut(BaseModel):
    """A Seoul day. `polled` is what only asking brought: where the provider pushes, much of it means lost pushes."""

    day: date
    pushed: int
    polled: int
    unmatched: int


class ReportCountsOut(BaseModel):
    """The last days that had reports, newest first."""

    items: list[ReportCountOut]
    next_cursor: None = None


class WebhookPath(BaseModel):
    """The secret of the address: the provider signs nothing."""

    secret: str = Field(max_length=200)


def reports_blueprint(transaction: Transaction, provider: MessageProvider, webhook_secret: SecretStr) -> APIBlueprint:
    """The provider's webhook."""
    blueprint = APIBlueprint("reports", __name__)
    intake = ReportIntake(transaction, provider)

    @blueprint.post("/v1/webhooks/messages/<string:secret>")
    @public
    def report(path: WebhookPath) -> dict[str, Any]:
        """Take what the provider pushes.

        What is about nothing of ours is answered the same: a stranger learns nothing.
        """
        expected = webhook_secret.get_secret_value().encode()
        if not hmac.compare_digest(path.secret.encode(), expected):
            raise NotFound
        body = request.get_data(cache=False)[:REPORT_BYTES_MAX].decode("utf-8", "replace")
        intake.take(provider.pushed(body, request.headers.get))
        return {"code": 1000}

    return blueprint


def reports_admin_blueprint(transaction: Transaction) -> APIBlueprint:
    """What operators see of reports."""
    blueprint = APIBlueprint("reports_admin", __name__)

    @blueprint.get("/admin/unmatched-reports", responses={200: UnmatchedReportsPage})
    @operators
    def unmatched(query: PageQuery) -> dict[str, object]:
        """Reports that matched nothing of ours for as long as one is waited for."""
        after = read_cursor(query.cursor, UUID)
        with transaction() as uow:
            rows = uow.reports.unmatched(before=after[0] if after else None, limit=query.limit + 1)
        items, next_cursor = page_of(rows, query.limit, key=lambda row: (row.id,), show=_out)
        return UnmatchedReportsPage(items=items, next_cursor=next_cursor).model_dump(mode="json")

    @blueprint.get("/admin/report-counts", responses={200: ReportCountsOut})
    @operators
    def counts() -> dict[str, object]:
        """Reports by day: pushed, brought by asking only, and unmatched."""
        with transaction() as uow:
            found = uow.reports.counts(uow.now() - timedelta(days=COUNTED_DAYS))
        items = [
            ReportCountOut(day=each.day, pushed=each.pushed, polled=each.polled, unmatched=each.unmatched)
            for each in found
        ]
        return ReportCountsOut(items=items).model_dump(mode="json")

    return blueprint


def _out(report: RawReport) -> UnmatchedReportOut:
    return UnmatchedReportOut(report_id=report.id, key=report.key, received_at=report.received_at)
