"""Requests for withdrawal and their proofs, in PostgreSQL (IDN-20)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select
from sqlalchemy.orm import Session

from identity.application.queries import WithdrawalQuery
from identity.domain.withdrawal import ProofFile, Withdrawal, WithdrawalState
from identity.storage.affair_tables import withdrawal_files, withdrawals
from identity.storage.hindrances import hindrances_of, kept


class PostgresWithdrawals:
    """`Withdrawals` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, withdrawal: Withdrawal) -> None:
        """Keep a new one."""
        self._session.execute(withdrawals.insert().values(id=withdrawal.id, **_columns(withdrawal)))

    def get(self, withdrawal_id: UUID) -> Withdrawal | None:
        """The request; who wants to move it locks its member first."""
        row = self._session.execute(select(withdrawals).where(withdrawals.c.id == withdrawal_id)).one_or_none()
        return None if row is None else _withdrawal_of(row)

    def latest_of(self, member_id: UUID) -> Withdrawal | None:
        """The member's last request."""
        of_member = select(withdrawals).where(withdrawals.c.member_id == member_id)
        row = self._session.execute(of_member.order_by(withdrawals.c.id.desc()).limit(1)).one_or_none()
        return None if row is None else _withdrawal_of(row)

    def save(self, withdrawal: Withdrawal) -> None:
        """Keep a change."""
        this = withdrawals.c.id == withdrawal.id
        self._session.execute(withdrawals.update().where(this).values(**_columns(withdrawal)))

    def page(self, query: WithdrawalQuery, rows_max: int) -> Sequence[Withdrawal]:
        """Requests, the oldest first."""
        table = withdrawals
        statement = select(table).where(table.c.state == query.state.value).order_by(table.c.id).limit(rows_max)
        if query.company_id is not None:
            statement = statement.where(table.c.company_id == query.company_id)
        if query.after is not None:
            statement = statement.where(table.c.id > query.after)
        return [_withdrawal_of(row) for row in self._session.execute(statement)]

    def add_file(self, file: ProofFile) -> None:
        """Keep an uploaded proof."""
        self._session.execute(
            withdrawal_files.insert().values(
                id=file.id,
                company_id=file.company_id,
                withdrawal_id=file.withdrawal_id,
                file_key=file.file_key,
                file_name=file.file_name,
                content_type=file.content_type,
                size_bytes=file.size_bytes,
                uploaded_at=file.uploaded_at,
            )
        )

    def attach(self, file_ids: Collection[UUID], withdrawal: Withdrawal) -> int:
        """Give uploaded proofs of the company to its request; how many there were that no request has."""
        table = withdrawal_files
        free = table.c.id.in_(file_ids), table.c.company_id == withdrawal.company_id, table.c.withdrawal_id.is_(None)
        attached = table.update().where(*free).values(withdrawal_id=withdrawal.id).returning(table.c.id)
        return len(self._session.execute(attached).all())

    def files_of(self, withdrawal_id: UUID) -> Sequence[ProofFile]:
        """The request's proofs, in the order of their upload."""
        table = withdrawal_files
        of_request = select(table).where(table.c.withdrawal_id == withdrawal_id).order_by(table.c.id)
        return [
            ProofFile(
                id=row.id,
                company_id=row.company_id,
                file_key=row.file_key,
                file_name=row.file_name,
                content_type=row.content_type,
                size_bytes=row.size_bytes,
                uploaded_at=row.uploaded_at,
                withdrawal_id=row.withdrawal_id,
            )
            for row in self._session.execute(of_request)
        ]

    def forget_papers_of(self, member_id: UUID) -> Sequence[str]:
        """Forget reasons and proofs of all the member's requests; the keys of the files."""
        table, of_member = withdrawal_files, withdrawals.c.member_id == member_id
        self._session.execute(withdrawals.update().where(of_member).values(reason=None))
        requests = select(withdrawals.c.id).where(of_member)
        forgotten = delete(table).where(table.c.withdrawal_id.in_(requests)).returning(table.c.file_key)
        return list(self._session.scalars(forgotten))

    def forget_strays(self, before: datetime, rows_max: int) -> Sequence[str]:
        """Forget proofs uploaded before then for requests that never came; the keys of their files."""
        table = withdrawal_files
        stray = select(table.c.id).where(table.c.withdrawal_id.is_(None), table.c.uploaded_at < before)
        some = stray.limit(rows_max).with_for_update(skip_locked=True)
        return list(self._session.scalars(delete(table).where(table.c.id.in_(some)).returning(table.c.file_key)))


def _withdrawal_of(row: Row[Any]) -> Withdrawal:
    return Withdrawal(
        id=row.id,
        company_id=row.company_id,
        member_id=row.member_id,
        requested_by=row.requested_by,
        requested_at=row.requested_at,
        inquiry_id=row.inquiry_id,
        state=WithdrawalState(row.state),
        hindrances=hindrances_of(row.hindrances),
        decided_by=row.decided_by,
        reason=row.reason,
        closed_at=row.closed_at,
    )


def _columns(withdrawal: Withdrawal) -> dict[str, Any]:
    return {
        "company_id": withdrawal.company_id,
        "member_id": withdrawal.member_id,
        "requested_by": withdrawal.requested_by,
        "requested_at": withdrawal.requested_at,
        "inquiry_id": withdrawal.inquiry_id,
        "state": withdrawal.state.value,
        "hindrances": kept(withdrawal.hindrances),
        "decided_by": withdrawal.decided_by,
        "reason": withdrawal.reason,
        "closed_at": withdrawal.closed_at,
    }
