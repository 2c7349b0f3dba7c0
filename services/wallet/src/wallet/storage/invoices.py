"""Invoices with their rows, and what was carried over to them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from wallet.domain.invoice import NUMBER_PREFIX, CarriedPart, CarryOver, Invoice, InvoiceOrder
from wallet.domain.invoice_errors import UnknownInvoiceError
from wallet.domain.issuing import Issued, MonthState
from wallet.domain.month import seoul_date
from wallet.storage.invoice_tables import (
    carry_over_parts,
    carry_overs,
    invoice_numbers,
    invoice_orders,
    invoices,
    issuing_months,
)

_BILLABLE_ORDERS = """
    WITH issued AS (
      SELECT order_id, sum(coupons) AS coupons, sum(amount_krw) AS amount_krw
      FROM captures WHERE company_id = :company_id AND month = :month GROUP BY order_id
    ), revoked AS (
      SELECT order_id, sum(coupons) AS coupons, sum(amount_krw) AS amount_krw
      FROM revoked_months WHERE company_id = :company_id AND month = :month AND reduces GROUP BY order_id
    ), billable AS (
      SELECT holds.order_id, holds.order_number, holds.order_name, holds.placed_at, holds.amount_krw AS ordered_krw,
        holds.coupons AS ordered_coupons,
        issued.amount_krw - coalesce(revoked.amount_krw, 0) AS settled_krw,
        issued.coupons - coalesce(revoked.coupons, 0) AS settled_coupons
      FROM issued JOIN holds USING (order_id) LEFT JOIN revoked USING (order_id)
      WHERE holds.method = 'postpaid' AND issued.coupons > coalesce(revoked.coupons, 0)
    )
"""

_BILLABLE = text(f"""
    {_BILLABLE_ORDERS}
    SELECT coalesce(sum(settled_coupons), 0) AS coupons, coalesce(sum(settled_krw), 0) AS krw FROM billable
""")  # noqa: S608 - of the constant above

_WRITE_ORDERS = text(f"""
    {_BILLABLE_ORDERS}
    INSERT INTO invoice_orders (invoice_id, no, order_id, order_number, order_name, placed_at, ordered_krw,
      ordered_coupons, settled_krw, settled_coupons)
    SELECT :invoice_id, row_number() OVER (ORDER BY placed_at, order_number), order_id, order_number, order_name,
      placed_at, ordered_krw, coalesce(ordered_coupons, settled_coupons), settled_krw, settled_coupons
    FROM billable
