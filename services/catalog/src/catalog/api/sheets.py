"""Workbooks: operators export and import products, members download the list (CAT-06, GWY-05)."""

from collections.abc import Iterator, Sequence

from flask import Response
from flask_openapi3 import APIBlueprint
from pydantic import BaseModel

from catalog.api.problems import PROBLEMS
from catalog.application.documents import ProductWorkbooks
from catalog.application.ports import SortKey, Transaction
from catalog.application.product_sheets import ImportSheet, RowResult, import_sheet, sheet_row
from catalog.application.views import ProductQuery, ProductView
from chassis.access import caller, members, operators
from chassis.file_types import XLSX
from chassis.uploads import read_upload

ROLES = ("catalog", "admin")
BATCH_ROWS = 500


class RowMessage(BaseModel):
    """Why a row was refused."""

    code: str
    ko: str
    en: str


class RowOut(BaseModel):
    """What became of a row: `created`, `changed`, `unchanged` or `refused`."""

    row_no: int
    product_code: str
    outcome: str
    problem: RowMessage | None


class SheetOut(BaseModel):
    """What became of every row; refused ones changed nothing."""

    created: int
    changed: int
    unchanged: int
    refused: int
    rows: list[RowOut]


def product_list_blueprint(transaction: Transaction, workbooks: ProductWorkbooks) -> APIBlueprint:
    """What members download."""
    blueprint = APIBlueprint("product_list", __name__)

    @blueprint.get("/v1/products/workbook")
    @members
    def workbook() -> Response:
        """전체 상품리스트: every product on sale with its prices, as xlsx."""
        return _file(workbooks.product_list(_every(transaction)), "products.xlsx")

    return blueprint


def sheets_admin_blueprint(
    transaction: Transaction, workbooks: ProductWorkbooks, *, sheet_bytes_max: int
) -> APIBlueprint:
    """What operators send and get."""
    blueprint = APIBlueprint("sheets_admin", __name__)

    @blueprint.get("/admin/products/workbook")
    @operators(roles=ROLES)
    def export() -> Response:
        """Every product, also discontinued ones, in the form that can be imported again."""
        with transaction() as uow:
            rows = (
                sheet_row(product, offers, uow.now())
                for batch in uow.sheets.batches(BATCH_ROWS)
                for product, offers in batch
            )
            return _file(workbooks.product_sheet(rows), "catalogue.xlsx")

    @blueprint.post("/admin/products/workbook", responses={200: SheetOut})
    @operators(roles=ROLES)
    def take_over() -> dict[str, object]:
        """Create and change products by a workbook: a result for each row; the same again changes nothing."""
        rows = workbooks.read_sheet(read_upload(bytes_max=sheet_bytes_max).content)
        with transaction() as uow:
            results = import_sheet(ImportSheet(caller().subject_id, rows), uow)
        return _sheet_out(results).model_dump(mode="json")

    return blueprint


def _every(transaction: Transaction) -> Iterator[ProductView]:
    after: SortKey | None = None
    with transaction() as uow:
        while products := uow.views.products(ProductQuery(), after=after, limit=BATCH_ROWS):
            yield from products
            after = products[-1].sort_key


def _file(content: bytes, name: str) -> Response:
    response = Response(content, mimetype=XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _sheet_out(results: Sequence[RowResult]) -> SheetOut:
    counts = dict.fromkeys(("created", "changed", "unchanged", "refused"), 0)
    for result in results:
        counts[result.outcome] += 1
    return SheetOut(rows=[_row_out(result) for result in results], **counts)


def _row_out(result: RowResult) -> RowOut:
    problem = None
    if result.refusal is not None:
        kind = PROBLEMS[type(result.refusal)]
        said = vars(result.refusal)
        problem = RowMessage(code=kind.code, ko=kind.ko.format(**said), en=kind.en.format(**said))
    return RowOut(row_no=result.row_no, product_code=result.code, outcome=result.outcome, problem=problem)
