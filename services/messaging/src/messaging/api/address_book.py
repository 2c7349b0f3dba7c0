"""A member's folders and groups (ADR-01, ADR-02). Whose they are is the token's subject: books are private (ADR-06)."""

from collections.abc import Mapping
from http import HTTPStatus
from uuid import UUID

from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, Field

from chassis.access import caller, members
from chassis.bodies import RequestBody
from chassis.idempotency import idempotency_key, keyed
from messaging.application.address_book import (
    ConfirmedCounts,
    add_folder,
    add_group,
    change_group,
    delete_folder,
    delete_group,
    rename_folder,
)
from messaging.application.address_book_ports import AddressBookTransaction, AddressBookWork

NAME_LENGTH_MAX = 100
"""What is read at all; the rule's own limit is the domain's to judge."""


class FolderPath(BaseModel):
    folder_id: UUID


class GroupPath(BaseModel):
    group_id: UUID


class NameIn(RequestBody):
    """A name of 1 to 20 letters."""

    name: str = Field(max_length=NAME_LENGTH_MAX)


class GroupChange(RequestBody):
    """Another name, another folder (폴더 이동), or both."""

    name: str | None = Field(default=None, max_length=NAME_LENGTH_MAX)
    folder_id: UUID | None = None


class Confirmation(BaseModel):
    """The counts that the member was told would go; without them the answer tells them and nothing is deleted."""

    groups: int | None = Field(default=None, ge=0)
    contacts: int | None = Field(default=None, ge=0)

    @property
    def counts(self) -> ConfirmedCounts | None:
        """What was confirmed; nothing unless both counts are given."""
        if self.groups is None or self.contacts is None:
            return None
        return ConfirmedCounts(self.groups, self.contacts)


class GroupOut(BaseModel):
    group_id: UUID
    name: str
    contacts: int


class FolderOut(BaseModel):
    folder_id: UUID
    name: str
    groups: list[GroupOut]


class AddressBookOut(BaseModel):
    """The whole tree, in the order of making."""

    folders: list[FolderOut]
    contacts: int


def address_book_blueprint(transaction: AddressBookTransaction) -> APIBlueprint:
    """The tree of folders and groups."""
    blueprint = APIBlueprint("address_book", __name__, abp_tags=[Tag(name="address book")])

    @blueprint.get("/v1/address-book", responses={200: AddressBookOut})
    @members
    def address_book() -> AddressBookOut:
        """The member's book; the first look makes 기본 폴더 with 기본 그룹."""
        with transaction() as work:
            return _shown(work)

    @blueprint.post("/v1/address-book/folders", responses={201: AddressBookOut})
    @members
    @keyed
    def create_folder(body: NameIn) -> tuple[AddressBookOut, int]:
        """Add a folder."""
        member_id = caller().subject_id
        with transaction() as work:
            work.once(
                scope=str(member_id),
                key=idempotency_key(),
                operation="add_folder",
                body=body.model_dump(mode="json"),
                create=lambda: add_folder(member_id, body.name, work),
            )
            return _shown(work), HTTPStatus.CREATED

    @blueprint.post("/v1/address-book/folders/<uuid:folder_id>/groups", responses={201: AddressBookOut})
    @members
    @keyed
    def create_group(path: FolderPath, body: NameIn) -> tuple[AddressBookOut, int]:
        """Add a group to a folder."""
        member_id = caller().subject_id
        with transaction() as work:
            work.once(
                scope=str(member_id),
                key=idempotency_key(),
                operation=f"add_group:{path.folder_id}",
                body=body.model_dump(mode="json"),
                create=lambda: add_group(member_id, path.folder_id, body.name, work),
            )
            return _shown(work), HTTPStatus.CREATED

    @blueprint.patch("/v1/address-book/folders/<uuid:folder_id>", responses={200: AddressBookOut})
    @members
    def rename(path: FolderPath, body: NameIn) -> AddressBookOut:
        """Rename a folder."""
        with transaction() as work:
            rename_folder(caller().subject_id, path.folder_id, body.name, work)
            return _shown(work)

    @blueprint.patch("/v1/address-book/groups/<uuid:group_id>", responses={200: AddressBookOut})
    @members
    def change(path: GroupPath, body: GroupChange) -> AddressBookOut:
        """Rename a group, or move it to another folder."""
        with transaction() as work:
            change_group(caller().subject_id, path.group_id, work, name=body.name, folder_id=body.folder_id)
            return _shown(work)

    @blueprint.delete("/v1/address-book/folders/<uuid:folder_id>", responses={200: AddressBookOut})
    @members
    def remove_folder(path: FolderPath, query: Confirmation) -> AddressBookOut:
        """Delete a folder with its groups and contacts, once their counts are confirmed."""
        with transaction() as work:
            delete_folder(caller().subject_id, path.folder_id, query.counts, work)
            return _shown(work)

    @blueprint.delete("/v1/address-book/groups/<uuid:group_id>", responses={200: AddressBookOut})
    @members
    def remove_group(path: GroupPath, query: Confirmation) -> AddressBookOut:
        """Delete a group with its contacts, once their counts are confirmed."""
        with transaction() as work:
            delete_group(caller().subject_id, path.group_id, query.counts, work)
            return _shown(work)

    return blueprint


def _shown(work: AddressBookWork) -> AddressBookOut:
    member_id = caller().subject_id
    book = work.address_books.of_member(member_id)
    counts: Mapping[UUID, int] = work.contacts.counts(member_id)
    folders = [
        FolderOut(
            folder_id=folder.id,
            name=folder.name,
            groups=[
                GroupOut(group_id=group.id, name=group.name, contacts=counts.get(group.id, 0))
                for group in book.groups_of(folder.id)
            ],
        )
        for folder in book.folders
    ]
    return AddressBookOut(folders=folders, contacts=sum(counts.values()))
