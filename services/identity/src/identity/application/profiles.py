"""내 정보: what members read about themselves (IDN-25)."""

from dataclasses import dataclass
from uuid import UUID

from identity.application.ports import UnitOfWork
from identity.domain.company import Company
from identity.domain.errors import MemberNotFoundError
from identity.domain.member import Member


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
