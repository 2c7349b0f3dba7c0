"""The turn of the month: an invoice is made when our captures are what ordering counted (WAL-12)."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest
from wallet_builders import an_order_placed, issued, month_closed, revoked

from chassis.consumer import Poison
from contracts.values import PaymentMethod as SaidMethod
from contracts.wallet import InvoiceIssued
from wallet.domain.invoice import Invoice

SEPTEMBER, OCTOBER = "2026-09", "2026-10"
IN_SEPTEMBER = datetime(2026, 9, 15, 3, tzinfo=UTC)
IN_OCTOBER = datetime(2026, 10, 15, 3, tzinfo=UTC)
TURN = datetime(2026, 9, 30, 15, tzinfo=UTC)
"""The first moment of October in Seoul."""


@pytest.fixture
def postpaid(wallet, contract) -> UUID:
    company_id = wallet.a_company(payment_method=SaidMethod.POSTPAID)
    contract(company_id, 10_000_000)
    return company_id


def an_order(wallet, company_id: UUID, amount_krw: int = 100_000, **changes: object):
    order = an_order_placed(
        company_id, amount_krw, month=SEPTEMBER, placed_at=IN_SEPTEMBER, coupons=amount_krw // 10_000, **changes
    )
    wallet.hear(order)
    return order


def invoices(wallet, company_id: UUID) -> list[Invoice]:
    with wallet.begin() as uow:
        return list(reversed(uow.invoices.kept(company_id)))


def rows(wallet, invoice: Invoice) -> list[tuple[int, ...]]:
    with wallet.begin() as uow:
        found = uow.invoices.orders(invoice.id, after_no=0, rows_max=100)
    return [(row.ordered_krw, row.ordered_coupons, row.settled_krw, row.settled_coupons) for row in found]


def said(wallet) -> list[InvoiceIssued]:
    return [event for event in wallet.said() if isinstance(event, InvoiceIssued)]


@pytest.mark.rule("WAL-12", "WAL-13")
def test_an_order_issued_over_two_months_stands_in_both_invoices_with_its_own_part(wallet, postpaid) -> None:
    order = an_order(wallet, postpaid)
    wallet.hear(issued(order, 30_000, chunk_no=0, coupons=3, issued_at=IN_SEPTEMBER))
    wallet.hear(issued(order, 50_000, chunk_no=1, coupons=5, issued_at=IN_OCTOBER))

    wallet.hear(month_closed(postpaid, SEPTEMBER, 3, 30_000))
    wallet.hear(month_closed(postpaid, OCTOBER, 5, 50_000))

    september, october = invoices(wallet, postpaid)
    assert (september.invoice_month, september.settled_krw) == (OCTOBER, 30_000)
    assert (october.invoice_month, october.settled_krw) == ("2026-11", 50_000)
    assert rows(wallet, september) == [(100_000, 10, 30_000, 3)]
    assert rows(wallet, october) == [(100_000, 10, 50_000, 5)]
    first, second = said(wallet)
    assert (first.invoice_id, first.month, first.coupons) == (september.id, SEPTEMBER, 3)
    assert (first.settled_krw, first.billed_krw) == (30_000, 30_000)
    assert second.invoice_id == october.id


@pytest.mark.rule("WAL-12")
def test_the_month_of_issue_turns_in_seoul_to_the_millisecond(wallet, postpaid) -> None:
    order = an_order(wallet, postpaid)
    wallet.hear(issued(order, 10_000, chunk_no=0, issued_at=TURN - timedelta(milliseconds=1)))
    wallet.hear(issued(order, 20_000, chunk_no=1, issued_at=TURN))

    wallet.hear(month_closed(postpaid, SEPTEMBER, 1, 10_000))
    wallet.hear(month_closed(postpaid, OCTOBER, 1, 20_000))

    assert [(each.month, each.settled_krw) for each in invoices(wallet, postpaid)] == [
        (SEPTEMBER, 10_000),
        (OCTOBER, 20_000),
    ]


@pytest.mark.rule("WAL-12")
def test_chunks_that_are_not_acknowledged_at_the_turn_are_waited_for(wallet, postpaid) -> None:
    order = an_order(wallet, postpaid)
    early, late = (issued(order, 10_000, chunk_no=number, issued_at=IN_SEPTEMBER) for number in range(2))
    wallet.hear(early)

    wallet.hear(month_closed(postpaid, SEPTEMBER, 2, 20_000))
    assert invoices(wallet, postpaid) == []
    with wallet.begin() as uow:
        waiting = uow.issuing_months.closed(postpaid, SEPTEMBER)
    assert (waiting.state, waiting.counted.coupons, waiting.captured.coupons) == ("waiting", 2, 1)

    wallet.hear(late)
    assert [each.settled_krw for each in invoices(wallet, postpaid)] == [20_000]
    wallet.assert_proven()


@pytest.mark.rule("WAL-12")
@pytest.mark.parametrize("arrival", list(permutations(range(4))))
def test_after_a_broker_that_was_down_the_facts_may_come_in_any_order(wallet, postpaid, arrival) -> None:
    order = an_order_placed(postpaid, 20_000, month=SEPTEMBER, placed_at=IN_SEPTEMBER)
    chunks = [issued(order, 10_000, chunk_no=number, issued_at=IN_SEPTEMBER) for number in range(2)]
    events = [order, *chunks, month_closed(postpaid, SEPTEMBER, 2, 20_000)]

    for number in arrival:
        wallet.hear(events[number], times=2)
        wallet.redeliver_parked()

    assert [each.settled_krw for each in invoices(wallet, postpaid)] == [20_000]
    assert len(said(wallet)) == 1


@pytest.mark.rule("WAL-12")
def test_a_coupon_whose_outcome_was_unknown_at_the_turn_is_in_the_invoice_of_the_month_that_recorded_it(
    wallet, postpaid
) -> None:
    order = an_order(wallet, postpaid, 20_000)
    wallet.hear(issued(order, 10_000, chunk_no=0, wave=0, issued_at=IN_SEPTEMBER))
    wallet.hear(month_closed(postpaid, SEPTEMBER, 1, 10_000))

    wallet.hear(issued(order, 10_000, chunk_no=0, wave=1, issued_at=IN_OCTOBER))
    wallet.hear(month_closed(postpaid, OCTOBER, 1, 10_000))

    assert [each.settled_krw for each in invoices(wallet, postpaid)] == [10_000, 10_000]
    assert [each.number for each in invoices(wallet, postpaid)] == [1, 2]


@pytest.mark.rule("WAL-12")
def test_running_the_turn_again_changes_nothing_and_other_figures_are_refused(wallet, postpaid) -> None:
    order = an_order(wallet, postpaid)
    wallet.hear(issued(order, 10_000, issued_at=IN_SEPTEMBER))
    wallet.hear(month_closed(postpaid, SEPTEMBER, 1, 10_000))
    before = invoices(wallet, postpaid)

    wallet.hear(month_closed(postpaid, SEPTEMBER, 1, 10_000), times=2)
    wallet.sql("DELETE FROM inbox")
    wallet.hear(month_closed(postpaid, SEPTEMBER, 1, 10_000))
    with pytest.raises(Poison, match="other figures"):
        wallet.hear(month_closed(postpaid, SEPTEMBER, 2, 20_000))

    assert invoices(wallet, postpaid) == before
    assert len(said(wallet)) == 1


@pytest.mark.rule("WAL-12", "ORD-32")
def test_coupons_revoked_before_the_invoice_was_made_are_not_in_it_repaid_or_not(wallet, postpaid) -> None:
    repaid, unrepaid, gone = (an_order(wallet, postpaid, 30_000) for _ in range(3))
    for order in (repaid, unrepaid, gone):
        wallet.hear(issued(order, 30_000, coupons=3, issued_at=IN_SEPTEMBER))
    wallet.hear(revoked(repaid, {SEPTEMBER: (1, 10_000)}))
    wallet.hear(revoked(unrepaid, {SEPTEMBER: (1, 10_000)}, repaid=False))
    wallet.hear(revoked(gone, {SEPTEMBER: (3, 30_000)}))

    wallet.hear(month_closed(postpaid, SEPTEMBER, 9, 90_000))

    (invoice,) = invoices(wallet, postpaid)
    assert (invoice.coupons, invoice.settled_krw, invoice.carried_krw) == (4, 40_000, 0)
    assert rows(wallet, invoice) == [(30_000, 3, 20_000, 2)] * 2
    assert [wallet.hold_of(order)[1] for order in (repaid, unrepaid, gone)] == [20_000, 30_000, 0]
    wallet.assert_proven()


@pytest.mark.rule("WAL-12")
def test_a_month_with_nothing_to_be_paid_gives_no_invoice(wallet, postpaid) -> None:
    order = an_order(wallet, postpaid, 30_000)
    wallet.hear(issued(order, 30_000, coupons=3, issued_at=IN_SEPTEMBER))
    wallet.hear(revoked(order, {SEPTEMBER: (3, 30_000)}))
    wallet.hear(month_closed(postpaid, SEPTEMBER, 3, 30_000))
    prepaid = wallet.a_company()
    wallet.credit(prepaid, 50_000)
    wallet.hear(issued(an_order(wallet, prepaid, 50_000), 50_000, coupons=5, issued_at=IN_SEPTEMBER))

    wallet.hear(month_closed(prepaid, SEPTEMBER, 5, 50_000))

    assert invoices(wallet, postpaid) == []
    assert invoices(wallet, prepaid) == []
    assert said(wallet) == []
    states = wallet.sql("SELECT DISTINCT state FROM issuing_months")
    assert [row.state for row in states] == ["empty"]


@pytest.mark.rule("WAL-14", "ORD-32")
def test_coupons_revoked_after_they_were_invoiced_become_a_carry_over(wallet, postpaid) -> None:
    order = an_order(wallet, postpaid, 60_000)
    wallet.hear(issued(order, 30_000, chunk_no=0, coupons=3, issued_at=IN_SEPTEMBER))
    wallet.hear(issued(order, 30_000, chunk_no=1, coupons=3, issued_at=IN_OCTOBER))
    wallet.hear(month_closed(postpaid, SEPTEMBER, 3, 30_000))

    wallet.hear(revoked(order, {SEPTEMBER: (1, 10_000), OCTOBER: (2, 20_000)}), times=2)
    wallet.hear(month_closed(postpaid, OCTOBER, 3, 30_000))

    september, october = invoices(wallet, postpaid)
    assert (september.settled_krw, september.carried_krw, september.billed_krw) == (30_000, 10_000, 20_000)
    assert (october.settled_krw, october.carried_krw) == (10_000, 0)
    wallet.assert_proven()


@pytest.mark.rule("WAL-14", "ORD-32")
def test_a_carry_over_needs_no_repayment(wallet, postpaid) -> None:
    """Whether the limit rises again is the operator's choice; what is no coupon any more is not billed."""
    order = an_order(wallet, postpaid, 30_000)
    wallet.hear(issued(order, 30_000, coupons=3, issued_at=IN_SEPTEMBER))
    wallet.hear(month_closed(postpaid, SEPTEMBER, 3, 30_000))

    wallet.hear(revoked(order, {SEPTEMBER: (1, 10_000)}, repaid=False), times=2)

    (invoice,) = invoices(wallet, postpaid)
    assert (invoice.settled_krw, invoice.carried_krw, invoice.billed_krw) == (30_000, 10_000, 20_000)
    assert [row.used_krw for row in wallet.sql("SELECT used_krw FROM monthly_uses")] == [30_000]
    assert wallet.hold_of(order) == (30_000, 30_000, 0, 0)
    wallet.assert_proven()


