"""Companies in PostgreSQL."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, exists, select
from sqlalchemy.orm import Session

from identity.domain.business_number import BusinessNumber
from identity.domain.company import Company, CompanyState, PaymentMethod
from identity.domain.errors import CompanyAlreadyRegisteredError
from identity.storage.conflicts import refusing
from identity.storage.tables import companies


class PostgresCompanies:
    """`Companies` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, company: Company) -> None:
        """Keep a new one. Raises `CompanyAlreadyRegisteredError`."""
        with refusing(self._session, {"uq_companies_business_number": CompanyAlreadyRegisteredError()}):
            self._session.execute(
                companies.insert().values(
                    id=company.id,
                    sign_up_id=company.sign_up_id,
                    name=company.name,
                    representative_name=company.representative_name,
                    business_number=str(company.business_number),
                    payment_method=company.payment_method.value,
                    master_id=company.master_id,
                    state=company.state.value,
                    approved_at=company.approved_at,
                    generation=company.generation,
                    version=company.version,
                )
            )

    def get(self, company_id: UUID) -> Company | None:
        """The company, for reading."""
        row = self._session.execute(select(companies).where(companies.c.id == company_id)).one_or_none()
        return None if row is None else company_of(row)

    def has_number(self, number: BusinessNumber) -> bool:
        """Whether a company of this number is there (IDN-27)."""
        return bool(self._session.scalar(select(exists().where(companies.c.business_number == str(number)))))


def company_of(row: Row[Any]) -> Company:
    """The company that a row holds."""
    return Company(
        id=row.id,
        sign_up_id=row.sign_up_id,
        name=row.name,
        representative_name=row.representative_name,
        business_number=BusinessNumber.parse(row.business_number),
        payment_method=PaymentMethod(row.payment_method),
        master_id=row.master_id,
        approved_at=row.approved_at,
        state=CompanyState(row.state),
        generation=row.generation,
        version=row.version,
    )
