"""Copies of members and companies, each kept at its highest version."""

from typing import Any
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from chassis import parking
from contracts.identity import MemberState
from contracts.queues import queues_of
from contracts.values import PaymentMethod, Sealed
from messaging.application.notification_ports import Addressee, Addressor, Early
from messaging.storage.notification_tables import companies, members

NOTICES_QUEUE = next(queue.name for queue in queues_of("messaging") if queue.lane == "notices")


class PostgresAddressees:
    """`Addressees` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def member(self, member_id: UUID) -> Addressee:
        """Raises `Early`."""
        row = self._session.execute(select(members).where(members.c.id == member_id)).one_or_none()
        if row is None:
            raise Early(_member_key(member_id))
        return Addressee(
            id=row.id,
            version=row.version,
            company_id=row.company_id,
            is_master=row.is_master,
            state=MemberState(row.state),
            name=row.name,
            email=_sealed(row.email_key_id, row.email_ciphertext),
            phone=_sealed(row.phone_key_id, row.phone_ciphertext),
        )

    def company(self, company_id: UUID) -> Addressor:
        """Raises `Early`."""
        row = self._session.execute(select(companies).where(companies.c.id == company_id)).one_or_none()
        if row is None:
            raise Early(_company_key(company_id))
        return Addressor(row.id, row.version, row.name, row.master_id, PaymentMethod(row.method))

    def keep_member(self, member: Addressee) -> None:
        """Keep a member's present state, and let news in that came before it."""
        values = {
            "id": member.id,
            "version": member.version,
            "company_id": member.company_id,
            "is_master": member.is_master,
            "state": member.state.value,
            "name": member.name,
            "email_key_id": member.email and member.email.key_id,
            "email_ciphertext": member.email and member.email.ciphertext,
            "phone_key_id": member.phone and member.phone.key_id,
            "phone_ciphertext": member.phone and member.phone.ciphertext,
        }
        self._keep(members, values)
        parking.unpark(self._session, NOTICES_QUEUE, _member_key(member.id))

    def keep_company(self, company: Addressor) -> None:
        """Keep a company's present state, and let news in that came before it."""
        values = {
            "id": company.id,
            "version": company.version,
            "name": company.name,
            "master_id": company.master_id,
            "method": company.method.value,
        }
        self._keep(companies, values)
        parking.unpark(self._session, NOTICES_QUEUE, _company_key(company.id))

    def _keep(self, table: Table, values: dict[str, Any]) -> None:
        fresh = upsert(table).values(values)
        newest = {name: fresh.excluded[name] for name in values if name != "id"}
        self._session.execute(
            fresh.on_conflict_do_update(
                index_elements=[table.c.id], set_=newest, where=table.c.version < fresh.excluded.version
            )
        )


def _sealed(key_id: str | None, ciphertext: str | None) -> Sealed[str] | None:
    return None if key_id is None or ciphertext is None else Sealed[str](key_id=key_id, ciphertext=ciphertext)


def _member_key(member_id: UUID) -> str:
    return f"member:{member_id}"


def _company_key(company_id: UUID) -> str:
    return f"company:{company_id}"
