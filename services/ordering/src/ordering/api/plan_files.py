"""A plan's recipients from and to workbooks; nothing is stored, the form holds the list (ANN-01, ORD-11)."""

from collections.abc import Sequence
from typing import Annotated

from flask import Response
from flask_openapi3 import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, Field

from chassis.access import members
from chassis.bodies import RequestBody
from chassis.uploads import read_upload
from ordering.api.plan_models import PlanRecipientIn
from ordering.api.problems import ROWS_SHOWN_MAX, row_text
from ordering.api.recipient_files import RowFault, row_fault, workbook_answer
from ordering.application.plan_ports import PlanRules
from ordering.application.plan_uploading import (
    PlanWorkbooks,
    UploadedPlanRecipients,
    take_plan_file,
)
from ordering.domain.anniversary import Anniversary
from ordering.domain.errors import RowProblem
from ordering.domain.line import Recipient
from ordering.domain.plan import CALENDAR_WORDS
from ordering.domain.plan_file import plan_column_ko


class UploadedPlanAnswer(BaseModel):
    """총 N건 등록: the good rows, and what is wrong with the others."""

    count: int
    count_max: int
    recipients: list[PlanRecipientIn]
    refused_count: int
    refused: list[RowFault]


class PlanRecipientRows(RequestBody):
    """The form's list, to be downloaded."""

    recipients: Annotated[list[PlanRecipientIn], Field(max_length=100_000)] = Field(default_factory=list)


def plan_files_blueprint(workbooks: PlanWorkbooks, rules: PlanRules, file_bytes_max: int) -> APIBlueprint:
    """The routes under `/v1/anniversary-plans/recipients`."""
    blueprint = APIBlueprint("plan_files", __name__, abp_tags=[Tag(name="anniversary plans")])
    limits = rules.placing.limits

    def taken() -> UploadedPlanRecipients:
        content = read_upload(bytes_max=file_bytes_max).content
        return take_plan_file(content, workbooks, limits, rules.lunar, _reasons_ko)

    @blueprint.post("/v1/anniversary-plans/recipients/uploads", responses={200: UploadedPlanAnswer})
    @members
    def upload() -> UploadedPlanAnswer:
        """엑셀 파일 불러오기 (multipart `file`, xls or xlsx): good rows stay, bad rows are told."""
        found = taken()
        faults = [
            row_fault(row.row_no, problem, plan_column_ko(problem.field))
            for row in found.refused
            for problem in row.problems
        ]
        return UploadedPlanAnswer(
            count=len(found.recipients),
            count_max=limits.recipients_max,
            recipients=[_row(recipient, day) for recipient, day in found.recipients],
            refused_count=len(found.refused),
            refused=faults[:ROWS_SHOWN_MAX],
        )

    @blueprint.post("/v1/anniversary-plans/recipients/refused.xlsx")
    @members
    def refused() -> Response:
        """The bad rows of the same file as a workbook, each with its number and reasons."""
        return workbook_answer(workbooks.refused(taken().refused), "기념일_수신자_오류.xlsx")

    @blueprint.post("/v1/anniversary-plans/recipients/list.xlsx")
    @members
    def listed(body: PlanRecipientRows) -> Response:
        """목록 다운로드: the list in the columns that an upload takes; empty, it is a form to fill."""
        rows = [one.as_row() for one in body.recipients]
        return workbook_answer(workbooks.listed(rows), "기념일_수신자_목록.xlsx")

    @blueprint.get("/v1/anniversary-plans/recipients/sample.xlsx")
    @members
    def sample() -> Response:
        """A workbook that shows how rows are filled in."""
        return workbook_answer(workbooks.sample(), "기념일_수신자_샘플.xlsx")

    return blueprint


def _row(recipient: Recipient, day: Anniversary) -> PlanRecipientIn:
    return PlanRecipientIn(
        phone=recipient.phone,
        name=recipient.name,
        company=recipient.company,
        title=recipient.title,
        anniversary=str(day),
        calendar=CALENDAR_WORDS[day.calendar],
    )


def _reasons_ko(problems: Sequence[RowProblem]) -> str:
    texts = [row_text(problem) for problem in problems]
    return ", ".join(f"{plan_column_ko(text.field)}: {text.ko}" for text in texts)