""")  # noqa: S608 - of the constant above


class SqlInvoices:
    """`Invoices` over their tables."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next_number(self) -> int:
        """The next running number: without gaps, for it is taken in the transaction that uses it."""
        first = upsert(invoice_numbers).values(prefix=NUMBER_PREFIX, last_number=1)
        taken = first.on_conflict_do_update(
            index_elements=[invoice_numbers.c.prefix], set_={"last_number": invoice_numbers.c.last_number + 1}
        )
        return int(self._connection.execute(taken.returning(invoice_numbers.c.last_number)).scalar_one())

    def add(self, invoice: Invoice) -> None:
        """Keep a new invoice."""
        self._connection.execute(
            insert(invoices).values(
                id=invoice.id,
                company_id=invoice.company_id,
                number=invoice.number,
                month=invoice.month,
                issued_at=invoice.issued_at,
                issued_on=seoul_date(invoice.issued_at),
                **_changing(invoice),
            )
        )

    def billable(self, company_id: UUID, month: str) -> Issued:
        """What a company has to pay later of a month of issue: captured, less what was revoked before its invoice."""
        row = self._connection.execute(_BILLABLE, {"company_id": company_id, "month": month}).one()
        return Issued(int(row.coupons), int(row.krw))

    def write_orders(self, invoice: Invoice) -> None:
        """Write the invoice's rows anew, by the same figures."""
        self._connection.execute(delete(invoice_orders).where(invoice_orders.c.invoice_id == invoice.id))
        of_invoice = {"company_id": invoice.company_id, "month": invoice.month, "invoice_id": invoice.id}
        self._connection.execute(_WRITE_ORDERS, of_invoice)

    def get(self, invoice_id: UUID) -> Invoice:
        """The invoice. Raises `UnknownInvoiceError`."""
        return self._one(select(invoices).where(invoices.c.id == invoice_id), invoice_id)

    def of_company(self, company_id: UUID, invoice_id: UUID) -> Invoice:
        """A company's own invoice. Raises `UnknownInvoiceError`."""
        found = select(invoices).where(invoices.c.id == invoice_id, invoices.c.company_id == company_id)
        return self._one(found, invoice_id)

    def of_month(self, company_id: UUID, month: str) -> Invoice | None:
        """The invoice that settles a company's month of issue; None when there is none."""
        found = select(invoices).where(invoices.c.company_id == company_id, invoices.c.month == month)
        row = self._connection.execute(found).one_or_none()
        return None if row is None else _invoice(row)

    def kept(self, company_id: UUID) -> Sequence[Invoice]:
        """All kept invoices of a company, newest first."""
        found = select(invoices).where(invoices.c.company_id == company_id).order_by(invoices.c.month.desc())
        return [_invoice(row) for row in self._connection.execute(found)]

    def unpaid(self, company_id: UUID) -> Sequence[Invoice]:
        """A company's invoices that are not marked paid, oldest first."""
        is_open = (invoices.c.company_id == company_id, invoices.c.paid_on.is_(None))
        found = select(invoices).where(*is_open).order_by(invoices.c.month)
        return [_invoice(row) for row in self._connection.execute(found)]

    def count_unpaid(self, company_id: UUID) -> int:
        """How many of a company's invoices are not marked paid and ask for money."""
        asks = invoices.c.settled_krw > invoices.c.carried_krw
        is_open = (invoices.c.company_id == company_id, invoices.c.paid_on.is_(None), asks)
        return self._connection.scalar(select(func.count()).select_from(invoices).where(*is_open)) or 0

    def page(
        self, *, company_id: UUID | None, is_paid: bool | None, before: UUID | None, rows_max: int
    ) -> Sequence[Invoice]:
        """Invoices of a company or of all, newest first, from before one on."""
        found = select(invoices).order_by(invoices.c.id.desc()).limit(rows_max)
        if company_id is not None:
            found = found.where(invoices.c.company_id == company_id)
        if is_paid is not None:
            found = found.where(invoices.c.paid_on.is_not(None) if is_paid else invoices.c.paid_on.is_(None))
        if before is not None:
            found = found.where(invoices.c.id < before)
        return [_invoice(row) for row in self._connection.execute(found)]

    def save(self, invoice: Invoice) -> None:
        """Write an invoice's new state."""
        self._connection.execute(update(invoices).where(invoices.c.id == invoice.id).values(**_changing(invoice)))

    def orders(self, invoice_id: UUID, *, after_no: int, rows_max: int) -> Sequence[InvoiceOrder]:
        """Rows of an invoice in order, from after one on."""
        columns = [column for column in invoice_orders.c if column.name != "invoice_id"]
        of_invoice = (invoice_orders.c.invoice_id == invoice_id, invoice_orders.c.no > after_no)
        found = select(*columns).where(*of_invoice).order_by(invoice_orders.c.no).limit(rows_max)
        return [InvoiceOrder(**row._asdict()) for row in self._connection.execute(found)]

    def title(self, invoice_id: UUID) -> tuple[str, int]:
        """The name of an invoice's first order, and how many orders it has."""
        of_invoice = invoice_orders.c.invoice_id == invoice_id
        count = self._connection.scalar(select(func.count()).select_from(invoice_orders).where(of_invoice)) or 0
        first = select(invoice_orders.c.order_name).where(of_invoice).order_by(invoice_orders.c.no).limit(1)
        return self._connection.scalar(first) or "", count

    def destroy(self, last_issued_on: date, at: datetime) -> int:
        """Destroy every invoice issued until a Seoul day, with its rows and carry-overs; how many there were."""
        destroyed = self._connection.scalars(
            delete(invoices).where(invoices.c.issued_on <= last_issued_on).returning(invoices.c.id)
        ).all()
        gone = {"state": MonthState.DESTROYED.value, "invoice_id": None}
        self._connection.execute(update(issuing_months).where(issuing_months.c.invoice_id.in_(destroyed)).values(gone))
        has_part = select(carry_over_parts.c.carry_over_id).where(carry_over_parts.c.carry_over_id == carry_overs.c.id)
        self._connection.execute(
            delete(carry_overs).where(carry_overs.c.left_krw == 0, carry_overs.c.entered_at < at, ~has_part.exists())
        )
        return len(destroyed)

    def _one(self, found: Select[Any], invoice_id: UUID) -> Invoice:
        row = self._connection.execute(found).one_or_none()
        if row is None:
            raise UnknownInvoiceError(invoice_id)
        return _invoice(row)


