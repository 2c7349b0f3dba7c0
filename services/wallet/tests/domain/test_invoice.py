"""Invoices by themselves: months, numbers, what is carried over, and until when they are kept (WAL-12 … WAL-15)."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet.domain.invoice import Invoice, allot, last_day_issued_to_destroy, month_after, months_back, title_of
from wallet.domain.invoice_errors import InvoicePaidError

NOON = datetime(2026, 10, 1, 3, tzinfo=UTC)


def an_invoice(settled_krw: int = 10_000, carried_krw: int = 0, month: str = "2026-09") -> Invoice:
    return Invoice(uuid4(), uuid4(), 129, month, 2, settled_krw, NOON, carried_krw=carried_krw)


sums = st.integers(0, 10_000_000)
open_invoices = st.lists(
    st.tuples(sums, sums).map(lambda pair: an_invoice(max(pair), min(pair))),
    max_size=6,
)


@pytest.mark.rule("WAL-14")
@given(amount_krw=sums, invoices=open_invoices)
def test_a_carry_over_is_taken_up_in_order_to_the_won_and_bills_nothing_below_0(
    amount_krw: int, invoices: list[Invoice]
) -> None:
    parts, left_krw = allot(amount_krw, invoices)

    assert sum(part.amount_krw for part in parts) + left_krw == amount_krw
    taken = {part.invoice_id: part.amount_krw for part in parts}
    left_billed = [invoice.billed_krw - taken.get(invoice.id, 0) for invoice in invoices]
    assert min(left_billed, default=0) >= 0
    assert min(taken.values(), default=1) > 0
    if left_krw > 0:
        assert sum(left_billed) == 0
    untouched = next((n for n, left in enumerate(left_billed) if left > 0), len(invoices))
    assert all(invoice.id not in taken for invoice in invoices[untouched + 1 :])


@pytest.mark.rule("WAL-12", "WAL-15")
def test_an_invoice_is_of_the_month_after_the_one_that_it_settles() -> None:
    invoice = an_invoice(month="2026-12")

    assert (invoice.invoice_month, invoice.document_number) == ("2027-01", "MCOM-129")
    assert invoice.period == (date(2026, 12, 1), date(2026, 12, 31))
    assert title_of("감사 선물", 1) == "감사 선물"
    assert title_of("감사 선물", 3) == "감사 선물 외 2건"


@pytest.mark.rule("WAL-13")
@given(at=st.datetimes(datetime(2020, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)))
def test_the_last_3_months_end_with_the_present_one_of_seoul(at: datetime) -> None:
    first = months_back(at, 3)

    assert month_after(month_after(first)) == months_back(at, 1)


@pytest.mark.rule("WAL-15")
@pytest.mark.parametrize(
    ("at", "last_day"),
    [
        (datetime(2029, 9, 30, 14, 59, tzinfo=UTC), date(2024, 9, 30)),
        (datetime(2029, 9, 30, 15, 0, tzinfo=UTC), date(2024, 10, 1)),
        (datetime(2028, 2, 29, 3, tzinfo=UTC), date(2023, 2, 28)),
    ],
)
def test_invoices_are_kept_for_5_years_of_seoul_days(at: datetime, last_day: date) -> None:
    assert last_day_issued_to_destroy(at, 5) == last_day


@pytest.mark.rule("WAL-14")
def test_a_paid_invoice_does_not_change() -> None:
    paid = an_invoice().paid(date(2026, 10, 20))

    for change in (lambda: paid.paid(date(2026, 10, 21)), lambda: paid.restated(3, 20_000), paid.must_be_open):
        with pytest.raises(InvoicePaidError):
            change()
