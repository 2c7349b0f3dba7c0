"""Invitations in PostgreSQL."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, delete, select
from sqlalchemy.orm import Session

from identity.domain.errors import InvitationPendingError
from identity.domain.invitation import Invitation
from identity.storage.conflicts import refusing
from identity.storage.tables import invitations


class PostgresInvitations:
    """`Invitations` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, invitation: Invitation) -> None:
        """Keep a new one. Raises `InvitationPendingError` when the address has one already."""
        with refusing(self._session, {"uq_invitations_email": InvitationPendingError()}):
            self._session.execute(invitations.insert().values(id=invitation.id, **_columns(invitation)))

    def get_for_update(self, invitation_id: UUID) -> Invitation | None:
        """The invitation, locked until the transaction ends."""
        return self._one(select(invitations).where(invitations.c.id == invitation_id))

    def by_token_for_update(self, token_hash: bytes) -> Invitation | None:
        """The invitation whose link was mailed last with this token, locked until the transaction ends."""
        return self._one(select(invitations).where(invitations.c.token_hash == token_hash))

    def pending(self, emails: Collection[str]) -> frozenset[str]:
        """Which of the addresses have an invitation that waits."""
        return frozenset(self._session.scalars(select(invitations.c.email).where(invitations.c.email.in_(emails))))

    def save(self, invitation: Invitation) -> None:
        """Keep a change."""
        this = invitations.c.id == invitation.id
        self._session.execute(invitations.update().where(this).values(**_columns(invitation)))

    def remove(self, invitation_id: UUID) -> None:
        """Forget it."""
        self._session.execute(delete(invitations).where(invitations.c.id == invitation_id))

    def _one(self, statement: Select[Any]) -> Invitation | None:
        row = self._session.execute(statement.with_for_update()).one_or_none()
        return None if row is None else invitation_of(row)


def invitation_of(row: Row[Any]) -> Invitation:
    """The invitation that a row holds."""
    return Invitation(
        id=row.id,
        company_id=row.company_id,
        invited_by=row.invited_by,
        email=row.email,
        name=row.name,
        phone=row.phone,
        token_hash=row.token_hash,
        sent_at=row.sent_at,
        expires_at=row.expires_at,
        sendings=row.sendings,
        code_id=row.code_id,
        phone_proven_at=row.phone_proven_at,
    )


def _columns(invitation: Invitation) -> dict[str, Any]:
    return {
        "company_id": invitation.company_id,
        "invited_by": invitation.invited_by,
        "email": invitation.email,
        "name": invitation.name,
        "phone": invitation.phone,
        "token_hash": invitation.token_hash,
        "sent_at": invitation.sent_at,
        "expires_at": invitation.expires_at,
        "sendings": invitation.sendings,
        "code_id": invitation.code_id,
        "phone_proven_at": invitation.phone_proven_at,
    }
