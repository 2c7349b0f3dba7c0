"""Operators: invoices, what is carried over, what months wait for (WAL-12, WAL-14)."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from flask import Response
from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, Field, StringConstraints

from chassis.access import caller, operators
from chassis.idempotency import idempotency_key, keyed
from chassis.paging import PageQuery, page_of, read_cursor
from wallet.api.invoice_models import (
    CarryOverBody,
    ClosedMonthPage,
    InvoicePath,
    OperatorInvoice,
    OperatorInvoiceDetail,
    OperatorInvoicePage,
    PaidBody,
    PrintQuery,
    RestateBody,
    carry_over_view,
    closed_month_view,
    invoice_fields,
)
from wallet.api.invoices import InvoicePapers
from wallet.api.receipts import shown_pdf
from wallet.application.carry_overs import EnterCarryOver, enter_carry_over
from wallet.application.invoices import MarkPaid, mark_paid, printed
from wallet.application.invoicing import RestateInvoice, restate_invoice
from wallet.application.ports import Transactions, UnitOfWork
from wallet.domain.invoice import Invoice
from wallet.domain.issuing import MonthState

_READERS = {"support", "finance", "admin"}
_DECIDERS = {"finance", "admin"}
_ONE = "/admin/invoices/<uuid:invoice_id>"


class InvoicesQuery(PageQuery):
    """Which invoices; what is absent restricts nothing."""

    company_id: UUID | None = None
    is_paid: bool | None = None


class MonthsQuery(PageQuery):
    """Which closed months: by default those of every state."""

    state: MonthState | None = None
    is_late: bool | None = Field(default=None, description="true: coupons were captured after the month was settled")


class MonthPath(BaseModel):
    company_id: UUID
    month: Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


def admin_invoices_blueprint(transactions: Transactions, papers: InvoicePapers) -> APIBlueprint:
    """The routes of the admin port about invoices: `support` reads, `finance` and `admin` decide."""
    blueprint = APIBlueprint("admin_invoices", __name__, abp_tags=[Tag(name="invoices")])
    _add_views(blueprint, transactions, papers)
    _add_acts(blueprint, transactions)
    _add_months(blueprint, transactions)
    return blueprint


def _add_views(blueprint: APIBlueprint, transactions: Transactions, papers: InvoicePapers) -> None:
    @blueprint.get("/admin/invoices", responses={200: OperatorInvoicePage})
    @operators(roles=_READERS)
    def list_all_invoices(query: InvoicesQuery) -> OperatorInvoicePage:
        """Invoices of a company or of all, newest first."""
        key = read_cursor(query.cursor, UUID)
        with transactions() as uow:
            rows = uow.invoices.page(
                company_id=query.company_id,
                is_paid=query.is_paid,
                before=None if key is None else key[0],
                rows_max=query.limit + 1,
            )
            names = {row.company_id: uow.companies.get(row.company_id).name for row in rows}
        items, next_cursor = page_of(
            rows, query.limit, key=lambda row: (row.id,), show=lambda row: _shown(row, names[row.company_id])
        )
        return OperatorInvoicePage(items=items, next_cursor=next_cursor)

    @blueprint.get(_ONE, responses={200: OperatorInvoiceDetail})
    @operators(roles=_READERS)
    def read_any_invoice(path: InvoicePath) -> OperatorInvoiceDetail:
        """An invoice with what it took up of carry-overs."""
        with transactions() as uow:
            return _detail(path.invoice_id, uow)

    @blueprint.get(f"{_ONE}/pdf")
    @operators(roles=_READERS)
    def print_any_invoice(path: InvoicePath, query: PrintQuery) -> Response:
        """INVOICE as its company prints it."""
        with transactions() as uow:
            invoice = uow.invoices.get(path.invoice_id)
            document = printed(invoice, papers.sender, query.dated_on, uow)
        return shown_pdf(papers.print_invoice(document), f"invoice-{invoice.document_number}")


def _add_acts(blueprint: APIBlueprint, transactions: Transactions) -> None:
    @blueprint.post(f"{_ONE}/carry-overs", responses={201: OperatorInvoiceDetail})
    @operators(roles=_DECIDERS)
    @keyed
    def enter(path: InvoicePath, body: CarryOverBody) -> tuple[OperatorInvoiceDetail, int]:
        """이월취소: taken off the invoice while it is not paid; what is left over goes to the next one."""
        operator_id = caller().subject_id
        command = EnterCarryOver(path.invoice_id, operator_id, body.amount_krw, body.reason)
        with transactions() as uow:
            uow.once(
                scope=str(operator_id),
                key=idempotency_key(),
                operation="enter_carry_over",
                body=body.model_dump(mode="json") | {"invoice_id": str(path.invoice_id)},
                create=lambda: enter_carry_over(command, uow),
            )
            return _detail(path.invoice_id, uow), HTTPStatus.CREATED

    @blueprint.post(f"{_ONE}/paid", responses={200: OperatorInvoiceDetail})
    @operators(roles=_DECIDERS)
    def pay(path: InvoicePath, body: PaidBody) -> OperatorInvoiceDetail:
        """The money came in: nothing about the invoice changes any more."""
        with transactions() as uow:
            mark_paid(MarkPaid(path.invoice_id, caller().subject_id, body.paid_on), uow)
            return _detail(path.invoice_id, uow)


def _add_months(blueprint: APIBlueprint, transactions: Transactions) -> None:
    @blueprint.get("/admin/issuing-months", responses={200: ClosedMonthPage})
    @operators(roles=_READERS)
    def list_months(query: MonthsQuery) -> ClosedMonthPage:
        """Closed months: which of them wait, for what, and which had late captures."""
        key = read_cursor(query.cursor, str, UUID)
        with transactions() as uow:
            rows = uow.issuing_months.page(
                state=query.state,
                is_late=query.is_late,
                after=None if key is None else (key[0], key[1]),
                rows_max=query.limit + 1,
            )
        items, next_cursor = page_of(
            rows, query.limit, key=lambda row: (row.month, row.company_id), show=closed_month_view
        )
        return ClosedMonthPage(items=items, next_cursor=next_cursor)

    @blueprint.post(
        "/admin/companies/<uuid:company_id>/issuing-months/<month>/restate", responses={200: OperatorInvoiceDetail}
    )
    @operators(roles=_DECIDERS)
    def restate(path: MonthPath, body: RestateBody) -> OperatorInvoiceDetail:
        """Take late captures into the month's invoice, which then shows its revision; the company is told anew."""
        command = RestateInvoice(path.company_id, path.month, caller().subject_id, body.reason)
        with transactions() as uow:
            return _detail(restate_invoice(command, uow), uow)


def _shown(invoice: Invoice, company_name: str) -> OperatorInvoice:
    fields = invoice_fields(invoice) | {"company_id": invoice.company_id, "company_name": company_name}
    return OperatorInvoice.model_validate(fields)


def _detail(invoice_id: UUID, uow: UnitOfWork) -> OperatorInvoiceDetail:
    invoice = uow.invoices.get(invoice_id)
    company = uow.companies.get(invoice.company_id)
    taken_up = [carry_over_view(each, part_krw) for each, part_krw in uow.carry_overs.of_invoice(invoice_id)]
    return OperatorInvoiceDetail.model_validate(_shown(invoice, company.name).model_dump() | {"carry_overs": taken_up})
