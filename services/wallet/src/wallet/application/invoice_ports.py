"""What invoices need of the world outside the use cases."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from wallet.domain.invoice import CarriedPart, CarryOver, Invoice, InvoiceOrder
from wallet.domain.issuing import Issued


class Invoices(Protocol):
    """Invoices with their rows; whoever changes one has the company stand still first."""

    def next_number(self) -> int:
        """The next running number: without gaps, for it is taken in the transaction that uses it."""

    def add(self, invoice: Invoice) -> None:
        """Keep a new invoice."""

    def billable(self, company_id: UUID, month: str) -> Issued:
        """What a company has to pay later of a month of issue: captured, less what was revoked before its invoice."""

    def write_orders(self, invoice: Invoice) -> None:
        """Write the invoice's rows anew, by the same figures."""

    def get(self, invoice_id: UUID) -> Invoice:
        """The invoice. Raises `UnknownInvoiceError`."""

    def of_company(self, company_id: UUID, invoice_id: UUID) -> Invoice:
        """A company's own invoice. Raises `UnknownInvoiceError`."""

    def of_month(self, company_id: UUID, month: str) -> Invoice | None:
        """The invoice that settles a company's month of issue; None when there is none."""

    def kept(self, company_id: UUID) -> Sequence[Invoice]:
        """All kept invoices of a company, newest first."""

    def unpaid(self, company_id: UUID) -> Sequence[Invoice]:
        """A company's invoices that are not marked paid, oldest first."""

    def count_unpaid(self, company_id: UUID) -> int:
        """How many of a company's invoices are not marked paid and ask for money."""

    def page(
        self, *, company_id: UUID | None, is_paid: bool | None, before: UUID | None, rows_max: int
    ) -> Sequence[Invoice]:
        """Invoices of a company or of all, newest first, from before one on."""

    def save(self, invoice: Invoice) -> None:
        """Write an invoice's new state."""

    def orders(self, invoice_id: UUID, *, after_no: int, rows_max: int) -> Sequence[InvoiceOrder]:
        """Rows of an invoice in order, from after one on."""

    def title(self, invoice_id: UUID) -> tuple[str, int]:
        """The name of an invoice's first order, and how many orders it has."""

    def destroy(self, last_issued_on: date, at: datetime) -> int:
        """Destroy every invoice issued until a Seoul day, with its rows and carry-overs; how many there were."""


class CarryOvers(Protocol):
    """이월취소, and which invoices took it up."""

    def add(self, carry_over: CarryOver, parts: Sequence[CarriedPart]) -> None:
        """Keep a carry-over and what invoices take up of it."""

    def waiting(self, company_id: UUID) -> Sequence[CarryOver]:
        """A company's carry-overs of which something is left, oldest first."""

    def take_up(self, carry_over: CarryOver, part: CarriedPart) -> None:
        """Let an invoice take up part of what is left of a carry-over."""

    def of_invoice(self, invoice_id: UUID) -> Sequence[tuple[CarryOver, int]]:
        """What an invoice took up, by carry-over, in KRW."""
