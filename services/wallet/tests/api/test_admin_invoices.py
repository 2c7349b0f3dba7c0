"""Operators and invoices: carry-overs, payments, months that wait, and restating (WAL-12, WAL-14)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from wallet_builders import an_order_placed, issued, month_closed

from contracts.audit import OperatorActed
from contracts.values import PaymentMethod as SaidMethod
from contracts.wallet import InvoiceIssued

SEPTEMBER, OCTOBER = "2026-09", "2026-10"
IN = {SEPTEMBER: datetime(2026, 9, 15, 3, tzinfo=UTC), OCTOBER: datetime(2026, 10, 15, 3, tzinfo=UTC)}


@pytest.fixture
def postpaid(wallet) -> UUID:
    company_id = wallet.a_company(payment_method=SaidMethod.POSTPAID)
    wallet.sql("INSERT INTO credit_contracts VALUES (:id, 10000000, date '2026-01-01')", id=company_id)
    return company_id


@pytest.fixture
def bill(wallet, postpaid):
    """Makes the invoice of a month; its id."""

    def make(month: str, amount_krw: int = 30_000) -> str:
        order = an_order_placed(postpaid, amount_krw, month=month, placed_at=IN[month])
        wallet.hear(order)
        wallet.hear(issued(order, amount_krw, coupons=3, issued_at=IN[month]))
        wallet.hear(month_closed(postpaid, month, 3, amount_krw))
        (row,) = wallet.sql("SELECT id FROM invoices WHERE month = :month", month=month)
        return str(row.id)

    return make


def get(office, path: str, role: str = "support") -> Any:
    return office.admin.get(path, headers=office.callers.operator(role))


def carry(office, invoice_id: str, amount_krw: int, role: str = "finance") -> Any:
    headers = office.callers.operator(role) | {"Idempotency-Key": uuid4().hex}
    body = {"amount_krw": amount_krw, "reason": "9월 오발송 취소"}
    return office.admin.post(f"/admin/invoices/{invoice_id}/carry-overs", json=body, headers=headers)


def pay(office, invoice_id: str, role: str = "finance") -> Any:
    body = {"paid_on": "2026-10-20"}
    headers = office.callers.operator(role)
    return office.admin.post(f"/admin/invoices/{invoice_id}/paid", json=body, headers=headers)


def sums(answer: Any) -> tuple[int, int, int]:
    return tuple(answer.json[name] for name in ("settled_krw", "carried_krw", "billed_krw"))


def acts(wallet) -> list[OperatorActed]:
    return [said for said in wallet.said() if isinstance(said, OperatorActed)]


@pytest.mark.rule("WAL-14", "IDN-24")
def test_a_carry_over_lowers_what_is_billed_and_never_what_is_settled(office, wallet, bill) -> None:
    invoice_id = bill(SEPTEMBER)

    answer = carry(office, invoice_id, 10_000)

    assert answer.status_code == 201
    assert sums(answer) == (30_000, 10_000, 20_000)
    (entered,) = answer.json["carry_overs"]
    assert (entered["amount_krw"], entered["taken_up_krw"], entered["left_krw"]) == (10_000, 10_000, 0)
    (act,) = acts(wallet)
    assert (act.action, act.reason) == ("enter_carry_over", "9월 오발송 취소")
    assert (act.before, act.after) == ({"billed_krw": 30_000}, {"billed_krw": 20_000, "amount_krw": 10_000})


@pytest.mark.rule("WAL-14")
def test_billed_is_never_below_0_and_the_rest_goes_to_the_next_invoice(office, bill) -> None:
    september = bill(SEPTEMBER)
    assert sums(carry(office, september, 45_000)) == (30_000, 30_000, 0)

    october = bill(OCTOBER)

    assert sums(get(office, f"/admin/invoices/{october}")) == (30_000, 15_000, 15_000)
    assert sums(carry(office, september, 5_000)) == (30_000, 30_000, 0)
    assert sums(get(office, f"/admin/invoices/{october}")) == (30_000, 20_000, 10_000)


@pytest.mark.rule("WAL-14", "IDN-24")
def test_carry_overs_end_when_the_invoice_is_marked_paid(office, wallet, bill) -> None:
    invoice_id = bill(SEPTEMBER)

    assert pay(office, invoice_id).json["paid_on"] == "2026-10-20"

    assert carry(office, invoice_id, 1_000).json["code"] == "invoice_paid"
    assert pay(office, invoice_id).json["code"] == "invoice_paid"
    assert sums(get(office, f"/admin/invoices/{invoice_id}")) == (30_000, 0, 30_000)
    assert [act.action for act in acts(wallet)] == ["mark_invoice_paid"]


@pytest.mark.rule("WAL-14")
def test_a_carry_over_is_entered_once_a_key(office, bill) -> None:
    path = f"/admin/invoices/{bill(SEPTEMBER)}/carry-overs"
    headers = office.callers.operator("finance") | {"Idempotency-Key": "one"}
    body = {"amount_krw": 10_000, "reason": "9월 오발송 취소"}

    for _ in range(2):
        answer = office.admin.post(path, json=body, headers=headers)

    assert sums(answer) == (30_000, 10_000, 20_000)
    other = office.admin.post(path, json=body | {"amount_krw": 1}, headers=headers)
    assert other.status_code == 422


def test_invoices_are_listed_by_company_and_payment(office, bill, postpaid) -> None:
    september, october = bill(SEPTEMBER), bill(OCTOBER)
    pay(office, september)

    for query, expected in (
        ("", [october, september]),
        ("?is_paid=false", [october]),
        (f"?is_paid=true&company_id={postpaid}", [september]),
        (f"?company_id={office.company_id}", []),
    ):
        items = get(office, f"/admin/invoices{query}").json["items"]
        assert [item["invoice_id"] for item in items] == expected


@pytest.mark.rule("WAL-12")
def test_operators_see_what_a_month_waits_for(office, wallet, postpaid, bill) -> None:
    bill(SEPTEMBER)
    wallet.hear(month_closed(postpaid, OCTOBER, 2, 20_000))

    (month,) = get(office, "/admin/issuing-months?state=waiting").json["items"]

    assert (month["company_id"], month["month"]) == (str(postpaid), OCTOBER)
    assert month["counted"] == {"coupons": 2, "amount_krw": 20_000}
    assert month["captured"] == {"coupons": 0, "amount_krw": 0}
    first = get(office, "/admin/issuing-months?limit=1").json
    rest = get(office, f"/admin/issuing-months?limit=1&cursor={first['next_cursor']}").json
    assert [item["month"] for item in first["items"] + rest["items"]] == [SEPTEMBER, OCTOBER]


@pytest.mark.rule("WAL-12", "IDN-24")
def test_late_captures_come_into_the_invoice_by_an_operator_only_and_it_shows_its_revision(
    office, wallet, postpaid, bill
) -> None:
    invoice_id = bill(SEPTEMBER)
    carry(office, invoice_id, 45_000)
    order = an_order_placed(postpaid, 20_000, month=SEPTEMBER, placed_at=IN[SEPTEMBER])
    wallet.hear(order)
    wallet.hear(issued(order, 20_000, coupons=2, issued_at=IN[SEPTEMBER]))
    path = f"/admin/companies/{postpaid}/issuing-months/{SEPTEMBER}/restate"
    (late,) = get(office, "/admin/issuing-months?is_late=true").json["items"]
    assert late["late"] == {"coupons": 2, "amount_krw": 20_000}

    answer = office.admin.post(path, json={"reason": "늦은 발행 기록"}, headers=office.callers.operator("finance"))

    assert (answer.json["invoice_id"], answer.json["revision"]) == (invoice_id, 2)
    assert sums(answer) == (50_000, 45_000, 5_000)
    said = [event for event in wallet.said() if isinstance(event, InvoiceIssued)]
    assert [(event.settled_krw, event.billed_krw) for event in said] == [(30_000, 30_000), (50_000, 5_000)]
    assert acts(wallet)[-1].action == "restate_invoice"
    again = office.admin.post(path, json={"reason": "다시"}, headers=office.callers.operator("finance"))
    assert again.json["code"] == "nothing_to_restate"
    unknown = path.replace(SEPTEMBER, "2020-01")
    nothing = office.admin.post(unknown, json={"reason": "없음"}, headers=office.callers.operator("finance"))
    assert nothing.json["code"] == "issuing_month_not_closed"


@pytest.mark.rule("WAL-15")
def test_operators_print_the_same_invoice(office, bill) -> None:
    answer = get(office, f"/admin/invoices/{bill(SEPTEMBER)}/pdf?dated_on=2026-10-02")

    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")


@pytest.mark.rule("IDN-24")
def test_support_reads_and_decides_nothing(office, bill) -> None:
    invoice_id = bill(SEPTEMBER)

    assert carry(office, invoice_id, 1_000, role="support").status_code == 403
    assert pay(office, invoice_id, role="support").status_code == 403
    assert get(office, f"/admin/invoices/{uuid4()}").json["code"] == "invoice_not_found"
    assert carry(office, invoice_id, 0).status_code == 422
