"""후불 납부 관리: what masters see of their invoices, read back from workbooks and prints (manual 6-2)."""

import io
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pypdfium2
import pytest
from python_calamine import CalamineWorkbook
from wallet_builders import an_order_placed, issued, month_closed

from contracts.scheduler import DayOpened
from contracts.values import PaymentMethod as SaidMethod
from wallet.domain.invoice import month_after, months_back
from wallet.domain.month import SEOUL

NOW = datetime.now(UTC)
LAST_MONTH = months_back(NOW, 2)


@pytest.fixture
def postpaid(wallet) -> UUID:
    return wallet.a_company(payment_method=SaidMethod.POSTPAID, name="한빛 & 상사")


@pytest.fixture
def bill(wallet, postpaid):
    """Makes the invoice of a month, of orders at so many KRW with so many coupons each; its id."""
    wallet.sql(
        "INSERT INTO credit_contracts VALUES (:company, 100000000, date '2024-01-01')",
        company=postpaid,
    )

    def make(month: str, *orders: tuple[str, int, int]) -> str:
        issued_at = datetime.fromisoformat(f"{month}-20T10:27:00+09:00")
        for name, amount_krw, coupons in orders:
            order = an_order_placed(
                postpaid, amount_krw * 2, order_name=name, month=month, placed_at=issued_at, coupons=coupons * 2
            )
            wallet.hear(order)
            wallet.hear(issued(order, amount_krw, coupons=coupons, issued_at=issued_at))
        total_krw = sum(amount_krw for _, amount_krw, _ in orders)
        wallet.hear(month_closed(postpaid, month, sum(coupons for *_, coupons in orders), total_krw))
        (row,) = wallet.sql("SELECT id FROM invoices WHERE month = :month", month=month)
        return str(row.id)

    return make


@pytest.fixture
def master(office, postpaid) -> dict[str, str]:
    return office.callers.member("master", tenant_id=postpaid)


def read(office, master, path: str = "") -> Any:
    return office.api.get(f"/v1/invoices{path}", headers=master)


def text_of(answer: Any) -> str:
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    document = pypdfium2.PdfDocument(answer.data)
    assert len(document) == 1
    return " ".join(document[0].get_textpage().get_text_bounded().split())


@pytest.mark.rule("WAL-13")
def test_the_last_3_months_are_listed_and_every_kept_month_can_be_chosen(office, bill, master) -> None:
    issued_in = [months_back(NOW, count) for count in (5, 4, 3, 2)]
    ids = [bill(month, ("주문건", 10_000, 1)) for month in issued_in]

    shown = read(office, master).json

    assert [each["invoice_month"] for each in shown["recent"]] == [
        month_after(month) for month in reversed(issued_in[1:])
    ]
    assert len(shown["recent"]) == 3
    assert [each["settled_krw"] for each in shown["recent"]] == [10_000] * 3
    assert [each["invoice_id"] for each in shown["kept"]] == list(reversed(ids))


@pytest.mark.rule("WAL-13")
def test_the_details_are_headed_by_period_and_billed_amount_and_have_a_row_an_order(office, bill, master) -> None:
    invoice_id = bill("2024-09", ("202409201027 주문건", 4_832, 2), ("추석 선물", 69_000, 3))

    head = read(office, master, f"/{invoice_id}").json
    first = read(office, master, f"/{invoice_id}/orders?limit=1").json
    second = read(office, master, f"/{invoice_id}/orders?limit=1&cursor={first['next_cursor']}").json

    assert head["invoice_month"] == "2024-10"
    assert head["period_ko"] == "2024년 09월 1일 - 2024년 09월 30일 이용 내역에 대한 청구서"
    assert (head["settled_krw"], head["carried_krw"], head["billed_krw"]) == (73_832, 0, 73_832)
    assert [notice.split(" ")[0] for notice in head["notices_ko"]] == ["전월", "청구", "청구서는"]
    assert "쿠폰 발행 성공 내역을 기준으로 매월 1일 청구서가 발행됩니다." in head["notices_ko"][0]
    assert "쿠폰은 정산 금액 대상에서 제외됩니다." in head["notices_ko"][1]
    assert head["notices_ko"][2] == "청구서는 발행일로부터 5년간 보관하며, 그 이후 즉시 파기됩니다."
    (row,) = first["items"]
    assert (row["no"], row["order_name"]) == (1, "202409201027 주문건")
    assert (row["ordered_krw"], row["ordered_coupons"]) == (9_664, 4)
    assert (row["settled_krw"], row["settled_coupons"]) == (4_832, 2)
    assert [row["no"] for row in second["items"]] == [2]
    assert second["next_cursor"] is None


@pytest.mark.rule("WAL-13")
def test_the_workbook_has_the_same_rows_and_the_sums_below_them(office, wallet, bill, master) -> None:
    invoice_id = bill("2024-09", ("=A1", 4_832, 2))
    wallet.sql("UPDATE invoices SET carried_krw = 832")

    answer = read(office, master, f"/{invoice_id}/xlsx")

    assert answer.status_code == 200
    lines = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert lines[0] == ["No", "주문일자", "주문번호", "주문명", "주문 금액", "주문 건수", "정산 금액", "정산 건수"]
    assert lines[1][:2] == [1, "2024.09.20"]
    assert lines[1][3:] == ["=A1", 9_664, 4, 4_832, 2]
    assert [(line[3], line[6]) for line in lines[2:]] == [
        ("정산 금액", 4_832),
        ("이월취소금액", -832),
        ("청구 금액", 4_000),
    ]


