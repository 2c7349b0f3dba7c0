"""후불 납부 관리, for postpaid masters (WAL-13, WAL-15)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Response
from flask_openapi3 import APIBlueprint, Tag

from chassis.access import members
from chassis.file_types import XLSX
from chassis.paging import PageQuery, page_of, read_cursor
from wallet.api.invoice_models import (
    InvoiceDetail,
    InvoiceOrderPage,
    InvoicePath,
    Invoices,
    InvoiceView,
    KeptInvoice,
    PrintQuery,
    detail_of,
    invoice_fields,
    order_view,
)
from wallet.api.receipts import shown_pdf
from wallet.api.tenancy import own_company_id
from wallet.application.invoices import own_invoice, own_invoices, printed, whole_invoice
from wallet.application.ports import Transactions
from wallet.domain.invoice import Invoice, InvoiceOrder, months_back
from wallet.domain.invoice_print import InvoiceSender, PrintedInvoice

_ONE = "/v1/invoices/<uuid:invoice_id>"


@dataclass(frozen=True)
class InvoicePapers:
    """How invoices are printed and written, and who sends them."""

    sender: InvoiceSender
    print_invoice: Callable[[PrintedInvoice], bytes]
    write_invoice: Callable[[Invoice, Sequence[InvoiceOrder]], bytes]
    workbook_rows_max: int


def invoices_blueprint(transactions: Transactions, papers: InvoicePapers, *, months_shown: int) -> APIBlueprint:
    """The routes under /v1/invoices."""
    blueprint = APIBlueprint("invoices", __name__, abp_tags=[Tag(name="invoices")])
    _add_views(blueprint, transactions, months_shown=months_shown)
    _add_papers(blueprint, transactions, papers)
    return blueprint


def _add_views(blueprint: APIBlueprint, transactions: Transactions, *, months_shown: int) -> None:
    @blueprint.get("/v1/invoices", responses={200: Invoices})
    @members(roles={"master"})
    def list_invoices() -> Invoices:
        """청구 내역: the invoices of the last 3 months, and which months are kept."""
        with transactions() as uow:
            kept = own_invoices(own_company_id(), uow)
            first_month = months_back(uow.at, months_shown)
        recent = [invoice for invoice in kept if invoice.invoice_month >= first_month]
        return Invoices(
            recent=[InvoiceView.model_validate(invoice_fields(invoice)) for invoice in recent],
            kept=[KeptInvoice(invoice_id=invoice.id, invoice_month=invoice.invoice_month) for invoice in kept],
        )

    @blueprint.get(_ONE, responses={200: InvoiceDetail})
    @members(roles={"master"})
    def read_invoice(path: InvoicePath) -> InvoiceDetail:
        """The head of 청구 상세 내역: use period, sums and notices."""
        with transactions() as uow:
            invoice = own_invoice(own_company_id(), path.invoice_id, uow)
        return detail_of(invoice)

    @blueprint.get(f"{_ONE}/orders", responses={200: InvoiceOrderPage})
    @members(roles={"master"})
    def list_orders(path: InvoicePath, query: PageQuery) -> InvoiceOrderPage:
        """The rows of 청구 상세 내역, an order each."""
        key = read_cursor(query.cursor, int)
        with transactions() as uow:
            invoice = own_invoice(own_company_id(), path.invoice_id, uow)
            rows = uow.invoices.orders(invoice.id, after_no=0 if key is None else key[0], rows_max=query.limit + 1)
        items, next_cursor = page_of(rows, query.limit, key=lambda row: (row.no,), show=order_view)
        return InvoiceOrderPage(items=items, next_cursor=next_cursor)


def _add_papers(blueprint: APIBlueprint, transactions: Transactions, papers: InvoicePapers) -> None:
    @blueprint.get(f"{_ONE}/xlsx")
    @members(roles={"master"})
    def download_invoice(path: InvoicePath) -> Response:
        """액셀 다운로드: the rows as a workbook, with the sums below them."""
        with transactions() as uow:
            invoice = own_invoice(own_company_id(), path.invoice_id, uow)
            rows = whole_invoice(invoice, uow, rows_max=papers.workbook_rows_max)
        response = Response(papers.write_invoice(invoice, rows), mimetype=XLSX)
        response.headers["Content-Disposition"] = f'attachment; filename="invoice-{invoice.invoice_month}.xlsx"'
        response.headers["Cache-Control"] = "private, no-store"
        return response

    @blueprint.get(f"{_ONE}/pdf")
    @members(roles={"master"})
    def print_invoice(path: InvoicePath, query: PrintQuery) -> Response:
        """청구서 발행: INVOICE as PDF; its day is that of this print only."""
        with transactions() as uow:
            invoice = own_invoice(own_company_id(), path.invoice_id, uow)
            document = printed(invoice, papers.sender, query.dated_on, uow)
        return shown_pdf(papers.print_invoice(document), f"invoice-{invoice.document_number}")
