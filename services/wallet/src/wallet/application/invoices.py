"""후불 납부 관리: what masters see of their invoices, and what operators do with them (WAL-13 … WAL-15)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.audit import Act
from wallet.application.ports import UnitOfWork
from wallet.domain.errors import TooManyLinesError
from wallet.domain.invoice import Invoice, InvoiceOrder, last_day_issued_to_destroy, title_of
from wallet.domain.invoice_print import InvoiceSender, PrintedInvoice
from wallet.domain.month import seoul_date


def own_invoices(company_id: UUID, uow: UnitOfWork) -> Sequence[Invoice]:
    """A company's kept invoices, newest first. Raises `UnknownCompanyError`, `InvoicesForPostpaidError`."""
    uow.companies.get(company_id).must_be_invoiced()
    return uow.invoices.kept(company_id)


def own_invoice(company_id: UUID, invoice_id: UUID, uow: UnitOfWork) -> Invoice:
    """One of them. Raises `UnknownInvoiceError` beside what `own_invoices` raises."""
    uow.companies.get(company_id).must_be_invoiced()
    return uow.invoices.of_company(company_id, invoice_id)


def whole_invoice(invoice: Invoice, uow: UnitOfWork, *, rows_max: int) -> Sequence[InvoiceOrder]:
    """Every row at once, for a workbook. Raises `TooManyLinesError`."""
    rows = uow.invoices.orders(invoice.id, after_no=0, rows_max=rows_max + 1)
    if len(rows) > rows_max:
        raise TooManyLinesError(rows_max)
    return rows


def printed(invoice: Invoice, sender: InvoiceSender, dated_on: date | None, uow: UnitOfWork) -> PrintedInvoice:
    """The invoice as it is printed now; without a day it is dated today, in Seoul."""
    return PrintedInvoice(
        invoice=invoice,
        sender=sender,
        company_name=uow.companies.get(invoice.company_id).name,
        order_title=title_of(*uow.invoices.title(invoice.id)),
        printed_at=uow.at,
        dated_on=dated_on or seoul_date(uow.at),
    )


@dataclass(frozen=True)
class MarkPaid:
    """An operator saw the money of an invoice come in, on that Seoul day."""

    invoice_id: UUID
    operator_id: UUID
    paid_on: date


def mark_paid(command: MarkPaid, uow: UnitOfWork) -> None:
    """Note that an invoice is paid: nothing about it changes any more.

    Raises `UnknownInvoiceError`, `InvoicePaidError`.
    """
    uow.ledger.stand_still(uow.invoices.get(command.invoice_id).company_id)
    before = uow.invoices.get(command.invoice_id)
    after = before.paid(command.paid_on)
    uow.invoices.save(after)
    act = Act(
        action="mark_invoice_paid",
        target_kind="invoice",
        target_id=str(after.id),
        company_id=after.company_id,
        before={"paid_on": None},
        after={"paid_on": command.paid_on.isoformat(), "billed_krw": after.billed_krw},
    )
    uow.outbox.add_act(command.operator_id, act)


def destroy_old_invoices(uow: UnitOfWork, kept_years: int) -> int:
    """Destroy invoices that were kept for so many years from their issue; how many (WAL-15)."""
    return uow.invoices.destroy(last_day_issued_to_destroy(uow.at, kept_years), uow.at)
