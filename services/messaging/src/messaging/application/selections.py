"""Folders, groups and contacts picked as the recipients of an order (ADR-05)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from messaging.application.address_book_ports import AddressBookWork
from messaging.domain.address_book_errors import ContactsNotFound, TooManyRecipients
from messaging.domain.contact import Contact

RECIPIENTS_MAX = 10_000  # ORD-09


@dataclass(frozen=True)
class Selection:
    """What was ticked in the dialog; a contact that is picked twice comes once."""

    folder_ids: Sequence[UUID] = ()
    group_ids: Sequence[UUID] = ()
    contact_ids: Sequence[UUID] = ()


def resolve_selection(member_id: UUID, selection: Selection, work: AddressBookWork) -> list[Contact]:
    """The contacts of a selection as they are now: whole folders and groups first, then single ones.

    The order copies them, so that later edits change nothing in it. Raises `FolderNotFound`, `GroupNotFound`,
    `ContactsNotFound`, `TooManyRecipients`.
    """
    book = work.address_books.of_member(member_id)
    group_ids = [group.id for folder_id in selection.folder_ids for group in book.groups_of(folder_id)]
    group_ids += [book.group(group_id).id for group_id in selection.group_ids]
    picked = work.contacts.of_ids(member_id, selection.contact_ids)
    missing = [contact_id for contact_id in selection.contact_ids if contact_id not in picked]
    if missing:
        raise ContactsNotFound(missing)
    wanted = list(dict.fromkeys(group_ids))
    counts = work.contacts.counts(member_id) if wanted else {}
    single = [picked[each] for each in dict.fromkeys(selection.contact_ids) if picked[each].group_id not in wanted]
    recipients = len(single) + sum(counts.get(group_id, 0) for group_id in wanted)
    if recipients > RECIPIENTS_MAX:
        raise TooManyRecipients(recipients, RECIPIENTS_MAX)
    return [*work.contacts.of_groups(member_id, wanted, RECIPIENTS_MAX), *single]
