"""The turn of the month: a company's invoice is made when its captures are what ordering counted (WAL-12)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contracts.audit import Act
from contracts.wallet import InvoiceIssued
from wallet.application.carry_overs import take_up_waiting
from wallet.application.ports import UnitOfWork
from wallet.domain.invoice import Invoice
from wallet.domain.invoice_errors import (
    ContradictoryClosingError,
    NothingToRestateError,
    UnknownIssuingMonthError,
)
from wallet.domain.issuing import NOTHING, Capture, Issued, MonthState


@dataclass(frozen=True)
class CloseIssuingMonth:
    """Ordering closed a company's month of issue, and counted it; revoked coupons are among those counted."""

    company_id: UUID
    month: str
    counted: Issued
    closed_at: datetime


def close_issuing_month(command: CloseIssuingMonth, uow: UnitOfWork) -> None:
    """Make the invoice of the month, or let it wait for the captures that are missing; again changes nothing.

    Raises `UnknownCompanyError`, and `ContradictoryClosingError` when the month was closed with other figures.
    """
    uow.ledger.stand_still(command.company_id)
    known = uow.issuing_months.closed(command.company_id, command.month)
    if known is None:
        uow.issuing_months.close(command.company_id, command.month, command.counted, command.closed_at)
        settle_month(command.company_id, command.month, uow)
    elif known.counted != command.counted:
        raise ContradictoryClosingError(command.company_id, command.month)


def count_capture(capture: Capture, uow: UnitOfWork) -> None:
    """Count issued coupons in their month, and settle it when it only waited for them; under a posting."""
    state = uow.issuing_months.add(capture)
    if state is MonthState.WAITING:
        settle_month(capture.company_id, capture.month, uow)
    elif state is not None:
        uow.issuing_months.note_late(capture.company_id, capture.month, capture.issued)


def settle_month(company_id: UUID, month: str, uow: UnitOfWork) -> None:
    """Settle a closed month if our captures are what was counted."""
    closed = uow.issuing_months.closed(company_id, month)
    if closed is None or not closed.agrees:
        return
    billable = uow.invoices.billable(company_id, month)
    if billable.coupons == 0:
        uow.issuing_months.settle(company_id, month, MonthState.EMPTY, None, uow.at)
    else:
        _make(company_id, month, billable, uow)


def _make(company_id: UUID, month: str, billable: Issued, uow: UnitOfWork) -> Invoice:
    invoice = Invoice(
        id=uow.new_id(),
        company_id=company_id,
        number=uow.invoices.next_number(),
        month=month,
        coupons=billable.coupons,
        settled_krw=billable.amount_krw,
        issued_at=uow.at,
    )
    uow.invoices.add(invoice)
    _finish(invoice, uow)
    return invoice


def _finish(invoice: Invoice, uow: UnitOfWork) -> None:
    uow.invoices.write_orders(invoice)
    uow.issuing_months.settle(invoice.company_id, invoice.month, MonthState.INVOICED, invoice.id, uow.at)
    invoice = take_up_waiting(invoice, uow)
    uow.outbox.add(
        InvoiceIssued(
            invoice_id=invoice.id,
            company_id=invoice.company_id,
            month=invoice.month,
            coupons=invoice.coupons,
            settled_krw=invoice.settled_krw,
            billed_krw=invoice.billed_krw,
            issued_at=uow.at,
        )
    )


@dataclass(frozen=True)
class RestateInvoice:
    """An operator takes coupons into an invoice that were captured after it was made, and says why."""

    company_id: UUID
    month: str
    operator_id: UUID
    reason: str


def restate_invoice(command: RestateInvoice, uow: UnitOfWork) -> UUID:
    """Make the month's invoice again with all that was captured; it shows its revision. The invoice's id.

    Raises `UnknownCompanyError`, `UnknownIssuingMonthError`, `NothingToRestateError`, `InvoicePaidError`.
    """
    uow.ledger.stand_still(command.company_id)
    closed = uow.issuing_months.closed(command.company_id, command.month)
    if closed is None or closed.state is MonthState.DESTROYED:
        raise UnknownIssuingMonthError(command.company_id, command.month)
    billable = uow.invoices.billable(command.company_id, command.month)
    if closed.late == NOTHING or billable.coupons == 0:
        raise NothingToRestateError(command.company_id, command.month)
    before = uow.invoices.of_month(command.company_id, command.month)
    if before is None:
        after = _make(command.company_id, command.month, billable, uow)
    else:
        after = before.restated(billable.coupons, billable.amount_krw)
        _finish(after, uow)
    act = Act(
        action="restate_invoice",
        target_kind="invoice",
        target_id=str(after.id),
        company_id=command.company_id,
        reason=command.reason,
        before=None if before is None else {"settled_krw": before.settled_krw, "revision": before.revision},
        after={"settled_krw": after.settled_krw, "revision": after.revision},
    )
    uow.outbox.add_act(command.operator_id, act)
    return after.id
