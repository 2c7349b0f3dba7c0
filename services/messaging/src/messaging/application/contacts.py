"""Single contacts: adding, changing, moving and deleting (ADR-02, ADR-03)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from messaging.application.address_book_ports import AddressBookWork
from messaging.domain.address_book_errors import ContactRefused, ContactsNotFound
from messaging.domain.anniversary import LunarCalendar
from messaging.domain.contact import Contact, ContactDetails, ContactFault, ContactProblem, ContactRow, read_row


@dataclass(frozen=True)
class Moved:
    """What became of ticked contacts: each by itself."""

    moved: tuple[UUID, ...]
    phone_in_group: tuple[UUID, ...]
    """These stayed: the other group has their phone already."""


def add_contact(member_id: UUID, group_id: UUID, row: ContactRow, work: AddressBookWork, lunar: LunarCalendar) -> UUID:
    """Add one contact; its id. Raises `GroupNotFound`, `ContactRefused`."""
    work.address_books.of_member(member_id).group(group_id)
    contact = Contact(work.new_id(), group_id, _details(row, lunar))
    _check_free(group_id, contact.details.phone, work)
    work.contacts.add(member_id, [contact])
    return contact.id


def edit_contact(
    member_id: UUID, contact_id: UUID, row: ContactRow, work: AddressBookWork, lunar: LunarCalendar
) -> Contact:
    """Give a contact other details. Raises `ContactsNotFound`, `ContactRefused`."""
    work.address_books.of_member(member_id)
    contact = _all_of(member_id, [contact_id], work)[0]
    edited = replace(contact, details=_details(row, lunar))
    if edited.details.phone != contact.details.phone:
        _check_free(contact.group_id, edited.details.phone, work)
    work.contacts.replace(member_id, edited)
    return edited


def move_contacts(member_id: UUID, contact_ids: Sequence[UUID], group_id: UUID, work: AddressBookWork) -> Moved:
    """Move ticked contacts to a group (연락처 이동). Raises `GroupNotFound`, `ContactsNotFound`."""
    work.address_books.of_member(member_id).group(group_id)
    coming = [each for each in _all_of(member_id, contact_ids, work) if each.group_id != group_id]
    taken = set(work.contacts.phones_in(group_id, [each.details.phone for each in coming]))
    moved: list[UUID] = []
    stayed: list[UUID] = []
    for contact in coming:
        (stayed if contact.details.phone in taken else moved).append(contact.id)
        taken.add(contact.details.phone)
    work.contacts.move(member_id, moved, group_id)
    return Moved(tuple(moved), tuple(stayed))


def delete_contacts(member_id: UUID, contact_ids: Sequence[UUID], work: AddressBookWork) -> None:
    """Delete ticked contacts. Raises `ContactsNotFound`."""
    work.address_books.of_member(member_id)
    found = _all_of(member_id, contact_ids, work)
    work.contacts.remove(member_id, [contact.id for contact in found])


def _details(row: ContactRow, lunar: LunarCalendar) -> ContactDetails:
    read = read_row(row, lunar)
    if isinstance(read, tuple):
        raise ContactRefused(read)
    return read


def _check_free(group_id: UUID, phone: str, work: AddressBookWork) -> None:
    if work.contacts.phones_in(group_id, [phone]):
        raise ContactRefused([ContactProblem("phone", ContactFault.PHONE_IN_GROUP)])


def _all_of(member_id: UUID, contact_ids: Sequence[UUID], work: AddressBookWork) -> list[Contact]:
    wanted = list(dict.fromkeys(contact_ids))
    found = work.contacts.of_ids(member_id, wanted)
    missing = [contact_id for contact_id in wanted if contact_id not in found]
    if missing:
        raise ContactsNotFound(missing)
    return [found[contact_id] for contact_id in wanted]