@pytest.mark.rule("WAL-15")
def test_the_print_says_who_is_asked_for_what_and_is_dated_today(office, bill, master) -> None:
    invoice_id = bill("2024-09", ("202409201027 주문건", 4_832, 2), ("추석 선물", 69_000, 3))

    said = text_of(read(office, master, f"/{invoice_id}/pdf"))

    today = NOW.astimezone(SEOUL)
    for words in (
        f"발행일 : {today:%Y-%m-%d}",
        "INVOICE",
        "경기도 성남시 수정구 금토로 69, 다우디지털스퀘어 4층 Tel : 070-8707-1000",
        "문서번호 MCOM-1",
        f"일자 {today:%Y.%m.%d}",
        "발신 주식회사 다우기술",
        "수신 한빛 & 상사",
        "제목 다우기술 모바일쿠폰 상품대금 청구의 건",
        "- 정산 기간 : 2024년 09월",
        f"- 청구 일자 : {today:%Y년 %m월 %d일}",
        "- 주문명 : 202409201027 주문건 외 1건",
        "- 정산 금액 : 73,832원",
        "- 입금 계좌 : 우리은행 112-091723-13-614 (주) 다우기술",
        "주식회사 다우기술 대표이사 김윤덕",
    ):
        assert words in said
    assert "이월취소금액" not in said
    assert "청구 금액" not in said


@pytest.mark.rule("WAL-14", "WAL-15")
def test_another_day_alters_that_print_only_and_a_carry_over_is_shown_beside_the_settled_amount(
    office, wallet, bill, master
) -> None:
    invoice_id = bill("2024-09", ("202409201027 주문건", 4_832, 2))
    wallet.sql("UPDATE invoices SET carried_krw = 832")

    dated = text_of(read(office, master, f"/{invoice_id}/pdf?dated_on=2024-10-31"))
    again = text_of(read(office, master, f"/{invoice_id}/pdf"))

    for words in ("일자 2024.10.31", "- 청구 일자 : 2024년 10월 31일", "- 주문명 : 202409201027 주문건 -"):
        assert words in dated
    for said in (dated, again):
        assert "- 정산 금액 : 4,832원 - 이월취소금액 : 832원 - 청구 금액 : 4,000원" in said
        assert "문서번호 MCOM-1 " in said
    assert "2024.10.31" not in again
    assert read(office, master, f"/{invoice_id}/pdf?dated_on=yesterday").status_code == 422


@pytest.mark.rule("WAL-01", "WAL-13")
def test_invoices_are_for_postpaid_masters_only(office, bill, postpaid) -> None:
    invoice_id = bill("2024-09", ("주문건", 4_832, 2))
    sub = office.callers.member("sub", tenant_id=postpaid)

    for path in ("", f"/{invoice_id}", f"/{invoice_id}/orders", f"/{invoice_id}/xlsx", f"/{invoice_id}/pdf"):
        prepaid = read(office, office.master(), path)
        assert (prepaid.status_code, prepaid.json["code"]) == (403, "postpaid_only")
        assert read(office, sub, path).status_code == 403


@pytest.mark.rule("WAL-13", "IDN-22")
def test_another_companys_invoice_does_not_exist(office, wallet, bill) -> None:
    invoice_id = bill("2024-09", ("주문건", 4_832, 2))
    stranger = office.callers.member("master", tenant_id=wallet.a_company(payment_method=SaidMethod.POSTPAID))

    for path in (f"/{invoice_id}", f"/{invoice_id}/orders", f"/{invoice_id}/xlsx", f"/{invoice_id}/pdf", f"/{uuid4()}"):
        assert read(office, stranger, path).json["code"] == "invoice_not_found"


@pytest.mark.rule("WAL-15")
def test_invoices_are_destroyed_5_years_after_their_issue_and_stay_so(office, wallet, bill, master) -> None:
    invoice_id = bill("2024-09", ("주문건", 4_832, 2))
    wallet.sql("UPDATE invoices SET issued_on = date '2024-10-01'")
    last_day, day_after = datetime(2029, 9, 30, 0, tzinfo=UTC), datetime(2029, 10, 1, 0, tzinfo=UTC)

    wallet.clock.set(last_day)
    wallet.hear(DayOpened(day=date(2029, 9, 30), opened_at=last_day))
    assert read(office, master, f"/{invoice_id}").status_code == 200
    wallet.clock.set(day_after)
    wallet.hear(DayOpened(day=date(2029, 10, 1), opened_at=day_after))

    assert read(office, master, f"/{invoice_id}").status_code == 404
    assert read(office, master).json == {"recent": [], "kept": []}
    wallet.hear(month_closed(UUID(str(wallet.sql("SELECT company_id FROM issuing_months")[0][0])), "2024-09", 2, 4_832))
    assert wallet.sql("SELECT 1 FROM invoices") == []
    assert wallet.sql("SELECT 1 FROM invoice_orders") == []
    assert [row.state for row in wallet.sql("SELECT state FROM issuing_months")] == ["destroyed"]
    wallet.assert_proven()
