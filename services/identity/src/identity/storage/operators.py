"""Operators and the audit log of their acts, in PostgreSQL."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, literal, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from identity.application.queries import AuditEntry, AuditQuery
from identity.domain.errors import OperatorExistsError
from identity.domain.operator import Operator, OperatorRole
from identity.storage.conflicts import refusing
from identity.storage.tables import audit_log, operators


class PostgresOperators:
    """`Operators` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, operator: Operator) -> None:
        """Keep a new one. Raises `OperatorExistsError`."""
        with refusing(self._session, {"uq_operators_email": OperatorExistsError(operator.email)}):
            self._session.execute(operators.insert().values(id=operator.id, **_columns(operator)))

    def get_for_update(self, operator_id: UUID) -> Operator | None:
        """The operator, locked until the transaction ends."""
        return self._one(select(operators).where(operators.c.id == operator_id).with_for_update())

    def by_email(self, email: str) -> Operator | None:
        """The operator with this login id."""
        return self._one(select(operators).where(operators.c.email == email))

    def save(self, operator: Operator) -> None:
        """Keep a change."""
        self._session.execute(operators.update().where(operators.c.id == operator.id).values(**_columns(operator)))

    def _one(self, statement: Select[Any]) -> Operator | None:
        row = self._session.execute(statement).one_or_none()
        return None if row is None else _operator_of(row)


class PostgresAuditLog:
    """`AuditLog` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, entry: AuditEntry) -> None:
        """Keep an act; one that is there already stays as it is."""
        row = insert(audit_log).values(
            act_id=entry.act_id,
            service=entry.service,
            operator_id=entry.operator_id,
            action=entry.action,
            target_kind=entry.target_kind,
            target_id=entry.target_id,
            company_id=entry.company_id,
            reason=entry.reason,
            before=entry.before,
            after=entry.after,
            acted_at=entry.acted_at,
        )
        self._session.execute(row.on_conflict_do_nothing())

    def page(self, query: AuditQuery, rows_max: int) -> Sequence[AuditEntry]:
        """Acts that the query finds, the latest first."""
        table = audit_log
        equal = {
            table.c.operator_id: query.operator_id,
            table.c.service: query.service,
            table.c.action: query.action,
            table.c.target_kind: query.target_kind,
            table.c.target_id: query.target_id,
            table.c.company_id: query.company_id,
        }
        statement = select(table).where(*(column == value for column, value in equal.items() if value is not None))
        if query.since is not None:
            statement = statement.where(table.c.acted_at >= query.since)
        if query.until is not None:
            statement = statement.where(table.c.acted_at < query.until)
        if query.after is not None:
            here = tuple_(table.c.acted_at, table.c.act_id)
            statement = statement.where(here < tuple_(literal(query.after[0]), literal(query.after[1])))
        latest_first = statement.order_by(table.c.acted_at.desc(), table.c.act_id.desc()).limit(rows_max)
        return [_entry_of(row) for row in self._session.execute(latest_first)]


def _entry_of(row: Row[Any]) -> AuditEntry:
    return AuditEntry(
        act_id=row.act_id,
        service=row.service,
        operator_id=row.operator_id,
        action=row.action,
        target_kind=row.target_kind,
        target_id=row.target_id,
        company_id=row.company_id,
        reason=row.reason,
        before=row.before,
        after=row.after,
        acted_at=row.acted_at,
    )


def _operator_of(row: Row[Any]) -> Operator:
    return Operator(
        id=row.id,
        email=row.email,
        name=row.name,
        password_hash=row.password_hash,
        totp_secret=row.totp_secret,
        roles=frozenset(OperatorRole(role) for role in row.roles),
        created_at=row.created_at,
        totp_step=row.totp_step,
        generation=row.generation,
        active=row.active,
    )


def _columns(operator: Operator) -> dict[str, Any]:
    return {
        "email": operator.email,
        "name": operator.name,
        "password_hash": operator.password_hash,
        "totp_secret": operator.totp_secret,
        "totp_step": operator.totp_step,
        "roles": sorted(role.value for role in operator.roles),
        "active": operator.active,
        "generation": operator.generation,
        "created_at": operator.created_at,
    }
