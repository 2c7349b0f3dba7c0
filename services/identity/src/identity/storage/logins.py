"""Password tries and login challenges in PostgreSQL."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.columns import KeyedHash
from identity.domain.login import LoginChallenge, PasswordAttempts, SubjectKind
from identity.storage.login_tables import login_challenges, password_attempts


class PostgresAttempts:
    """`Attempts` in the transaction of a session; addresses are kept as keyed hashes, for most belong to nobody."""

    def __init__(self, session: Session, keyed_hash: KeyedHash, at: datetime) -> None:
        self._session = session
        self._keyed_hash = keyed_hash
        self._at = at

    def get_for_update(self, kind: SubjectKind, email: str) -> PasswordAttempts:
        """The tries so far, locked until the transaction ends; the first try makes the row that is locked."""
        address_hash = self._hash(kind, email)
        empty = insert(password_attempts).values(address_hash=address_hash, tried_at=[], changed_at=self._at)
        self._session.execute(empty.on_conflict_do_nothing())
        row = self._session.execute(
            select(password_attempts).where(password_attempts.c.address_hash == address_hash).with_for_update()
        ).one()
        return PasswordAttempts(tuple(row.tried_at), row.locked_until)

    def save(self, kind: SubjectKind, email: str, attempts: PasswordAttempts) -> None:
        """Keep a change."""
        self._session.execute(
            password_attempts.update()
            .where(password_attempts.c.address_hash == self._hash(kind, email))
            .values(tried_at=list(attempts.tried_at), locked_until=attempts.locked_until, changed_at=self._at)
        )

    def _hash(self, kind: SubjectKind, email: str) -> bytes:
        return self._keyed_hash.of(f"password-attempts:{kind.value}:{email}")


class PostgresChallenges:
    """`Challenges` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, challenge: LoginChallenge) -> None:
        """Keep a new one."""
        self._session.execute(login_challenges.insert().values(id=challenge.id, **_columns(challenge)))

    def get_for_update(self, challenge_id: UUID) -> LoginChallenge | None:
        """The challenge, locked until the transaction ends."""
        row = self._session.execute(
            select(login_challenges).where(login_challenges.c.id == challenge_id).with_for_update()
        ).one_or_none()
        if row is None:
            return None
        return LoginChallenge(
            id=row.id,
            kind=SubjectKind(row.kind),
            subject_id=row.subject_id,
            source=row.source,
            code_required=row.code_required,
            expires_at=row.expires_at,
            code_id=row.code_id,
            tries=row.tries,
            ended_at=row.ended_at,
        )

    def save(self, challenge: LoginChallenge) -> None:
        """Keep a change."""
        this = login_challenges.c.id == challenge.id
        self._session.execute(login_challenges.update().where(this).values(**_columns(challenge)))


def _columns(challenge: LoginChallenge) -> dict[str, Any]:
    return {
        "kind": challenge.kind.value,
        "subject_id": challenge.subject_id,
        "source": challenge.source,
        "code_required": challenge.code_required,
        "expires_at": challenge.expires_at,
        "code_id": challenge.code_id,
        "tries": challenge.tries,
        "ended_at": challenge.ended_at,
    }
