"""Changes of payment methods, in PostgreSQL (IDN-28)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from identity.application.queries import PaymentChangeQuery
from identity.domain.company import PaymentMethod
from identity.domain.payment_change import PaymentChange, PaymentChangeState
from identity.domain.sign_up import Contract
from identity.storage.affair_tables import payment_changes
from identity.storage.hindrances import hindrances_of, kept


class PostgresPaymentChanges:
    """`PaymentChanges` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, change: PaymentChange) -> None:
        """Keep a new one."""
        contract = change.contract
        self._session.execute(
            payment_changes.insert().values(
                id=change.id,
                company_id=change.company_id,
                payment_method=change.to.value,
                contract_limit_krw=contract and contract.monthly_limit_krw,
                contract_starts_on=contract and contract.starts_on,
                billing_name=contract and contract.billing_name,
                billing_email=contract and contract.billing_email,
                requested_by=change.requested_by,
                requested_at=change.requested_at,
                reason=change.reason,
                inquiry_id=change.inquiry_id,
                state=change.state.value,
                hindrances=kept(change.hindrances),
            )
        )

    def get(self, change_id: UUID) -> PaymentChange | None:
        """The change; who wants to move it locks its company first."""
        row = self._session.execute(select(payment_changes).where(payment_changes.c.id == change_id)).one_or_none()
        return None if row is None else _change_of(row)

    def save(self, change: PaymentChange) -> None:
        """Keep its end."""
        self._session.execute(
            payment_changes.update()
            .where(payment_changes.c.id == change.id)
            .values(state=change.state.value, hindrances=kept(change.hindrances), closed_at=change.closed_at)
        )

    def page(self, query: PaymentChangeQuery, rows_max: int) -> Sequence[PaymentChange]:
        """A company's changes, the latest first."""
        table = payment_changes
        statement = select(table).where(table.c.company_id == query.company_id)
        if query.before is not None:
            statement = statement.where(table.c.id < query.before)
        return [_change_of(row) for row in self._session.execute(statement.order_by(table.c.id.desc()).limit(rows_max))]


def _change_of(row: Row[Any]) -> PaymentChange:
    contract = None
    if row.contract_limit_krw is not None:
        contract = Contract(row.contract_limit_krw, row.contract_starts_on, row.billing_name, row.billing_email)
    return PaymentChange(
        id=row.id,
        company_id=row.company_id,
        to=PaymentMethod(row.payment_method),
        contract=contract,
        requested_by=row.requested_by,
        requested_at=row.requested_at,
        reason=row.reason,
        inquiry_id=row.inquiry_id,
        state=PaymentChangeState(row.state),
        hindrances=hindrances_of(row.hindrances),
        closed_at=row.closed_at,
    )