@pytest.mark.rule("WAL-14", "ORD-32")
def test_what_was_revoked_of_a_paid_invoice_is_taken_off_the_next_one(wallet, postpaid) -> None:
    order = an_order(wallet, postpaid, 60_000)
    wallet.hear(issued(order, 30_000, chunk_no=0, coupons=3, issued_at=IN_SEPTEMBER))
    wallet.hear(month_closed(postpaid, SEPTEMBER, 3, 30_000))
    wallet.sql("UPDATE invoices SET paid_on = current_date")

    wallet.hear(revoked(order, {SEPTEMBER: (2, 20_000)}))
    wallet.hear(issued(order, 30_000, chunk_no=1, coupons=3, issued_at=IN_OCTOBER))
    wallet.hear(month_closed(postpaid, OCTOBER, 3, 30_000))

    september, october = invoices(wallet, postpaid)
    assert (september.carried_krw, october.settled_krw, october.carried_krw) == (0, 30_000, 20_000)
    assert said(wallet)[-1].billed_krw == 10_000


@pytest.mark.rule("WAL-12")
def test_what_is_captured_after_its_month_was_settled_changes_no_invoice_silently(wallet, postpaid) -> None:
    order = an_order(wallet, postpaid)
    wallet.hear(issued(order, 10_000, chunk_no=0, issued_at=IN_SEPTEMBER))
    wallet.hear(month_closed(postpaid, SEPTEMBER, 1, 10_000))

    wallet.hear(issued(order, 20_000, chunk_no=1, coupons=2, issued_at=IN_SEPTEMBER))

    (invoice,) = invoices(wallet, postpaid)
    assert (invoice.settled_krw, invoice.revision) == (10_000, 1)
    with wallet.begin() as uow:
        (month,) = uow.issuing_months.page(state=None, is_late=True, after=None, rows_max=10)
    assert (month.late.coupons, month.late.amount_krw) == (2, 20_000)
    wallet.assert_proven()
