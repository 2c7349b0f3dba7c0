"""Contacts in PostgreSQL: every query names the member, and pages walk an index, however large the book is."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    LargeBinary,
    Row,
    Select,
    Uuid,
    any_,
    delete,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from chassis.columns import KeyedHash, encrypt_text
from chassis.database import copy_rows
from messaging.application.address_book_ports import ContactSearch
from messaging.domain.anniversary import Anniversary, CalendarKind
from messaging.domain.contact import Contact, ContactDetails
from messaging.storage.address_book_tables import contacts
from messaging.storage.contact_grams import COMPANY, NAME, grams_of_row, grams_of_word

LOOKED_THROUGH = 1_000
"""How many of the newest contacts are read for a word before its letters are looked up."""
_PHONE_PURPOSE = contacts.c.phone.type.purpose  # type: ignore[attr-defined]


class PostgresContacts:
    """`Contacts` in the transaction of a session."""

    def __init__(self, session: Session, hashes: KeyedHash) -> None:
        self._session = session
        self._hashes = hashes

    def add(self, member_id: UUID, added: Sequence[Contact]) -> None:
        """Store new ones."""
        if not added:
            return
        rows = [
            {"id": each.id, "member_id": member_id, "group_id": each.group_id, **self._values(member_id, each)}
            for each in added
        ]
        for row in rows:
            row["phone"] = encrypt_text(_PHONE_PURPOSE, str(row["phone"]))
        copy_rows(self._session, contacts, list(rows[0]), (list(row.values()) for row in rows))

    def replace(self, member_id: UUID, contact: Contact) -> None:
        """Store the contact's new details."""
        self._session.execute(
            update(contacts)
            .where(contacts.c.member_id == member_id, contacts.c.id == contact.id)
            .values(**self._values(member_id, contact))
        )

    def move(self, member_id: UUID, contact_ids: Sequence[UUID], group_id: UUID) -> None:
        """Put contacts into another group."""
        self._session.execute(
            update(contacts).where(contacts.c.member_id == member_id, _is_of(contact_ids)).values(group_id=group_id)
        )

    def remove(self, member_id: UUID, contact_ids: Sequence[UUID]) -> None:
        """Delete contacts."""
        self._session.execute(delete(contacts).where(contacts.c.member_id == member_id, _is_of(contact_ids)))

    def of_ids(self, member_id: UUID, contact_ids: Sequence[UUID]) -> Mapping[UUID, Contact]:
        """The member's contacts by id; others' are as little there as none."""
        rows = self._session.execute(select(contacts).where(contacts.c.member_id == member_id, _is_of(contact_ids)))
        return {row.id: _contact(row) for row in rows}

    def of_groups(self, member_id: UUID, group_ids: Sequence[UUID], rows_max: int) -> Sequence[Contact]:
        """The contacts of groups, in the order of the groups and then of their adding; at most so many."""
        wanted = literal(list(group_ids), ARRAY(Uuid))
        rows = self._session.execute(
            select(contacts)
            .where(contacts.c.member_id == member_id, contacts.c.group_id == any_(wanted))
            .order_by(func.array_position(wanted, contacts.c.group_id), contacts.c.id)
            .limit(rows_max)
        )
        return [_contact(row) for row in rows]

    def page(self, member_id: UUID, search: ContactSearch, before: UUID | None, limit: int) -> Sequence[Contact]:
        """The contacts that are searched for, newest first; `before` is the id that the last page ended with.

        What many have is found among the newest; only what these have too little of is looked up by its letters, so
        neither a common name nor a rare one reads the whole book.
        """
        everything = self.page_statement(member_id, search, before, limit)
        if not _words(search):
            return self._found(everything)
        looked_through = everything.with_only_columns(contacts.c.id).limit(1).offset(LOOKED_THROUGH - 1)
        edge = self._session.scalar(looked_through)
        if edge is None:
            return self._found(_with_words(everything, search))
        newest = self._found(_with_words(everything.where(contacts.c.id >= edge), search))
        if len(newest) == limit:
            return newest
        return [*newest, *self._found(self.lookup_statement(member_id, search, edge, limit - len(newest)))]

    def page_statement(self, member_id: UUID, search: ContactSearch, before: UUID | None, limit: int) -> Select[Any]:
        """The query of a page but for words. It reads no more rows than it shows, by group and phone ending, too."""
        return self._of(member_id, search, before).order_by(contacts.c.id.desc()).limit(limit)

    def lookup_statement(self, member_id: UUID, search: ContactSearch, before: UUID, limit: int) -> Select[Any]:
        """The query for words that few have: by their letters, in an index."""
        found = _with_words(self._of(member_id, search, before), search)
        for field, word in ((NAME, search.name), (COMPANY, search.company)):
            if word is not None:
                found = found.where(contacts.c.grams.contains(grams_of_word(member_id, field, word)))
        # Apart from the order: else the whole book, which is in order, seems the shorter way to few rows.
        few = found.cte("few").prefix_with("MATERIALIZED", dialect="postgresql")
        return select(few).order_by(few.c.id.desc()).limit(limit)

    def _of(self, member_id: UUID, search: ContactSearch, before: UUID | None) -> Select[Any]:
        statement = select(contacts).where(contacts.c.member_id == member_id)
        if search.group_id is not None:
            statement = statement.where(contacts.c.group_id == search.group_id)
        if search.phone_ending is not None:
            endings = self._hashes.ending_candidates(search.phone_ending)
            statement = statement.where(contacts.c.phone_ending_hash.in_(endings))
        return statement if before is None else statement.where(contacts.c.id < before)

    def _found(self, statement: Select[Any]) -> list[Contact]:
        return [_contact(row) for row in self._session.execute(statement)]

    def phones_in(self, group_id: UUID, phones: Sequence[str]) -> frozenset[str]:
        """Which of the phones the group has."""
        phone_of = {digest: phone for phone in phones for digest in self._hashes.candidates(phone)}
        found = self._session.scalars(
            select(contacts.c.phone_hash).where(
                contacts.c.group_id == group_id,
                contacts.c.phone_hash == any_(literal(list(phone_of), ARRAY(LargeBinary))),
            )
        )
        return frozenset(phone_of[bytes(digest)] for digest in found)

    def counts(self, member_id: UUID) -> Mapping[UUID, int]:
        """How many contacts each group has; groups without any are left out."""
        rows = self._session.execute(
            select(contacts.c.group_id, func.count().label("contacts"))
            .where(contacts.c.member_id == member_id)
            .group_by(contacts.c.group_id)
        )
        return {row.group_id: row.contacts for row in rows}

    def _values(self, member_id: UUID, contact: Contact) -> dict[str, object]:
        details = contact.details
        return {
            "name": details.name,
            "phone": details.phone,
            "phone_hash": self._hashes.of(details.phone),
            "phone_ending_hash": self._hashes.ending(details.phone),
            "anniversary": str(details.anniversary) if details.anniversary else None,
            "calendar": details.anniversary.calendar.value if details.anniversary else None,
            "company": details.company,
            "department": details.department,
            "title": details.title,
            "grams": grams_of_row(member_id, details.name, details.company),
        }


def _words(search: ContactSearch) -> list[tuple[Column[str], str]]:
    given = ((contacts.c.name, search.name), (contacts.c.company, search.company))
    return [(column, word.lower()) for column, word in given if word is not None]


def _with_words(statement: Select[Any], search: ContactSearch) -> Select[Any]:
    for column, word in _words(search):
        statement = statement.where(func.strpos(func.lower(column), word) > 0)
    return statement


def _is_of(contact_ids: Sequence[UUID]) -> Any:
    return contacts.c.id == any_(literal(list(contact_ids), ARRAY(Uuid)))


def _contact(row: Row[Any]) -> Contact:
    anniversary = None
    if row.anniversary is not None:
        year, month, day = (int(part) for part in row.anniversary.split("/"))
        anniversary = Anniversary(year, month, day, CalendarKind(row.calendar))
    details = ContactDetails(row.name, row.phone, anniversary, row.company, row.department, row.title)
    return Contact(row.id, row.group_id, details)
