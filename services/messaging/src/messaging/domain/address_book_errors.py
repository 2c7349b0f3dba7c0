"""What an address book refuses (ADR-01 to ADR-05)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from messaging.domain.errors import MessagingError

if TYPE_CHECKING:
    from messaging.domain.contact import ContactProblem


class FolderNotFound(MessagingError):
    """The member has no such folder."""

    def __init__(self, folder_id: UUID) -> None:
        super().__init__(f"no folder {folder_id}")
        self.folder_id = folder_id


class GroupNotFound(MessagingError):
    """The member has no such group."""

    def __init__(self, group_id: UUID) -> None:
        super().__init__(f"no group {group_id}")
        self.group_id = group_id


class ContactsNotFound(MessagingError):
    """The member has no contacts with these ids."""

    def __init__(self, contact_ids: Sequence[UUID]) -> None:
        super().__init__(f"{len(contact_ids)} contacts are not there")
        self.contact_ids = tuple(contact_ids)


class ImportNotFound(MessagingError):
    """The member made no such import, or it is forgotten by now."""

    def __init__(self, import_id: UUID) -> None:
        super().__init__(f"no import {import_id}")
        self.import_id = import_id


class NameNotAllowed(MessagingError):
    """A folder's or group's name is empty, too long, or holds what cannot be read."""

    def __init__(self, letters_max: int) -> None:
        super().__init__(f"a name has 1 to {letters_max} letters")
        self.letters_max = letters_max


class NameTaken(MessagingError):
    """A sibling has the name."""

    def __init__(self, name: str) -> None:
        super().__init__("a sibling has the name")
        self.name = name


class AddressBookFull(MessagingError):
    """More of this does not fit into one address book."""

    def __init__(self, at_most: int) -> None:
        super().__init__(f"at most {at_most}")
        self.at_most = at_most


class LastFolder(MessagingError):
    """One folder always remains."""

    def __init__(self, folder_id: UUID) -> None:
        super().__init__("the last folder remains")
        self.folder_id = folder_id


class LastGroup(MessagingError):
    """One group always remains."""

    def __init__(self, group_id: UUID) -> None:
        super().__init__("the last group remains")
        self.group_id = group_id


class FolderHoldsLastGroups(MessagingError):
    """The folder holds all groups that there are, and one always remains."""

    def __init__(self, folder_id: UUID) -> None:
        super().__init__("the last groups remain")
        self.folder_id = folder_id


class DeletionUnconfirmed(MessagingError):
    """The counts that were confirmed are not those that the deletion would take."""

    def __init__(self, groups: int, contacts: int) -> None:
        super().__init__(f"{groups} groups and {contacts} contacts would go")
        self.groups = groups
        self.contacts = contacts


class ContactRefused(MessagingError):
    """A contact's fields break their rules."""

    def __init__(self, problems: "Sequence[ContactProblem]") -> None:
        super().__init__(", ".join(problem.field for problem in problems))
        self.problems = tuple(problems)


class TooManyRows(MessagingError):
    """More rows than one import takes."""

    def __init__(self, rows_max: int) -> None:
        super().__init__(f"at most {rows_max} rows")
        self.rows_max = rows_max


class WorkbookUnreadable(MessagingError):
    """The file is no workbook, or its first sheet lacks the sample's columns."""


class TooManyRecipients(MessagingError):
    """The selection has more contacts than an order takes recipients."""

    def __init__(self, recipients: int, recipients_max: int) -> None:
        super().__init__(f"{recipients} recipients, {recipients_max} at most")
        self.recipients = recipients
        self.recipients_max = recipients_max
