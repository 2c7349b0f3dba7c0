"""Results of imports in PostgreSQL; refused rows are encrypted as they were given."""

import json
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from messaging.application.address_book_ports import ContactImport
from messaging.domain.address_book_errors import ImportNotFound
from messaging.domain.contact import ContactFault, ContactProblem, ContactRow, RefusedRow
from messaging.storage.address_book_tables import contact_imports, refused_rows


class PostgresContactImports:
    """`ContactImports` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, member_id: UUID, result: ContactImport) -> None:
        """Store a result."""
        self._session.execute(
            insert(contact_imports).values(
                id=result.id,
                member_id=member_id,
                group_id=result.group_id,
                rows=result.rows,
                added=result.added,
                made_at=result.made_at,
            )
        )
        if result.refused:
            self._session.execute(
                insert(refused_rows),
                [
                    {
                        "import_id": result.id,
                        "row_no": refused.row_no,
                        "given": json.dumps(asdict(refused.row), ensure_ascii=False),
                        "problems": json.dumps([asdict(problem) for problem in refused.problems]),
                    }
                    for refused in result.refused
                ],
            )

    def get(self, member_id: UUID, import_id: UUID) -> ContactImport:
        """Raises `ImportNotFound`."""
        found = self._session.execute(
            select(contact_imports).where(contact_imports.c.id == import_id, contact_imports.c.member_id == member_id)
        ).one_or_none()
        if found is None:
            raise ImportNotFound(import_id)
        rows = self._session.execute(
            select(refused_rows).where(refused_rows.c.import_id == import_id).order_by(refused_rows.c.row_no)
        )
        refused = tuple(
            RefusedRow(row.row_no, ContactRow(**json.loads(row.given)), _problems(row.problems)) for row in rows
        )
        return ContactImport(found.id, found.group_id, found.rows, found.added, refused, found.made_at)

    def forget(self, made_before: datetime, rows_max: int) -> int:
        """Delete old results; how many."""
        old = select(contact_imports.c.id).where(contact_imports.c.made_at < made_before).limit(rows_max)
        gone = self._session.execute(
            delete(contact_imports).where(contact_imports.c.id.in_(old)).returning(contact_imports.c.id)
        )
        return len(gone.all())


def _problems(written: str) -> tuple[ContactProblem, ...]:
    return tuple(
        ContactProblem(problem["field"], ContactFault(problem["fault"]), problem["letters_max"])
        for problem in json.loads(written)
    )
