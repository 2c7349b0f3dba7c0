"""INVOICE: what stands on a printed invoice (WAL-15)."""

from dataclasses import dataclass
from datetime import date, datetime

from wallet.domain.invoice import Invoice


@dataclass(frozen=True)
class InvoiceSender:
    """Who sends invoices, and in what words."""

    name: str
    address: str
    phone: str
    representative_name: str
    bank_account: str
    subject: str
    greeting: str
    request: str
    item: str
    closing: str


@dataclass(frozen=True)
class PrintedInvoice:
    """An invoice as it is printed at a moment; `dated_on` is 일자 and 청구 일자 of this print only."""

    invoice: Invoice
    sender: InvoiceSender
    company_name: str
    order_title: str
    printed_at: datetime
    dated_on: date
