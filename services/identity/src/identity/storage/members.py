"""Members and what they agreed to, in PostgreSQL."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from identity.application.login_stores import TrustedAddress
from identity.domain.errors import EmailInUseError
from identity.domain.member import Member, MemberRole, MemberState
from identity.domain.terms import Agreement
from identity.storage.conflicts import refusing
from identity.storage.login_tables import trusted_addresses
from identity.storage.tables import member_agreements, members


class PostgresMembers:
    """`Members` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, member: Member, agreements: Iterable[Agreement]) -> None:
        """Keep a new one with what it agreed to. Raises `EmailInUseError`."""
        with refusing(self._session, {"uq_members_email_living": EmailInUseError()}):
            self._session.execute(members.insert().values(id=member.id, **_columns(member)))
        self.add_agreements(member.id, agreements)

    def get(self, member_id: UUID) -> Member | None:
        """The member, for reading."""
        return self._one(select(members).where(members.c.id == member_id))

    def get_for_update(self, member_id: UUID) -> Member | None:
        """The member, locked until the transaction ends."""
        return self._one(select(members).where(members.c.id == member_id).with_for_update())

    def by_email(self, email: str) -> Member | None:
        """The member with this login id; withdrawn ones have none any more."""
        living = members.c.state != MemberState.WITHDRAWN.value
        return self._one(select(members).where(members.c.email == email, living))

    def registered(self, emails: Collection[str]) -> frozenset[str]:
        """Which of the addresses are login ids."""
        living = members.c.state != MemberState.WITHDRAWN.value
        return frozenset(self._session.scalars(select(members.c.email).where(members.c.email.in_(emails), living)))

    def save(self, member: Member) -> None:
        """Keep a change."""
        self._session.execute(members.update().where(members.c.id == member.id).values(**_columns(member)))

    def agreements_of(self, member_id: UUID) -> Sequence[Agreement]:
        """What the member agreed to, in every version."""
        table = member_agreements
        rows = self._session.execute(select(table).where(table.c.member_id == member_id))
        return [Agreement(row.code, row.version, row.agreed_at, row.agreed_from) for row in rows]

    def add_agreements(self, member_id: UUID, agreements: Iterable[Agreement]) -> None:
        """Keep what the member agreed to later."""
        rows = [
            {
                "member_id": member_id,
                "code": each.code,
                "version": each.version,
                "agreed_at": each.agreed_at,
                "agreed_from": each.agreed_from,
            }
            for each in agreements
        ]
        if rows:
            self._session.execute(insert(member_agreements).on_conflict_do_nothing(), rows)

    def forget_origins(self, member_id: UUID) -> None:
        """Forget from which addresses the member agreed; what and when stays."""
        of_member = member_agreements.c.member_id == member_id
        self._session.execute(member_agreements.update().where(of_member).values(agreed_from=""))

    def _one(self, statement: Select[Any]) -> Member | None:
        row = self._session.execute(statement).one_or_none()
        return None if row is None else member_of(row)


class PostgresTrustedAddresses:
    """`TrustedAddresses` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def networks_of(self, member_id: UUID) -> frozenset[str]:
        """What is trusted."""
        table = trusted_addresses
        return frozenset(self._session.scalars(select(table.c.network).where(table.c.member_id == member_id)))

    def add(self, member_id: UUID, network: str, at: datetime) -> None:
        """Trust one more; one that is there already stays."""
        row = insert(trusted_addresses).values(member_id=member_id, network=network, trusted_at=at)
        self._session.execute(row.on_conflict_do_nothing())

    def of_member(self, member_id: UUID) -> Sequence[TrustedAddress]:
        """What is trusted, the oldest first."""
        table = trusted_addresses
        statement = select(table).where(table.c.member_id == member_id).order_by(table.c.trusted_at, table.c.network)
        return [TrustedAddress(row.network, row.trusted_at) for row in self._session.execute(statement)]

    def remove(self, member_id: UUID, network: str) -> bool:
        """Trust it no more; whether it was trusted."""
        table = trusted_addresses
        this = (table.c.member_id == member_id) & (table.c.network == network)
        return bool(self._session.execute(delete(table).where(this).returning(table.c.network)).first())

    def remove_all(self, member_id: UUID) -> None:
        """Trust nothing any more."""
        self._session.execute(delete(trusted_addresses).where(trusted_addresses.c.member_id == member_id))


def member_of(row: Row[Any]) -> Member:
    """The member that a row holds."""
    return Member(
        id=row.id,
        company_id=row.company_id,
        role=MemberRole(row.role),
        email=row.email,
        phone=row.phone,
        password_hash=row.password_hash,
        name=row.name,
        department=row.department,
        title=row.title,
        joined_at=row.joined_at,
        state=MemberState(row.state),
        former_state=None if row.former_state is None else MemberState(row.former_state),
        secure_login=row.secure_login,
        last_login_at=row.last_login_at,
        dormancy_warned_at=row.dormancy_warned_at,
        dormancy_timer=row.dormancy_timer,
        generation=row.generation,
        version=row.version,
    )


def _columns(member: Member) -> dict[str, Any]:
    return {
        "company_id": member.company_id,
        "role": member.role.value,
        "state": member.state.value,
        "former_state": member.former_state and member.former_state.value,
        "email": member.email,
        "phone": member.phone,
        "password_hash": member.password_hash,
        "name": member.name,
        "department": member.department,
        "title": member.title,
        "secure_login": member.secure_login,
        "joined_at": member.joined_at,
        "last_login_at": member.last_login_at,
        "dormancy_warned_at": member.dormancy_warned_at,
        "dormancy_timer": member.dormancy_timer,
        "generation": member.generation,
        "version": member.version,
    }
