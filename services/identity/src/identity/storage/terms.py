"""Terms documents in PostgreSQL."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from identity.domain.terms import TermsDocument
from identity.storage.tables import terms_documents


class PostgresTerms:
    """`Terms` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def all(self) -> Sequence[TermsDocument]:
        """Every version of every document."""
        statement = select(terms_documents).order_by(terms_documents.c.code, terms_documents.c.version)
        return [
            TermsDocument(row.code, row.version, row.title, row.body, row.required, row.effective_at)
            for row in self._session.execute(statement)
        ]
