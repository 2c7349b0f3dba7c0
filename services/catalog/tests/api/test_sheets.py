"""Workbooks: everything out, edited, and back in with a result for each row."""

import io

import pytest
from catalog_builders import OPERATOR, a_catalogue, a_product
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from catalog.application.importing import import_catalogue
from catalog.application.products import DiscontinueProduct, discontinue_product
from catalog.application.views import ProductQuery
from catalog.storage.unit_of_work import Transactions
from chassis.testing.callers import Callers
from chassis.web import WsgiApp

PATH = "/admin/products/workbook"


@pytest.fixture
def stocked(transaction: Transactions) -> Transactions:
    """Two products, one of them discontinued."""
    with transaction() as uow:
        ids = import_catalogue(
            a_catalogue(a_product("P1", "=아메리카노"), a_product("P2", "카페라떼")), uow
        ).product_ids
        discontinue_product(DiscontinueProduct(OPERATOR, ids["P2"]), uow)
    return transaction


@pytest.fixture
def send(app: WsgiApp, callers: Callers):
    """Imports a workbook."""

    def sent(content: bytes):
        data = {"file": (io.BytesIO(content), "products.xlsx")}
        return app.admin.test_client().post(PATH, data=data, headers=callers.operator("catalog"))

    return sent


@pytest.fixture
def export(app: WsgiApp, callers: Callers):
    """What operators get."""
    return lambda: app.admin.test_client().get(PATH, headers=callers.operator("catalog")).data


def cells(content: bytes) -> list[list]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def a_workbook(rows: list[list]) -> bytes:
    content = io.BytesIO()
    with Workbook(content, {"strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet()
        for row_no, row in enumerate(rows):
            sheet.write_row(row_no, 0, row)
    return content.getvalue()


@pytest.mark.rule("CAT-06")
def test_what_was_exported_comes_back_unchanged(stocked: Transactions, send, export) -> None:
    answer = send(export()).json
    assert (answer["created"], answer["changed"], answer["unchanged"], answer["refused"]) == (0, 0, 2, 0)


@pytest.mark.rule("CAT-06")
def test_each_row_has_its_own_result(stocked: Transactions, send, export) -> None:
    headings, first, second = cells(export())

    def row(source: list, **changes: object) -> list:
        return [changes.get(heading, cell) for heading, cell in zip(headings, source, strict=True)]

    answer = send(
        a_workbook(
            [
                headings,
                row(first, **{"30일 판매가": "4,300원"}),
                row(second, 판매상태="판매중"),
                row(first, 상품코드="P3", **{"30일 공급사상품코드": "N1", "60일 공급사상품코드": "N2"}),
                row(first, 상품코드="P4"),
                row(first, 정가="공짜"),
                row(first, 브랜드코드="NOBODY"),
                [""] * len(headings),
            ]
        )
    ).json
    assert [(one["row_no"], one["product_code"], one["outcome"]) for one in answer["rows"]] == [
        (2, "P1", "changed"),
        (3, "P2", "changed"),
        (4, "P3", "created"),
        (5, "P4", "refused"),
        (6, "P1", "refused"),
        (7, "P1", "refused"),
    ]
    assert [one["problem"]["code"] for one in answer["rows"][3:]] == ["offer_taken", "cell_not_valid", "unknown_code"]
    assert "정가" in answer["rows"][4]["problem"]["ko"]
    with stocked() as uow:
        found = uow.views.products(ProductQuery(), after=None, limit=10)
    assert [(product.code, product.offers[0].sale_price_krw) for product in found] == [
        ("P1", 4_300),
        ("P3", 4_410),
        ("P2", 4_410),
    ]


@pytest.mark.parametrize(
    "content",
    [b"no workbook", a_workbook([["이름", "전화"]]), a_workbook([["상품코드"]] + [["P"]] * 2_001)],
    ids=["no workbook", "other columns", "too many rows"],
)
def test_a_file_that_is_no_sheet_of_products_is_refused(send, content: bytes) -> None:
    refused = send(content)
    assert (refused.status_code, refused.json["code"]) == (422, "sheet_unreadable")


@pytest.mark.rule("GWY-05")
def test_members_download_products_and_prices_on_sale(app: WsgiApp, callers: Callers, stocked: Transactions) -> None:
    answer = app.api.test_client().get("/v1/products/workbook", headers=callers.member("sub"))
    headings, *rows = cells(answer.data)
    assert headings == ["브랜드", "카테고리", "상품명", "유효기간", "정가", "판매가", "할인율", "환금성"]
    assert rows == [
        ["스타벅스", "카페", "=아메리카노", "30일", 4_500.0, 4_410.0, "2%", ""],
        ["스타벅스", "카페", "=아메리카노", "60일", 4_500.0, 4_455.0, "1%", ""],
    ]


def test_only_operators_with_the_role_take_over_workbooks(app: WsgiApp, callers: Callers) -> None:
    assert app.admin.test_client().get(PATH, headers=callers.operator("finance")).status_code == 403
