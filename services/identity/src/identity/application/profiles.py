"""내 정보: what members read and change about themselves (IDN-25)."""

from dataclasses import dataclass, field, replace
from uuid import UUID

from contracts.messaging import CodeChannel, CodePurpose
from identity.application import messages
from identity.application.ports import IssuedCode, UnitOfWork
from identity.application.security import require_member
from identity.application.sub_members import say_changed
from identity.domain.company import Company
from identity.domain.contact import parse_phone
from identity.domain.errors import MemberNotFoundError
from identity.domain.member import Member

NEW_PHONE_PURPOSE = "new_phone"


@dataclass(frozen=True)
class Profile:
    """A member and the company."""

    member: Member
    company: Company


def own_profile(member_id: UUID, uow: UnitOfWork) -> Profile:
    """The caller's own profile. Raises `MemberNotFoundError`."""
    member = uow.members.get(member_id)
    company = uow.companies.get(member.company_id) if member is not None else None
    if member is None or company is None:
        raise MemberNotFoundError
    return Profile(member, company)


@dataclass(frozen=True)
class EditProfile:
    """Name, department and title as they should be."""

    member_id: UUID
    name: str = field(repr=False)
    department: str
    title: str


def edit_profile(command: EditProfile, uow: UnitOfWork) -> Member:
    """Keep them, and tell everybody. Raises `MemberNotFoundError`."""
    member = require_member(command.member_id, uow)
    edited = replace(
        member,
        name=command.name,
        department=command.department,
        title=command.title,
        version=member.version + 1,
    )
    return say_changed(edited, uow)


@dataclass(frozen=True)
class AskPhoneCode:
    """The new number, and from which address it was entered."""

    phone: str = field(repr=False)
    source: str


def ask_phone_code(command: AskPhoneCode, uow: UnitOfWork) -> IssuedCode:
    """A code to the new phone. Raises `InvalidValueError`, and what the codes' limits refuse."""
    phone = parse_phone(command.phone)
    issued = uow.codes.issue(purpose=NEW_PHONE_PURPOSE, target=phone, source=command.source)
    uow.outbox.add(
        messages.send_code(issued, purpose=CodePurpose.SETTINGS, channel=CodeChannel.SMS, to=phone, sealer=uow.sealer)
    )
    return issued


@dataclass(frozen=True)
class ChangePhone:
    """The new number with the code that went to it."""

    member_id: UUID
    phone: str = field(repr=False)
    code_id: UUID
    code: str = field(repr=False)


def change_phone(command: ChangePhone, uow: UnitOfWork) -> Member:
    """Keep the number once it is proven, and tell everybody. Raises `InvalidValueError`, and what the codes refuse."""
    phone = parse_phone(command.phone)
    member = require_member(command.member_id, uow)
    uow.codes.check(command.code_id, command.code, purpose=NEW_PHONE_PURPOSE, target=phone)
    return say_changed(replace(member, phone=phone, version=member.version + 1), uow)
