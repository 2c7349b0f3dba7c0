"""충전/사용내역 by period and kind, and as a workbook (WAL-04)."""

import io
from datetime import datetime
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from wallet_builders import an_order_placed, withdrawn

from contracts.ordering.orders import OrderPlaced
from wallet.domain.month import SEOUL

LAST_OF_FEBRUARY = datetime(2026, 2, 28, 23, 59, 59, 999_999, tzinfo=SEOUL)
FIRST_OF_MARCH = datetime(2026, 3, 1, tzinfo=SEOUL)
SECOND_OF_MARCH = datetime(2026, 3, 2, 12, 30, tzinfo=SEOUL)


@pytest.fixture
def order(office, wallet) -> OrderPlaced:
    """100,000 KRW charged at February's last moment, 30,000 used at March's first, 5,000 used and given back later."""
    wallet.clock.set(LAST_OF_FEBRUARY)
    wallet.credit(office.company_id, 100_000)
    wallet.clock.set(FIRST_OF_MARCH)
    first = an_order_placed(office.company_id, 30_000, order_name="=1+1")
    wallet.hear(first)
    wallet.clock.set(SECOND_OF_MARCH)
    second = an_order_placed(office.company_id, 5_000)
    wallet.hear(second)
    wallet.hear(withdrawn(second))
    return first


def ask(office, path: str) -> Any:
    return office.api.get(f"/v1/wallet/entries{path}", headers=office.master())


@pytest.mark.rule("WAL-04")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [5_000, -5_000, -30_000, 100_000]),
        ("until_on=2026-02-28", [100_000]),
        ("from_on=2026-03-01", [5_000, -5_000, -30_000]),
        ("from_on=2026-03-01&until_on=2026-03-01", [-30_000]),
        ("kind=charge", [100_000]),
        ("kind=use&kind=use_cancelled", [5_000, -5_000, -30_000]),
        ("kind=use&from_on=2026-03-02", [-5_000]),
        ("kind=refund_request", []),
    ],
)
def test_lines_are_found_by_seoul_days_and_kinds(query: str, expected: list[int], office, order) -> None:
    assert [line["amount_krw"] for line in ask(office, f"?{query}").json["items"]] == expected


@pytest.mark.rule("WAL-04", "GWY-01")
def test_a_filtered_list_is_paged_too(office, order) -> None:
    first = ask(office, "?kind=use&limit=1").json
    rest = ask(office, f"?kind=use&limit=1&cursor={first['next_cursor']}").json

    assert [line["amount_krw"] for line in first["items"] + rest["items"]] == [-5_000, -30_000]
    assert rest["next_cursor"] is None


@pytest.mark.rule("WAL-04")
@pytest.mark.parametrize("query", ["kind=nonsense", "from_on=yesterday", "until_on=2026-02-30"])
def test_a_filter_that_cannot_be_meant_is_refused(query: str, office, order) -> None:
    assert ask(office, f"?{query}").status_code == 422


@pytest.mark.rule("WAL-04")
def test_the_workbook_has_the_lines_oldest_first_and_no_formula(office, order) -> None:
    answer = ask(office, "/xlsx?until_on=2026-03-01")

    assert answer.status_code == 200
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0)
    assert sheet.to_python() == [
        ["거래일시", "구분", "상세 내용", "금액", "보유 충전금"],
        ["2026-02-28 23:59", "충전", sheet.to_python()[1][2], 100_000, 100_000],
        ["2026-03-01 00:00", "사용", f"[일반형] =1+1 (주문번호: {order.order_number})", -30_000, 70_000],
    ]
    assert sheet.to_python()[1][2].startswith("결제번호: ")


@pytest.mark.rule("WAL-04")
def test_the_lines_of_a_workbook_add_up_to_the_balance(office, order) -> None:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(ask(office, "/xlsx").data)).get_sheet_by_index(0).to_python()[1:]

    assert sum(row[3] for row in rows) == rows[-1][4] == 70_000


@pytest.mark.rule("WAL-01")
def test_sub_members_download_nothing(office, order) -> None:
    assert office.api.get("/v1/wallet/entries/xlsx", headers=office.sub()).status_code == 403
