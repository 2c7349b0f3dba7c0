"""A contact, and how a row that somebody typed or uploaded becomes one (ADR-03, ADR-04)."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from messaging.domain.anniversary import Anniversary, CalendarKind, LunarCalendar, read_anniversary
from messaging.domain.phone import read_phone

NAME_LETTERS_MAX = 10  # ADR-03
COMPANY_LETTERS_MAX = 20  # ADR-03
DEPARTMENT_LETTERS_MAX = 20  # ADR-03
TITLE_LETTERS_MAX = 10  # ADR-03

_CALENDARS = {"": CalendarKind.SOLAR, "양력": CalendarKind.SOLAR, "음력": CalendarKind.LUNAR} | {
    kind.value: kind for kind in CalendarKind
}
"""ADR-03: solar when not given."""


@dataclass(frozen=True)
class ContactRow:
    """A row as it was given; nothing is trusted yet."""

    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    anniversary: str = ""
    calendar: str = ""
    company: str = ""
    department: str = ""
    title: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not any(
            value.strip()
            for value in (
                self.name, self.phone, self.anniversary, self.calendar, self.company, self.department, self.title,
            )
        )  # fmt: skip


@dataclass(frozen=True)
class ContactDetails:
    """What is known of somebody. Name and phone show in no representation."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    anniversary: Anniversary | None = None
    company: str = ""
    department: str = ""
    title: str = ""


@dataclass(frozen=True)
class Contact:
    """Somebody in a group of a member's address book."""

    id: UUID
    group_id: UUID
    details: ContactDetails


class ContactFault(StrEnum):
    """What is wrong with a field of a row."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"
    NO_MOBILE_NUMBER = "no_mobile_number"
    NO_SUCH_DAY = "no_such_day"
    UNKNOWN_CALENDAR = "unknown_calendar"
    CALENDAR_WITHOUT_DAY = "calendar_without_day"
    PHONE_IN_GROUP = "phone_in_group"
    PHONE_REPEATED = "phone_repeated"


@dataclass(frozen=True)
class ContactProblem:
    """A field of a row and its fault; `letters_max` where a text is too long."""

    field: str
    fault: ContactFault
    letters_max: int | None = None


@dataclass(frozen=True)
class RefusedRow:
    """A row that became no contact; rows count from 1, as they were given."""

    row_no: int
    row: ContactRow
    problems: tuple[ContactProblem, ...]


def read_row(row: ContactRow, lunar: LunarCalendar) -> ContactDetails | tuple[ContactProblem, ...]:
    """The details of a row, or everything that is wrong with it."""
    problems: list[ContactProblem] = []

    def text(name: str, given: str, letters_max: int, *, required: bool = False) -> str:
        cleaned = unicodedata.normalize("NFC", given.strip())
        if required and not cleaned:
            problems.append(ContactProblem(name, ContactFault.MISSING))
        elif any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in cleaned):
            problems.append(ContactProblem(name, ContactFault.UNREADABLE))
        elif len(cleaned) > letters_max:
            problems.append(ContactProblem(name, ContactFault.TOO_LONG, letters_max))
        return cleaned

    details = ContactDetails(
        name=text("name", row.name, NAME_LETTERS_MAX, required=True),
        phone=_phone(row.phone, problems),
        anniversary=_anniversary(row, lunar, problems),
        company=text("company", row.company, COMPANY_LETTERS_MAX),
        department=text("department", row.department, DEPARTMENT_LETTERS_MAX),
        title=text("title", row.title, TITLE_LETTERS_MAX),
    )
    return tuple(problems) if problems else details


def _phone(given: str, problems: list[ContactProblem]) -> str:
    phone = read_phone(given)
    if phone is None:
        fault = ContactFault.NO_MOBILE_NUMBER if given.strip() else ContactFault.MISSING
        problems.append(ContactProblem("phone", fault))
    return phone or ""


def _anniversary(row: ContactRow, lunar: LunarCalendar, problems: list[ContactProblem]) -> Anniversary | None:
    calendar, written = _CALENDARS.get(row.calendar.strip()), row.anniversary.strip()
    if calendar is None:
        problems.append(ContactProblem("calendar", ContactFault.UNKNOWN_CALENDAR))
        return None
    if not written:
        if calendar is CalendarKind.LUNAR:
            problems.append(ContactProblem("anniversary", ContactFault.CALENDAR_WITHOUT_DAY))
        return None
    anniversary = read_anniversary(written, calendar, lunar)
    if anniversary is None:
        problems.append(ContactProblem("anniversary", ContactFault.NO_SUCH_DAY))
    return anniversary


def sort_rows(
    rows: Iterable[tuple[int, ContactRow]], phones_in_group: Iterable[str], lunar: LunarCalendar
) -> tuple[Sequence[ContactDetails], Sequence[RefusedRow]]:
    """The good rows and the refused ones; a phone is once per group, and the first row with it wins (ADR-03)."""
    taken, seen = set(phones_in_group), set[str]()
    good: list[ContactDetails] = []
    refused: list[RefusedRow] = []
    for row_no, row in rows:
        read = read_row(row, lunar)
        if isinstance(read, tuple):
            refused.append(RefusedRow(row_no, row, read))
        elif read.phone in taken or read.phone in seen:
            fault = ContactFault.PHONE_IN_GROUP if read.phone in taken else ContactFault.PHONE_REPEATED
            refused.append(RefusedRow(row_no, row, (ContactProblem("phone", fault),)))
        else:
            seen.add(read.phone)
            good.append(read)
    return good, refused
