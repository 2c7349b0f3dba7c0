"""Companies, and the changes of their business data, in PostgreSQL."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, exists, or_, select
from sqlalchemy.orm import Session

from identity.application.queries import CompanyQuery
from identity.domain.business_number import BusinessNumber
from identity.domain.company import BusinessChange, CashLike, ChangeState, Company, CompanyState, PaymentMethod
from identity.domain.errors import CompanyAlreadyRegisteredError
from identity.storage.conflicts import refusing
from identity.storage.tables import business_changes, companies


class PostgresCompanies:
    """`Companies` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, company: Company) -> None:
        """Keep a new one. Raises `CompanyAlreadyRegisteredError`."""
        with refusing(self._session, {"uq_companies_business_number": CompanyAlreadyRegisteredError()}):
            self._session.execute(companies.insert().values(id=company.id, **_columns(company)))

    def get(self, company_id: UUID) -> Company | None:
        """The company, for reading."""
        row = self._session.execute(select(companies).where(companies.c.id == company_id)).one_or_none()
        return None if row is None else company_of(row)

    def get_for_update(self, company_id: UUID) -> Company | None:
        """The company, locked until the transaction ends."""
        statement = select(companies).where(companies.c.id == company_id).with_for_update()
        row = self._session.execute(statement).one_or_none()
        return None if row is None else company_of(row)

    def save(self, company: Company) -> None:
        """Keep a change."""
        this = companies.c.id == company.id
        self._session.execute(companies.update().where(this).values(**_columns(company)))

    def page(self, query: CompanyQuery, rows_max: int) -> Sequence[Company]:
        """Companies, the oldest first."""
        statement = select(companies).order_by(companies.c.id).limit(rows_max)
        if query.state is not None:
            statement = statement.where(companies.c.state == query.state.value)
        if query.payment_method is not None:
            statement = statement.where(companies.c.payment_method == query.payment_method.value)
        if query.text:
            found = (
                each.icontains(query.text, autoescape=True) for each in (companies.c.name, companies.c.business_number)
            )
            statement = statement.where(or_(*found))
        if query.after is not None:
            statement = statement.where(companies.c.id > query.after)
        return [company_of(row) for row in self._session.execute(statement)]

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
        cash_like=CashLike(row.cash_like_permitted, row.cash_like_limit_krw, row.cash_like_version),
        generation=row.generation,
        version=row.version,
    )


def _columns(company: Company) -> dict[str, Any]:
    return {
        "sign_up_id": company.sign_up_id,
        "name": company.name,
        "representative_name": company.representative_name,
        "business_number": str(company.business_number),
        "payment_method": company.payment_method.value,
        "master_id": company.master_id,
        "state": company.state.value,
        "approved_at": company.approved_at,
        "cash_like_permitted": company.cash_like.permitted,
        "cash_like_limit_krw": company.cash_like.monthly_limit_krw,
        "cash_like_version": company.cash_like.version,
        "generation": company.generation,
        "version": company.version,
    }


class PostgresBusinessChanges:
    """`BusinessChanges` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, change: BusinessChange) -> None:
        """Keep a new one; a company has at most one that waits."""
        self._session.execute(
            business_changes.insert().values(
                id=change.id,
                company_id=change.company_id,
                requested_by=change.requested_by,
                name=change.name,
                representative_name=change.representative_name,
                requested_at=change.requested_at,
                state=change.state.value,
            )
        )

    def get(self, change_id: UUID) -> BusinessChange | None:
        """The change; who wants to decide it locks its company."""
        row = self._session.execute(select(business_changes).where(business_changes.c.id == change_id)).one_or_none()
        return None if row is None else _change_of(row)

    def waiting_of(self, company_id: UUID) -> BusinessChange | None:
        """The company's change that waits."""
        waiting = (business_changes.c.company_id == company_id) & (
            business_changes.c.state == ChangeState.WAITING.value
        )
        row = self._session.execute(select(business_changes).where(waiting)).one_or_none()
        return None if row is None else _change_of(row)

    def save(self, change: BusinessChange) -> None:
        """Keep a decision."""
        self._session.execute(
            business_changes.update()
            .where(business_changes.c.id == change.id)
            .values(
                state=change.state.value,
                decided_by=change.decided_by,
                decided_at=change.decided_at,
                reason=change.reason,
            )
        )

    def page(self, state: ChangeState, after: UUID | None, rows_max: int) -> Sequence[BusinessChange]:
        """Changes in a state, the oldest first, from the one after `after`."""
        table = business_changes
        statement = select(table).where(table.c.state == state.value).order_by(table.c.id).limit(rows_max)
        if after is not None:
            statement = statement.where(table.c.id > after)
        return [_change_of(row) for row in self._session.execute(statement)]


def _change_of(row: Row[Any]) -> BusinessChange:
    return BusinessChange(
        id=row.id,
        company_id=row.company_id,
        requested_by=row.requested_by,
        name=row.name,
        representative_name=row.representative_name,
        requested_at=row.requested_at,
        state=ChangeState(row.state),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
    )