class SqlCarryOvers:
    """`CarryOvers` over their tables."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, carry_over: CarryOver, parts: Sequence[CarriedPart]) -> None:
        """Keep a carry-over and what invoices take up of it."""
        names = ("id", "company_id", "amount_krw", "left_krw", "reason", "entered_at", "operator_id", "revocation_id")
        self._connection.execute(insert(carry_overs).values({name: getattr(carry_over, name) for name in names}))
        for part in parts:
            self._add_part(carry_over, part)

    def waiting(self, company_id: UUID) -> Sequence[CarryOver]:
        """A company's carry-overs of which something is left, oldest first."""
        is_left = (carry_overs.c.company_id == company_id, carry_overs.c.left_krw > 0)
        found = select(carry_overs).where(*is_left).order_by(carry_overs.c.id)
        return [CarryOver(**row._asdict()) for row in self._connection.execute(found)]

    def take_up(self, carry_over: CarryOver, part: CarriedPart) -> None:
        """Let an invoice take up part of what is left of a carry-over."""
        left = {"left_krw": carry_overs.c.left_krw - part.amount_krw}
        self._connection.execute(update(carry_overs).where(carry_overs.c.id == carry_over.id).values(left))
        self._add_part(carry_over, part)

    def of_invoice(self, invoice_id: UUID) -> Sequence[tuple[CarryOver, int]]:
        """What an invoice took up, by carry-over, in KRW."""
        found = (
            select(carry_overs, carry_over_parts.c.amount_krw.label("part_krw"))
            .join(carry_over_parts, carry_over_parts.c.carry_over_id == carry_overs.c.id)
            .where(carry_over_parts.c.invoice_id == invoice_id)
            .order_by(carry_overs.c.id)
        )
        rows = [row._asdict() for row in self._connection.execute(found)]
        parts = [row.pop("part_krw") for row in rows]
        return [(CarryOver(**row), part_krw) for row, part_krw in zip(rows, parts, strict=True)]

    def _add_part(self, carry_over: CarryOver, part: CarriedPart) -> None:
        # A restated invoice may take up more of what it took up before.
        row = upsert(carry_over_parts).values(
            carry_over_id=carry_over.id, invoice_id=part.invoice_id, amount_krw=part.amount_krw
        )
        self._connection.execute(
            row.on_conflict_do_update(
                index_elements=[carry_over_parts.c.carry_over_id, carry_over_parts.c.invoice_id],
                set_={"amount_krw": carry_over_parts.c.amount_krw + part.amount_krw},
            )
        )


def _changing(invoice: Invoice) -> dict[str, object]:
    return {
        "coupons": invoice.coupons,
        "settled_krw": invoice.settled_krw,
        "carried_krw": invoice.carried_krw,
        "revision": invoice.revision,
        "paid_on": invoice.paid_on,
    }


def _invoice(row: Row[Any]) -> Invoice:
    return Invoice(
        id=row.id,
        company_id=row.company_id,
        number=row.number,
        month=row.month,
        coupons=row.coupons,
        settled_krw=row.settled_krw,
        issued_at=row.issued_at,
        carried_krw=row.carried_krw,
        revision=row.revision,
        paid_on=row.paid_on,
    )
