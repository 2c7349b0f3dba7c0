"""Quotes in PostgreSQL, and the names of the companies that they are for."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from catalog.domain.quote import Quote, QuotedOrderType, QuoteLine, SupplierParty
from catalog.storage.tables import companies, quote_lines, quote_running_number, quotes


class PostgresQuotes:
    """`Quotes` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def next_number(self) -> int:
        """The next running number; gaps are allowed."""
        return self._session.execute(quote_running_number.next_value().select()).scalar_one()

    def add(self, quote: Quote) -> None:
        """Store a new quote."""
        self._session.execute(
            insert(quotes).values(
                id=quote.id,
                number=quote.number,
                issued_at=quote.issued_at,
                member_id=quote.member_id,
                company_id=quote.company_id,
                company_name=quote.company_name,
                supplier_business_number=quote.supplier.business_number,
                supplier_name=quote.supplier.name,
                supplier_address=quote.supplier.address,
                supplier_representative_name=quote.supplier.representative_name,
                order_type=quote.order_type.value,
                recipients=quote.recipients,
                valid_days=quote.valid_days,
            )
        )
        rows = [
            {
                "quote_id": quote.id,
                "line_no": line_no,
                "product_id": line.product_id,
                "brand_name": line.brand_name,
                "product_name": line.product_name,
                "validity_days": line.validity_days,
                "face_price_krw": line.face_price_krw,
                "sale_price_krw": line.sale_price_krw,
            }
            for line_no, line in enumerate(quote.lines, start=1)
        ]
        self._session.execute(insert(quote_lines), rows)

    def find(self, quote_id: UUID) -> Quote | None:
        """The quote as it was issued."""
        row = self._session.execute(select(quotes).where(quotes.c.id == quote_id)).one_or_none()
        if row is None:
            return None
        lines = select(quote_lines).where(quote_lines.c.quote_id == quote_id).order_by(quote_lines.c.line_no)
        return Quote(
            id=row.id,
            number=row.number,
            issued_at=row.issued_at,
            member_id=row.member_id,
            company_id=row.company_id,
            company_name=row.company_name,
            supplier=SupplierParty(
                business_number=row.supplier_business_number,
                name=row.supplier_name,
                address=row.supplier_address,
                representative_name=row.supplier_representative_name,
            ),
            order_type=QuotedOrderType(row.order_type),
            recipients=row.recipients,
            valid_days=row.valid_days,
            lines=tuple(_line(line) for line in self._session.execute(lines)),
        )


class PostgresCompanies:
    """`Companies` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, company_id: UUID, version: int, name: str) -> None:
        """Keep the name, unless a newer version is known."""
        kept = upsert(companies).values(id=company_id, version=version, name=name)
        changed = kept.on_conflict_do_update(
            index_elements=[companies.c.id],
            set_={"version": kept.excluded.version, "name": kept.excluded.name},
            where=companies.c.version < kept.excluded.version,
        )
        self._session.execute(changed)

    def name_of(self, company_id: UUID) -> str | None:
        """The company's name; None while identity's word has not come."""
        return self._session.scalar(select(companies.c.name).where(companies.c.id == company_id))


def _line(row: Row[Any]) -> QuoteLine:
    return QuoteLine(
        product_id=row.product_id,
        brand_name=row.brand_name,
        product_name=row.product_name,
        validity_days=row.validity_days,
        face_price_krw=row.face_price_krw,
        sale_price_krw=row.sale_price_krw,
    )
