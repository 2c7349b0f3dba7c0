"""Many contacts at once: grid, workbook, sample, export and the workbook of refused rows (ADR-04)."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from uuid import UUID

from flask import Response
from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, Field

from chassis.access import caller, members
from chassis.bodies import RequestBody
from chassis.file_types import XLSX
from chassis.idempotency import idempotency_key, keyed
from chassis.uploads import read_upload
from messaging.api.address_book import GroupPath
from messaging.api.contact_fields import ContactIn, ProblemOut, problem_out
from messaging.application.address_book_ports import (
    AddressBookTransaction,
    AddressBookWork,
    ContactFiles,
    ContactImport,
)
from messaging.application.contact_imports import ROWS_MAX, import_contacts
from messaging.domain.anniversary import LunarCalendar
from messaging.domain.contact import ContactRow

WORKBOOK_BYTES_MAX = 10_000_000  # ADR-04
EXPORT_ROWS_MAX = 200_000


class ImportPath(BaseModel):
    import_id: UUID


class GridIn(RequestBody):
    """The rows of the grid; empty ones are skipped."""

    rows: list[ContactIn] = Field(min_length=1, max_length=ROWS_MAX)


class RefusedRowOut(BaseModel):
    """A row that became no contact; grid rows count from 1, workbook rows as the spreadsheet shows them."""

    row_no: int
    problems: list[ProblemOut]


class ImportOut(BaseModel):
    """The result for each row: those that are not among the refused ones were added."""

    import_id: UUID
    group_id: UUID
    rows: int
    added: int
    refused: list[RefusedRowOut]
    made_at: datetime


class ExportQuery(BaseModel):
    """One group, or the whole book."""

    group_id: UUID | None = None


def contact_imports_blueprint(
    transaction: AddressBookTransaction, files: ContactFiles, lunar: LunarCalendar
) -> APIBlueprint:
    """Imports and exports of the calling member."""
    blueprint = APIBlueprint("contact_imports", __name__, abp_tags=[Tag(name="address book")])

    def imported(group_id: UUID, rows: Sequence[tuple[int, ContactRow]], body: dict[str, object]) -> ImportOut:
        member_id = caller().subject_id
        with transaction() as work:
            import_id = work.once(
                scope=str(member_id),
                key=idempotency_key(),
                operation=f"import_contacts:{group_id}",
                body=body,
                create=lambda: import_contacts(member_id, group_id, rows, work, lunar),
            )
            return _out(work.imports.get(member_id, import_id))

    @blueprint.post("/v1/address-book/groups/<uuid:group_id>/imports", responses={201: ImportOut})
    @members
    @keyed
    def grid(path: GroupPath, body: GridIn) -> tuple[ImportOut, int]:
        """Add the rows of the grid: good ones are kept, bad ones told."""
        rows = [(number, row.row()) for number, row in enumerate(body.rows, start=1)]
        return imported(path.group_id, rows, body.model_dump(mode="json")), HTTPStatus.CREATED

    @blueprint.post("/v1/address-book/groups/<uuid:group_id>/imports/workbook", responses={201: ImportOut})
    @members
    @keyed
    def workbook(path: GroupPath) -> tuple[ImportOut, int]:
        """Add the rows of an xls or xlsx file (multipart field `file`): good ones are kept, bad ones told."""
        upload = read_upload(bytes_max=WORKBOOK_BYTES_MAX)
        rows = files.read(upload.content)
        return imported(path.group_id, rows, {"file": sha256(upload.content).hexdigest()}), HTTPStatus.CREATED

    @blueprint.get("/v1/address-book/imports/<uuid:import_id>", responses={200: ImportOut})
    @members
    def result(path: ImportPath) -> ImportOut:
        """The result of an import, for 30 days."""
        with transaction() as work:
            return _out(work.imports.get(caller().subject_id, path.import_id))

    @blueprint.get("/v1/address-book/imports/<uuid:import_id>/refused")
    @members
    def refused(path: ImportPath) -> Response:
        """The refused rows as an xlsx that can be mended and uploaded again."""
        with transaction() as work:
            found = work.imports.get(caller().subject_id, path.import_id)
        return _workbook(files.refused(found.refused), "contacts-refused.xlsx")

    @blueprint.get("/v1/address-book/sample")
    @members
    def sample() -> Response:
        """An xlsx to fill in."""
        return _workbook(files.sample(), "contacts-sample.xlsx")

    @blueprint.get("/v1/address-book/export")
    @members
    def export(query: ExportQuery) -> Response:
        """The contacts of a group, or all, as an xlsx in the columns that an upload takes."""
        with transaction() as work:
            contacts = work.contacts.of_groups(
                caller().subject_id, _exported_groups(query.group_id, work), EXPORT_ROWS_MAX
            )
        return _workbook(files.exported(contacts), "contacts.xlsx")

    return blueprint


def _exported_groups(group_id: UUID | None, work: AddressBookWork) -> list[UUID]:
    book = work.address_books.of_member(caller().subject_id)
    if group_id is not None:
        return [book.group(group_id).id]
    return [group.id for folder in book.folders for group in book.groups_of(folder.id)]


def _out(result: ContactImport) -> ImportOut:
    return ImportOut(
        import_id=result.id,
        group_id=result.group_id,
        rows=result.rows,
        added=result.added,
        refused=[
            RefusedRowOut(row_no=row.row_no, problems=[problem_out(each) for each in row.problems])
            for row in result.refused
        ],
        made_at=result.made_at,
    )


def _workbook(content: bytes, file_name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"', "Cache-Control": "private, no-store"}
    return Response(content, content_type=XLSX, headers=headers)
