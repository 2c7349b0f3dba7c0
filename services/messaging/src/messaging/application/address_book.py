"""Folders and groups of a member's address book (ADR-01, ADR-02)."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from messaging.application.address_book_ports import AddressBookWork
from messaging.domain.address_book import AddressBook, Folder, Group
from messaging.domain.address_book_errors import DeletionUnconfirmed


@dataclass(frozen=True)
class ConfirmedCounts:
    """What the member was told would go, when asked (ADR-01)."""

    groups: int
    contacts: int


def add_folder(member_id: UUID, name: str, work: AddressBookWork) -> UUID:
    """Add a folder, empty at first; its id. Raises `NameNotAllowed`, `NameTaken`, `AddressBookFull`."""
    book = work.address_books.of_member(member_id)
    folder = Folder(work.new_id(), name)
    work.address_books.save(book, book.with_folder(folder))
    return folder.id


def add_group(member_id: UUID, folder_id: UUID, name: str, work: AddressBookWork) -> UUID:
    """Add a group to a folder; its id.

    Raises `FolderNotFound`, `NameNotAllowed`, `NameTaken`, `AddressBookFull`.
    """
    book = work.address_books.of_member(member_id)
    group = Group(work.new_id(), folder_id, name)
    work.address_books.save(book, book.with_group(group))
    return group.id


def rename_folder(member_id: UUID, folder_id: UUID, name: str, work: AddressBookWork) -> AddressBook:
    """Raises `FolderNotFound`, `NameNotAllowed`, `NameTaken`."""
    book = work.address_books.of_member(member_id)
    changed = book.with_folder_renamed(folder_id, name)
    work.address_books.save(book, changed)
    return changed


def change_group(
    member_id: UUID, group_id: UUID, work: AddressBookWork, *, name: str | None = None, folder_id: UUID | None = None
) -> AddressBook:
    """Rename a group, or move it to another folder.

    Raises `GroupNotFound`, `FolderNotFound`, `NameNotAllowed`, `NameTaken`.
    """
    book = work.address_books.of_member(member_id)
    changed = book.with_group_changed(group_id, name=name, folder_id=folder_id)
    work.address_books.save(book, changed)
    return changed


def delete_folder(
    member_id: UUID, folder_id: UUID, confirmed: ConfirmedCounts | None, work: AddressBookWork
) -> AddressBook:
    """Delete a folder with its groups and their contacts.

    Raises `FolderNotFound`, `LastFolder`, `FolderHoldsLastGroups`, and `DeletionUnconfirmed` with the present counts
    unless just these were confirmed.
    """
    book = work.address_books.of_member(member_id)
    changed = book.without_folder(folder_id)
    gone = [group.id for group in book.groups_of(folder_id)]
    _check_confirmed(member_id, gone, confirmed, work)
    work.address_books.save(book, changed)
    return changed


def delete_group(
    member_id: UUID, group_id: UUID, confirmed: ConfirmedCounts | None, work: AddressBookWork
) -> AddressBook:
    """Delete a group with its contacts.

    Raises `GroupNotFound`, `LastGroup`, and `DeletionUnconfirmed` with the present counts unless just these were
    confirmed.
    """
    book = work.address_books.of_member(member_id)
    changed = book.without_group(group_id)
    _check_confirmed(member_id, [group_id], confirmed, work)
    work.address_books.save(book, changed)
    return changed


def _check_confirmed(
    member_id: UUID, gone: Collection[UUID], confirmed: ConfirmedCounts | None, work: AddressBookWork
) -> None:
    counts = work.contacts.counts(member_id)
    present = ConfirmedCounts(len(gone), sum(counts.get(group_id, 0) for group_id in gone))
    if confirmed != present:
        raise DeletionUnconfirmed(present.groups, present.contacts)
