"""What the use cases of the address book need from the outside. Everything belongs to one member (ADR-06)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from messaging.domain.address_book import AddressBook
from messaging.domain.contact import Contact, ContactRow, RefusedRow


@dataclass(frozen=True)
class ContactSearch:
    """Which contacts of a member: all of the conditions that are given."""

    group_id: UUID | None = None
    name: str | None = None
    phone_ending: str | None = None
    company: str | None = None


@dataclass(frozen=True)
class ContactImport:
    """What became of the rows of a grid or a workbook."""

    id: UUID
    group_id: UUID
    rows: int
    added: int
    refused: tuple[RefusedRow, ...]
    made_at: datetime


class AddressBooks(Protocol):
    """Folders and groups."""

    def of_member(self, member_id: UUID) -> AddressBook:
        """The member's book, locked for changes until the transaction ends; made at its first use (ADR-01)."""

    def save(self, before: AddressBook, after: AddressBook) -> None:
        """Store the difference; contacts of groups that are gone go with them."""


class Contacts(Protocol):
    """Contacts of members."""

    def add(self, member_id: UUID, contacts: Sequence[Contact]) -> None:
        """Store new ones."""

    def replace(self, member_id: UUID, contact: Contact) -> None:
        """Store the contact's new details."""

    def move(self, member_id: UUID, contact_ids: Sequence[UUID], group_id: UUID) -> None:
        """Put contacts into another group."""

    def remove(self, member_id: UUID, contact_ids: Sequence[UUID]) -> None:
        """Delete contacts."""

    def of_ids(self, member_id: UUID, contact_ids: Sequence[UUID]) -> Mapping[UUID, Contact]:
        """The member's contacts by id; others' are as little there as none."""

    def of_groups(self, member_id: UUID, group_ids: Sequence[UUID], rows_max: int) -> Sequence[Contact]:
        """The contacts of groups, in the order of the groups and then of their adding; at most so many."""

    def page(self, member_id: UUID, search: ContactSearch, before: UUID | None, limit: int) -> Sequence[Contact]:
        """The contacts that are searched for, newest first; `before` is the id that the last page ended with."""

    def phones_in(self, group_id: UUID, phones: Sequence[str]) -> frozenset[str]:
        """Which of the phones the group has."""

    def counts(self, member_id: UUID) -> Mapping[UUID, int]:
        """How many contacts each group has; groups without any are left out."""


class ContactImports(Protocol):
    """Results of imports. The refused rows are kept for a while, so that they can be fetched as a workbook."""

    def add(self, member_id: UUID, result: ContactImport) -> None:
        """Store a result."""

    def get(self, member_id: UUID, import_id: UUID) -> ContactImport:
        """Raises `ImportNotFound`."""

    def forget(self, made_before: datetime, rows_max: int) -> int:
        """Delete old results; how many."""


class ContactFiles(Protocol):
    """Workbooks of contacts."""

    def read(self, content: bytes) -> Sequence[tuple[int, ContactRow]]:
        """The rows of a file with their numbers. Raises `WorkbookUnreadable`, `TooManyRows`."""

    def sample(self) -> bytes:
        """A file to fill in."""

    def exported(self, contacts: Iterable[Contact]) -> bytes:
        """Contacts as a file that could be uploaded again."""

    def refused(self, rows: Sequence[RefusedRow]) -> bytes:
        """Refused rows as they were given, each with its number and reasons."""


class AddressBookWork(Protocol):
    """One transaction on address books."""

    @property
    def address_books(self) -> AddressBooks: ...
    @property
    def contacts(self) -> Contacts: ...
    @property
    def imports(self) -> ContactImports: ...

    def once(
        self, *, scope: str, key: str, operation: str, body: Mapping[str, object], create: Callable[[], UUID]
    ) -> UUID:
        """What was made under the client's key, now or by an earlier request."""

    def now(self) -> datetime:
        """The business clock, aware and UTC."""

    def new_id(self) -> UUID:
        """A fresh id; later ones sort after earlier ones."""


AddressBookTransaction = Callable[[], AbstractContextManager[AddressBookWork]]
"""Opens a transaction that commits at the end of its block."""
