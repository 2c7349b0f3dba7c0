"""Session families, refresh tokens and signing keys in PostgreSQL."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.tokens import raise_floor
from identity.application.login_stores import SigningKey
from identity.domain.login import SubjectKind
from identity.domain.session import EndReason, RefreshToken, SessionFamily
from identity.storage.login_tables import refresh_tokens, session_families, signing_keys
from identity.storage.tables import members

_PRIVATE_MEMBERS = frozenset({"d"})


class PostgresSessions:
    """`Sessions` in the transaction of a session of the database."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def begin(self, family: SessionFamily, token: RefreshToken) -> None:
        """Keep a new family with its first token."""
        self._session.execute(
            session_families.insert().values(
                id=family.id, kind=family.kind.value, subject_id=family.subject_id, begun_at=family.begun_at
            )
        )
        self._add(token)

    def by_token_for_update(self, token_hash: bytes) -> tuple[RefreshToken, SessionFamily] | None:
        """The token with its family, both locked until the transaction ends: the family first, as everywhere."""
        family_id = select(refresh_tokens.c.family_id).where(refresh_tokens.c.token_hash == token_hash)
        family = self._family(session_families.c.id == family_id.scalar_subquery())
        if family is None:
            return None
        row = self._session.execute(
            select(refresh_tokens).where(refresh_tokens.c.token_hash == token_hash).with_for_update()
        ).one()
        return RefreshToken(row.token_hash, row.family_id, row.expires_at, row.used_at), family

    def family_for_update(self, family_id: UUID) -> SessionFamily | None:
        """A family, locked until the transaction ends."""
        return self._family(session_families.c.id == family_id)

    def living_of(self, subject_id: UUID) -> Sequence[SessionFamily]:
        """The families of a subject that have not ended, locked until the transaction ends."""
        living = (session_families.c.subject_id == subject_id) & session_families.c.ended_at.is_(None)
        statement = select(session_families).where(living).order_by(session_families.c.id).with_for_update()
        return [_family_of(row) for row in self._session.execute(statement)]

    def end_of_company(self, company_id: UUID, reason: EndReason, at: datetime) -> None:
        """End the living families of all of a company's members."""
        of_company = select(members.c.id).where(members.c.company_id == company_id)
        living = session_families.c.subject_id.in_(of_company) & session_families.c.ended_at.is_(None)
        self._session.execute(session_families.update().where(living).values(ended_at=at, end_reason=reason.value))

    def rotate(self, used: RefreshToken, following: RefreshToken, at: datetime) -> None:
        """Mark the one as used and keep the next."""
        this = refresh_tokens.c.token_hash == used.token_hash
        self._session.execute(refresh_tokens.update().where(this).values(used_at=at))
        self._add(following)

    def save_family(self, family: SessionFamily) -> None:
        """Keep a family's end."""
        self._session.execute(
            session_families.update()
            .where(session_families.c.id == family.id)
            .values(ended_at=family.ended_at, end_reason=family.end_reason and family.end_reason.value)
        )

    def _add(self, token: RefreshToken) -> None:
        self._session.execute(
            refresh_tokens.insert().values(
                token_hash=token.token_hash,
                family_id=token.family_id,
                expires_at=token.expires_at,
                used_at=token.used_at,
            )
        )

    def _family(self, condition: Any) -> SessionFamily | None:
        statement = select(session_families).where(condition).with_for_update()
        row = self._session.execute(statement).one_or_none()
        return None if row is None else _family_of(row)


class PostgresFloors:
    """`Floors` in the transaction of a session of the database."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def raise_to(self, subject_id: UUID, generation: int) -> None:
        """Refuse tokens of lower generations from now on."""
        raise_floor(self._session, subject_id, generation)


class PostgresSigningKeys:
    """`SigningKeys` in the transaction of a session of the database; private parts are encrypted."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def active(self) -> SigningKey | None:
        """The key that signs now."""
        statement = select(signing_keys).where(signing_keys.c.active)
        row = self._session.execute(statement).one_or_none()
        return None if row is None else SigningKey(row.kid, row.private_jwk, row.created_at)

    def add_first(self, key: SigningKey) -> SigningKey:
        """Make it the active one unless there is one already; the active one, whichever that is."""
        self._session.execute(insert(signing_keys).values(**_key_columns(key)).on_conflict_do_nothing())
        return self.active() or key

    def rotate(self, key: SigningKey, at: datetime) -> None:
        """Retire the active one and put this in its place."""
        active = signing_keys.update().where(signing_keys.c.active)
        self._session.execute(active.values(active=False, retired_at=at))
        self._session.execute(signing_keys.insert().values(**_key_columns(key)))

    def public_jwks(self, retired_after: datetime) -> list[dict[str, str]]:
        """The public parts of the active key and of those that retired later than this moment."""
        current = or_(signing_keys.c.active, signing_keys.c.retired_at > retired_after)
        statement = select(signing_keys.c.public_jwk).where(current).order_by(signing_keys.c.created_at)
        return list(self._session.scalars(statement))


def _family_of(row: Row[Any]) -> SessionFamily:
    return SessionFamily(
        id=row.id,
        kind=SubjectKind(row.kind),
        subject_id=row.subject_id,
        begun_at=row.begun_at,
        ended_at=row.ended_at,
        end_reason=None if row.end_reason is None else EndReason(row.end_reason),
    )


def _key_columns(key: SigningKey) -> dict[str, Any]:
    jwk = json.loads(key.private_jwk)
    public = {name: value for name, value in jwk.items() if name not in _PRIVATE_MEMBERS}
    return {
        "kid": key.kid,
        "private_jwk": key.private_jwk,
        "public_jwk": public,
        "active": True,
        "created_at": key.created_at,
    }
