"""Single contacts, their search, moving and deleting, and picking them as recipients (ADR-02, ADR-03, ADR-05)."""

from http import HTTPStatus
from uuid import UUID

from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, Field

from chassis.access import caller, members
from chassis.bodies import RequestBody
from chassis.idempotency import idempotency_key, keyed
from chassis.paging import PageQuery, page_of, read_cursor
from messaging.api.address_book import GroupPath
from messaging.api.contact_fields import ContactIn, ContactOut, as_request_errors, contact_out
from messaging.application.address_book_ports import AddressBookTransaction, ContactSearch
from messaging.application.contacts import add_contact, delete_contacts, edit_contact, move_contacts
from messaging.application.selections import Selection, resolve_selection
from messaging.domain.address_book_errors import ContactRefused, ContactsNotFound
from messaging.domain.anniversary import LunarCalendar

TICKED_MAX = 1_000
PICKED_MAX = 10_000  # ORD-09
SEARCH_LENGTH_MAX = 20


class ContactPath(BaseModel):
    contact_id: UUID


class ContactsQuery(PageQuery):
    """Which contacts: every condition that is given. Name and company are found by any part of them."""

    group_id: UUID | None = None
    name: str | None = Field(default=None, min_length=1, max_length=SEARCH_LENGTH_MAX)
    phone_ending: str | None = Field(default=None, pattern=r"^[0-9]{4}$", description="the last four digits")
    company: str | None = Field(default=None, min_length=1, max_length=SEARCH_LENGTH_MAX)


class ContactsPage(BaseModel):
    """A page of contacts, newest first."""

    items: list[ContactOut]
    next_cursor: str | None


class Ticked(RequestBody):
    """Ticked contacts."""

    contact_ids: list[UUID] = Field(min_length=1, max_length=TICKED_MAX)


class Move(Ticked):
    """연락처 이동: ticked contacts and the group they go to."""

    group_id: UUID


class MoveResult(BaseModel):
    """Each contact moves or stays by itself; who stayed has a phone that the group has already."""

    moved: list[UUID]
    phone_in_group: list[UUID]


class SelectionIn(RequestBody):
    """What was ticked in the order form's [주소록] dialog."""

    folder_ids: list[UUID] = Field(default_factory=list, max_length=PICKED_MAX)
    group_ids: list[UUID] = Field(default_factory=list, max_length=PICKED_MAX)
    contact_ids: list[UUID] = Field(default_factory=list, max_length=PICKED_MAX)


class RecipientsOut(BaseModel):
    """Recipients to be copied into an order; anniversary forms mark those without an anniversary."""

    items: list[ContactOut]
    without_anniversary: int
    next_cursor: None = None


def contacts_blueprint(transaction: AddressBookTransaction, lunar: LunarCalendar) -> APIBlueprint:
    """The contacts of the calling member."""
    blueprint = APIBlueprint("contacts", __name__, abp_tags=[Tag(name="address book")])

    @blueprint.get("/v1/address-book/contacts", responses={200: ContactsPage})
    @members
    def contacts(query: ContactsQuery) -> ContactsPage:
        """Contacts, newest first."""
        after = read_cursor(query.cursor, UUID)
        search = ContactSearch(query.group_id, query.name, query.phone_ending, query.company)
        with transaction() as work:
            rows = work.contacts.page(caller().subject_id, search, after[0] if after else None, query.limit + 1)
        items, next_cursor = page_of(rows, query.limit, key=lambda contact: (contact.id,), show=contact_out)
        return ContactsPage(items=items, next_cursor=next_cursor)

    @blueprint.post("/v1/address-book/groups/<uuid:group_id>/contacts", responses={201: ContactOut})
    @members
    @keyed
    def create(path: GroupPath, body: ContactIn) -> tuple[ContactOut, int]:
        """Add one contact."""
        member_id = caller().subject_id
        try:
            with transaction() as work:
                contact_id = work.once(
                    scope=str(member_id),
                    key=idempotency_key(),
                    operation=f"add_contact:{path.group_id}",
                    body=body.model_dump(mode="json"),
                    create=lambda: add_contact(member_id, path.group_id, body.row(), work, lunar),
                )
                contact = work.contacts.of_ids(member_id, [contact_id]).get(contact_id)
        except ContactRefused as refusal:
            raise as_request_errors(refusal) from None
        # A replay of a request whose contact was deleted since finds none.
        if contact is None:
            raise ContactsNotFound([contact_id])
        return contact_out(contact), HTTPStatus.CREATED

    @blueprint.put("/v1/address-book/contacts/<uuid:contact_id>", responses={200: ContactOut})
    @members
    def edit(path: ContactPath, body: ContactIn) -> ContactOut:
        """Give a contact other details."""
        try:
            with transaction() as work:
                return contact_out(edit_contact(caller().subject_id, path.contact_id, body.row(), work, lunar))
        except ContactRefused as refusal:
            raise as_request_errors(refusal) from None

    @blueprint.post("/v1/address-book/contacts/move", responses={200: MoveResult})
    @members
    def move(body: Move) -> MoveResult:
        """Move ticked contacts to a group; repeating is harmless."""
        with transaction() as work:
            result = move_contacts(caller().subject_id, body.contact_ids, body.group_id, work)
        return MoveResult(moved=list(result.moved), phone_in_group=list(result.phone_in_group))

    @blueprint.post("/v1/address-book/contacts/delete", responses={204: None})
    @members
    def delete(body: Ticked) -> tuple[str, int]:
        """Delete ticked contacts, all or none."""
        with transaction() as work:
            delete_contacts(caller().subject_id, body.contact_ids, work)
        return "", HTTPStatus.NO_CONTENT

    @blueprint.post("/v1/address-book/resolve", responses={200: RecipientsOut})
    @members
    def resolve(body: SelectionIn) -> RecipientsOut:
        """The recipients that a selection stands for now, each contact once, at most 10,000."""
        selection = Selection(body.folder_ids, body.group_ids, body.contact_ids)
        with transaction() as work:
            found = resolve_selection(caller().subject_id, selection, work)
        return RecipientsOut(
            items=[contact_out(contact) for contact in found],
            without_anniversary=sum(contact.details.anniversary is None for contact in found),
        )

    return blueprint
