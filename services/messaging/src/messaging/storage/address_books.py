"""Folders and groups in PostgreSQL. Whoever works on a book holds its row, so that two changes never cross."""

from uuid import UUID

from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from chassis.clock import Clock
from chassis.ids import new_id
from messaging.domain.address_book import AddressBook, Folder, Group, a_new_book
from messaging.storage.address_book_tables import address_books, folders, groups


class PostgresAddressBooks:
    """`AddressBooks` in the transaction of a session."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    def of_member(self, member_id: UUID) -> AddressBook:
        """The member's book, locked until the transaction ends; made at its first use (ADR-01)."""
        lock = select(address_books.c.member_id).where(address_books.c.member_id == member_id).with_for_update()
        if self._session.scalar(lock) is None:
            fresh = upsert(address_books).values(member_id=member_id, made_at=self._clock.now())
            made = self._session.execute(fresh.on_conflict_do_nothing().returning(address_books.c.member_id)).first()
            if made is not None:
                book = a_new_book(member_id, new_id)
                self.save(AddressBook(member_id, (), ()), book)
                return book
            self._session.scalar(lock)
        return self._read(member_id)

    def save(self, before: AddressBook, after: AddressBook) -> None:
        """Store the difference; contacts of groups that are gone go with them."""
        self._save(folders, before.member_id, _folder_rows(before), _folder_rows(after))
        self._save(groups, before.member_id, _group_rows(before), _group_rows(after))

    def _read(self, member_id: UUID) -> AddressBook:
        of_folders = select(folders).where(folders.c.member_id == member_id).order_by(folders.c.id)
        of_groups = select(groups).where(groups.c.member_id == member_id).order_by(groups.c.id)
        return AddressBook(
            member_id,
            tuple(Folder(row.id, row.name) for row in self._session.execute(of_folders)),
            tuple(Group(row.id, row.folder_id, row.name) for row in self._session.execute(of_groups)),
        )

    def _save(
        self,
        table: Table,
        member_id: UUID,
        before: dict[UUID, dict[str, object]],
        after: dict[UUID, dict[str, object]],
    ) -> None:
        gone = [key for key in before if key not in after]
        if gone:
            self._session.execute(delete(table).where(table.c.id.in_(gone)))
        for key, values in after.items():
            if key not in before:
                self._session.execute(insert(table).values(id=key, member_id=member_id, **values))
            elif before[key] != values:
                self._session.execute(update(table).where(table.c.id == key).values(**values))


def _folder_rows(book: AddressBook) -> dict[UUID, dict[str, object]]:
    return {folder.id: {"name": folder.name} for folder in book.folders}


def _group_rows(book: AddressBook) -> dict[UUID, dict[str, object]]:
    return {group.id: {"folder_id": group.folder_id, "name": group.name} for group in book.groups}
