"""Contacts as the API reads and shows them."""

from uuid import UUID

from pydantic import BaseModel, Field

from chassis.bodies import RequestBody
from chassis.problems import FieldError, InvalidRequest
from messaging.application.contact_words import problem_en, problem_ko
from messaging.domain.address_book_errors import ContactRefused
from messaging.domain.anniversary import CalendarKind
from messaging.domain.contact import Contact, ContactProblem, ContactRow

TEXT_LENGTH_MAX = 200
"""What is read at all; each field's own limit is the domain's to judge, row by row."""


class ContactIn(RequestBody):
    """A contact as it is typed (ADR-03). `calendar` may also be 양력 or 음력; solar when not given."""

    name: str = Field(default="", max_length=TEXT_LENGTH_MAX)
    phone: str = Field(default="", max_length=TEXT_LENGTH_MAX)
    anniversary: str = Field(default="", max_length=TEXT_LENGTH_MAX, examples=["1990/03/02"])
    calendar: str = Field(default="", max_length=TEXT_LENGTH_MAX, examples=["solar"])
    company: str = Field(default="", max_length=TEXT_LENGTH_MAX)
    department: str = Field(default="", max_length=TEXT_LENGTH_MAX)
    title: str = Field(default="", max_length=TEXT_LENGTH_MAX)

    def row(self) -> ContactRow:
        """The row as it was given."""
        return ContactRow(**self.model_dump())


class ContactOut(BaseModel):
    """A contact, whole: only its own member reads it."""

    contact_id: UUID
    group_id: UUID
    name: str
    phone: str
    anniversary: str | None = Field(description="YYYY/MM/DD of its calendar")
    calendar: CalendarKind | None
    company: str
    department: str
    title: str


class ProblemOut(BaseModel):
    """What is wrong with a field of a row."""

    field: str
    code: str
    ko: str
    en: str


def contact_out(contact: Contact) -> ContactOut:
    """The contact as it is shown."""
    details = contact.details
    day = details.anniversary
    return ContactOut(
        contact_id=contact.id,
        group_id=contact.group_id,
        name=details.name,
        phone=details.phone,
        anniversary=str(day) if day else None,
        calendar=day.calendar if day else None,
        company=details.company,
        department=details.department,
        title=details.title,
    )


def problem_out(problem: ContactProblem) -> ProblemOut:
    """The problem in both languages."""
    return ProblemOut(field=problem.field, code=problem.fault.value, ko=problem_ko(problem), en=problem_en(problem))


def as_request_errors(refusal: ContactRefused) -> InvalidRequest:
    """A refused contact as the errors of its request's fields."""
    return InvalidRequest([FieldError(each.field, problem_ko(each), problem_en(each)) for each in refusal.problems])
