"""Wishes for a new password and their links, in PostgreSQL."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select
from sqlalchemy.orm import Session

from identity.domain.password_reset import PasswordReset
from identity.storage.login_tables import password_reset_wishes, password_resets


class PostgresPasswordResets:
    """`PasswordResets` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def ask(self, wish_id: UUID, email: str, at: datetime) -> None:
        """Note a wish, whoever's address it is."""
        self._session.execute(password_reset_wishes.insert().values(id=wish_id, email=email, asked_at=at))

    def take_wish(self) -> str | None:
        """The address of the oldest wish that nobody else takes at the moment, and forget the wish."""
        wishes = password_reset_wishes
        oldest = select(wishes.c.id).order_by(wishes.c.id).limit(1).with_for_update(skip_locked=True).scalar_subquery()
        email: str | None = self._session.scalar(delete(wishes).where(wishes.c.id == oldest).returning(wishes.c.email))
        return email

    def add(self, reset: PasswordReset) -> None:
        """Keep a new link."""
        self._session.execute(
            password_resets.insert().values(
                id=reset.id,
                member_id=reset.member_id,
                token_hash=reset.token_hash,
                made_at=reset.made_at,
                expires_at=reset.expires_at,
                used_at=reset.used_at,
            )
        )

    def of_member(self, member_id: UUID) -> list[PasswordReset]:
        """The member's links of late, locked until the transaction ends."""
        table = password_resets
        statement = select(table).where(table.c.member_id == member_id).order_by(table.c.id).with_for_update()
        return [_reset_of(row) for row in self._session.execute(statement)]

    def by_token_for_update(self, token_hash: bytes) -> PasswordReset | None:
        """The link with this token, locked until the transaction ends."""
        table = password_resets
        statement = select(table).where(table.c.token_hash == token_hash).with_for_update()
        row = self._session.execute(statement).one_or_none()
        return None if row is None else _reset_of(row)

    def save(self, reset: PasswordReset) -> None:
        """Keep its use."""
        this = password_resets.c.id == reset.id
        self._session.execute(password_resets.update().where(this).values(used_at=reset.used_at))


def _reset_of(row: Row[Any]) -> PasswordReset:
    return PasswordReset(row.id, row.member_id, row.token_hash, row.made_at, row.expires_at, row.used_at)
