"""Many contacts at once, by grid or workbook: good rows are kept, bad ones come back (ADR-04)."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from messaging.application.address_book_ports import AddressBookWork, ContactImport
from messaging.domain.address_book_errors import TooManyRows
from messaging.domain.anniversary import LunarCalendar
from messaging.domain.contact import Contact, ContactRow, sort_rows
from messaging.domain.phone import read_phone

ROWS_MAX = 10_000  # ADR-04
KEPT = timedelta(days=30)
"""How long the refused rows can be fetched: they hold personal data, so not for ever."""


def import_contacts(
    member_id: UUID,
    group_id: UUID,
    rows: Sequence[tuple[int, ContactRow]],
    work: AddressBookWork,
    lunar: LunarCalendar,
) -> UUID:
    """Add the good rows to a group and keep the bad ones with their reasons; the id of the result.

    Empty rows are skipped. Raises `GroupNotFound`, `TooManyRows`.
    """
    filled = [(row_no, row) for row_no, row in rows if not row.is_empty]
    if len(filled) > ROWS_MAX:
        raise TooManyRows(ROWS_MAX)
    work.address_books.of_member(member_id).group(group_id)
    phones = [phone for _, row in filled if (phone := read_phone(row.phone)) is not None]
    good, refused = sort_rows(filled, work.contacts.phones_in(group_id, phones), lunar)
    work.contacts.add(member_id, [Contact(work.new_id(), group_id, details) for details in good])
    result = ContactImport(work.new_id(), group_id, len(filled), len(good), tuple(refused), work.now())
    work.imports.add(member_id, result)
    return result.id


def forget_imports(rows_max: int, work: AddressBookWork) -> int:
    """Forget results that nobody will fetch any more; how many."""
    return work.imports.forget(work.now() - KEPT, rows_max)
