"""Recipients from and to workbooks; nothing is stored, the form holds the list (ORD-09 … ORD-11)."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import quote

from flask import Response
from flask_openapi3 import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, Field

from chassis.access import members
from chassis.bodies import RequestBody
from chassis.file_types import XLSX
from chassis.uploads import read_upload
from ordering.api.order_models import Recipient
from ordering.api.problems import ROWS_SHOWN_MAX, RowText, row_text
from ordering.application.uploading import UploadedRecipients, Workbooks, take_file
from ordering.domain.errors import RowProblem
from ordering.domain.limits import OrderLimits
from ordering.domain.line import Row
from ordering.domain.recipient_file import column_ko


class RowFault(BaseModel):
    """What is wrong with one cell; rows are numbered as the sheet shows them."""

    row_no: int
    column: str
    field: str
    code: str
    ko: str
    en: str


class UploadedAnswer(BaseModel):
    """총 N건 등록: the good rows, and what is wrong with the others."""

    count: int
    count_max: int
    recipients: list[Recipient]
    repeated_row_nos: list[int]
    refused_count: int
    refused: list[RowFault]


class RecipientRows(RequestBody):
    """The form's list, to be downloaded."""

    recipients: Annotated[list[Recipient], Field(max_length=100_000)] = Field(default_factory=list)


def recipient_files_blueprint(workbooks: Workbooks, limits: OrderLimits, file_bytes_max: int) -> APIBlueprint:
    """The routes under `/v1/recipients`."""
    blueprint = APIBlueprint("recipient_files", __name__, abp_tags=[Tag(name="recipients")])

    def taken() -> UploadedRecipients:
        content = read_upload(bytes_max=file_bytes_max).content
        return take_file(content, workbooks, limits, _reasons_ko)

    @blueprint.post("/v1/recipients/uploads", responses={200: UploadedAnswer})
    @members
    def upload() -> UploadedAnswer:
        """엑셀 파일 불러오기 (multipart `file`, xls or xlsx): good rows stay, bad rows are told."""
        found = taken()
        faults = [
            row_fault(row.row_no, problem, column_ko(problem.field))
            for row in found.refused
            for problem in row.problems
        ]
        return UploadedAnswer(
            count=len(found.recipients),
            count_max=limits.recipients_max,
            recipients=[
                Recipient(phone=one.phone, name=one.name, company=one.company, title=one.title)
                for one in found.recipients
            ],
            repeated_row_nos=list(found.repeated_row_nos),
            refused_count=len(found.refused),
            refused=faults[:ROWS_SHOWN_MAX],
        )

    @blueprint.post("/v1/recipients/refused.xlsx")
    @members
    def refused() -> Response:
        """The bad rows of the same file as a workbook, each with its number and reasons."""
        return workbook_answer(workbooks.refused(taken().refused), "수신자_오류.xlsx")

    @blueprint.post("/v1/recipients/list.xlsx")
    @members
    def listed(body: RecipientRows) -> Response:
        """목록 다운로드: the list in the columns that an upload takes; empty, it is a form to fill."""
        rows = [Row(one.phone, one.name, one.company, one.title) for one in body.recipients]
        return workbook_answer(workbooks.listed(rows), "수신자_목록.xlsx")

    @blueprint.get("/v1/recipients/sample.xlsx")
    @members
    def sample() -> Response:
        """A workbook that shows how rows are filled in."""
        return workbook_answer(workbooks.sample(), "수신자_샘플.xlsx")

    return blueprint


def workbook_answer(content: bytes, name: str) -> Response:
    """A workbook to be saved under a name, kept by no cache."""
    response = Response(content, content_type=XLSX)
    response.headers["Content-Disposition"] = f"attachment; filename=\"download.xlsx\"; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "no-store"
    return response


def row_fault(row_no: int, problem: RowProblem, column: str) -> RowFault:
    """What is wrong with a cell, as it is told."""
    text = row_text(problem)
    return RowFault(row_no=row_no, column=column, field=problem.field, code=problem.code, ko=text.ko, en=text.en)


def _reasons_ko(problems: Sequence[RowProblem]) -> str:
    texts: list[RowText] = [row_text(problem) for problem in problems]
    return ", ".join(f"{column_ko(text.field)}: {text.ko}" for text in texts)
