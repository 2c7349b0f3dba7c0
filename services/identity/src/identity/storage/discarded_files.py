"""Files that nothing refers to any more, until they are deleted from the file store."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from identity.storage.tables import discarded_files


class PostgresDiscardedFiles:
    """`DiscardedFiles` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, file_key: str, at: datetime) -> None:
        """Hand a file over to the loop."""
        row = insert(discarded_files).values(file_key=file_key, discarded_at=at)
        self._session.execute(row.on_conflict_do_nothing())

    def some(self, rows_max: int) -> Sequence[str]:
        """The longest waiting ones."""
        table = discarded_files
        return list(self._session.scalars(select(table.c.file_key).order_by(table.c.discarded_at).limit(rows_max)))

    def remove(self, file_key: str) -> None:
        """The file is gone. Deleting one twice is harmless, so nothing is locked while the store is called."""
        self._session.execute(delete(discarded_files).where(discarded_files.c.file_key == file_key))
