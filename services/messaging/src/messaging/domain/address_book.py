"""A member's address book: folders hold groups, groups hold contacts, and one of each always remains (ADR-01)."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from messaging.domain.address_book_errors import (
    AddressBookFull,
    FolderHoldsLastGroups,
    FolderNotFound,
    GroupNotFound,
    LastFolder,
    LastGroup,
    NameNotAllowed,
    NameTaken,
)

DEFAULT_FOLDER_NAME = "기본 폴더"  # ADR-01
DEFAULT_GROUP_NAME = "기본 그룹"  # ADR-01
NAME_LETTERS_MAX = 20  # ADR-01
FOLDERS_MAX = 200
GROUPS_MAX = 1_000
"""Bounds of ours, so that a book can be read and shown whole; no rule asks for them."""


@dataclass(frozen=True)
class Group:
    """A group of contacts."""

    id: UUID
    folder_id: UUID
    name: str


@dataclass(frozen=True)
class Folder:
    """A folder of groups; it may be empty."""

    id: UUID
    name: str


@dataclass(frozen=True)
class AddressBook:
    """The folders and groups of one member, in the order of their making. Contacts stay outside: they are many."""

    member_id: UUID
    folders: tuple[Folder, ...]
    groups: tuple[Group, ...]

    def folder(self, folder_id: UUID) -> Folder:
        """Raises `FolderNotFound`."""
        found = next((folder for folder in self.folders if folder.id == folder_id), None)
        if found is None:
            raise FolderNotFound(folder_id)
        return found

    def group(self, group_id: UUID) -> Group:
        """Raises `GroupNotFound`."""
        found = next((group for group in self.groups if group.id == group_id), None)
        if found is None:
            raise GroupNotFound(group_id)
        return found

    def groups_of(self, folder_id: UUID) -> tuple[Group, ...]:
        """The groups in a folder. Raises `FolderNotFound`."""
        self.folder(folder_id)
        return tuple(group for group in self.groups if group.folder_id == folder_id)

    def with_folder(self, folder: Folder) -> "AddressBook":
        """Raises `NameNotAllowed`, `NameTaken`, `AddressBookFull`."""
        if len(self.folders) >= FOLDERS_MAX:
            raise AddressBookFull(FOLDERS_MAX)
        named = replace(folder, name=self._free_folder_name(folder.name, but=folder.id))
        return replace(self, folders=(*self.folders, named))

    def with_group(self, group: Group) -> "AddressBook":
        """Raises `FolderNotFound`, `NameNotAllowed`, `NameTaken`, `AddressBookFull`."""
        if len(self.groups) >= GROUPS_MAX:
            raise AddressBookFull(GROUPS_MAX)
        named = replace(group, name=self._free_group_name(group.name, group.folder_id, but=group.id))
        return replace(self, groups=(*self.groups, named))

    def with_folder_renamed(self, folder_id: UUID, name: str) -> "AddressBook":
        """Raises `FolderNotFound`, `NameNotAllowed`, `NameTaken`."""
        renamed = replace(self.folder(folder_id), name=self._free_folder_name(name, but=folder_id))
        return replace(self, folders=tuple(renamed if each.id == folder_id else each for each in self.folders))

    def with_group_changed(self, group_id: UUID, *, name: str | None, folder_id: UUID | None) -> "AddressBook":
        """The group under another name, or in another folder (폴더 이동, ADR-02), or both.

        Raises `GroupNotFound`, `FolderNotFound`, `NameNotAllowed`, `NameTaken`.
        """
        group = self.group(group_id)
        parent = group.folder_id if folder_id is None else self.folder(folder_id).id
        free = self._free_group_name(group.name if name is None else name, parent, but=group_id)
        changed = replace(group, name=free, folder_id=parent)
        return replace(self, groups=tuple(changed if each.id == group_id else each for each in self.groups))

    def without_folder(self, folder_id: UUID) -> "AddressBook":
        """Raises `FolderNotFound`, `LastFolder`, `FolderHoldsLastGroups`."""
        inside = self.groups_of(folder_id)
        if len(self.folders) == 1:
            raise LastFolder(folder_id)
        if len(inside) == len(self.groups):
            raise FolderHoldsLastGroups(folder_id)
        return replace(
            self,
            folders=tuple(folder for folder in self.folders if folder.id != folder_id),
            groups=tuple(group for group in self.groups if group.folder_id != folder_id),
        )

    def without_group(self, group_id: UUID) -> "AddressBook":
        """Raises `GroupNotFound`, `LastGroup`."""
        self.group(group_id)
        if len(self.groups) == 1:
            raise LastGroup(group_id)
        return replace(self, groups=tuple(group for group in self.groups if group.id != group_id))

    def _free_folder_name(self, name: str, *, but: UUID) -> str:
        cleaned = _cleaned(name)
        if any(folder.name == cleaned and folder.id != but for folder in self.folders):
            raise NameTaken(cleaned)
        return cleaned

    def _free_group_name(self, name: str, folder_id: UUID, *, but: UUID) -> str:
        cleaned = _cleaned(name)
        if any(group.name == cleaned and group.id != but for group in self.groups_of(folder_id)):
            raise NameTaken(cleaned)
        return cleaned


def a_new_book(member_id: UUID, new_id: Callable[[], UUID]) -> AddressBook:
    """What a member starts with: the default folder with the default group (ADR-01)."""
    folder = Folder(new_id(), DEFAULT_FOLDER_NAME)
    return AddressBook(member_id, (folder,), (Group(new_id(), folder.id, DEFAULT_GROUP_NAME),))


def _cleaned(name: str) -> str:
    cleaned = unicodedata.normalize("NFC", name.strip())
    unreadable = any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in cleaned)
    if unreadable or not 1 <= len(cleaned) <= NAME_LETTERS_MAX:
        raise NameNotAllowed(NAME_LETTERS_MAX)
    return cleaned
