"""One-time codes: made, hashed, counted and checked here, by the service whose action they guard.

Only keyed hashes are stored: of the code, of whom it is sent to, and of who asked for it. Every number is a limit
that the service passes in.
"""

from __future__ import annotations

import math
import secrets
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Row, delete, func, select, update
from sqlalchemy.orm import Session

from chassis.clock import Clock
from chassis.columns import KeyedHash
from chassis.database import database_of
from chassis.ids import new_id
from chassis.tables import one_time_codes as codes

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)

LimitName = Literal["tries", "target", "source"]


@dataclass(frozen=True, slots=True)
class CodeLimits:
    """How codes of one kind are made and how often they may be asked for and tried."""

    digits: int
    lifetime_seconds: int
    tries_max: int
    resend_seconds: int
    """The shortest time between two codes of one purpose to one target."""
    per_target_day_max: int
    """Codes of one purpose to one target within 24 hours."""
    per_source_hour_max: int
    """Codes of any purpose that one source (an address) asked for within an hour."""

    def __post_init__(self) -> None:
        """Raises ValueError for a limit that lets nothing through."""
        for limit in fields(self):
            if getattr(self, limit.name) < (0 if limit.name == "resend_seconds" else 1):
                raise ValueError(f"{limit.name} is too small")


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A new code; its text exists only here and in the message that carries it, sealed."""

    code_id: UUID
    code: str = field(repr=False)
    expires_at: datetime


class CodeError(Exception):
    """A code is not issued, or does not open anything."""


class CodeExpired(CodeError):
    """Too late, replaced by a newer code, or no code of this id, purpose and target; which one is not told."""


class CodeUsed(CodeError):
    """The code was right, and has been used once already."""


class CodeWrong(CodeError):
    """Another code is right."""

    def __init__(self, tries_left: int) -> None:
        super().__init__(f"wrong code, {tries_left} tries left")
        self.tries_left = tries_left


class CodeTooSoon(CodeError):
    """A code was sent moments ago."""

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(f"the next code may be asked for in {retry_after_seconds} s")
        self.retry_after_seconds = retry_after_seconds


class CodeLimitReached(CodeError):
    """Tried too often ("tries": a new code is needed), or asked for too often ("target", "source")."""

    def __init__(self, limit: LimitName, retry_after_seconds: int) -> None:
        super().__init__(f"limit of {limit} reached")
        self.limit = limit
        self.retry_after_seconds = retry_after_seconds


class OneTimeCodes:
    """The codes of one service, seen from one transaction of it (a session of `Database.transaction`)."""

    def __init__(self, session: Session, clock: Clock, keyed_hash: KeyedHash, limits: CodeLimits) -> None:
        self._session = session
        self._clock = clock
        self._hash = keyed_hash
        self._limits = limits

    def issue(self, *, purpose: str, target: str, source: str) -> IssuedCode:
        """Make a code in the caller's transaction; the message that carries it belongs into the same one.

        An older code of the purpose and target opens nothing from the commit on. Two issues at once are one: the
        second sees the first. Raises CodeTooSoon and CodeLimitReached.
        """
        now = self._clock.now()
        self._wait_for_others(f"{purpose}:{target}", f"source:{source}")
        same_target = self._of_target(purpose, target)
        self._refuse_resend(same_target, now)
        self._refuse_over(same_target, "target", self._limits.per_target_day_max, DAY, now)
        same_source = codes.c.source_hash.in_(self._hash.candidates(_source_value(source)))
        self._refuse_over(same_source, "source", self._limits.per_source_hour_max, HOUR, now)
        issued = IssuedCode(
            code_id=new_id(),
            code="".join(secrets.choice("0123456789") for _ in range(self._limits.digits)),
            expires_at=now + timedelta(seconds=self._limits.lifetime_seconds),
        )
        self._session.execute(
            update(codes)
            .where(same_target, codes.c.replaced_at.is_(None), codes.c.used_at.is_(None))
            .values(replaced_at=now)
        )
        self._session.execute(
            codes.insert().values(
                id=issued.code_id,
                purpose=purpose,
                target_hash=self._hash.of(_target_value(target)),
                source_hash=self._hash.of(_source_value(source)),
                code_hash=self._hash.of(_code_value(issued.code_id, issued.code)),
                issued_at=now,
                expires_at=issued.expires_at,
                tries=0,
            )
        )
        return issued

    def check(self, code_id: UUID, code: str, *, purpose: str, target: str) -> None:
        """Return when the code is right, having used it up in the caller's transaction; otherwise raise.

        The try is counted first, in a transaction of its own, so that no rollback gives tries back, and as many
        checks at once as there may be never get more tries than the limit. When the caller's transaction rolls
        back after a right code, the code stays usable, less one try. Only a committed code can be checked.

        Raises CodeExpired, CodeUsed, CodeWrong and CodeLimitReached("tries").
        """
        now = self._clock.now()
        this_code = (codes.c.id == code_id) & self._of_target(purpose, target)
        # A code that this very transaction has used is locked by it: counting a try from outside would wait for us.
        self._refuse_unusable(self._session.execute(select(codes).where(this_code)).one_or_none(), now)
        with database_of(self._session).apart() as apart:
            counted = apart.execute(
                update(codes)
                .where(
                    this_code,
                    codes.c.used_at.is_(None),
                    codes.c.replaced_at.is_(None),
                    codes.c.expires_at > now,
                    codes.c.tries < self._limits.tries_max,
                )
                .values(tries=codes.c.tries + 1)
                .returning(codes.c.code_hash, codes.c.tries)
            ).one_or_none()
            if counted is None:
                self._refuse_unusable(apart.execute(select(codes).where(this_code)).one_or_none(), now)
                raise CodeExpired
        if not self._hash.matches(_code_value(code_id, code), counted.code_hash):
            raise CodeWrong(max(0, self._limits.tries_max - counted.tries))
        self._use(this_code, now)

    def prune(self, *, rows_max: int = 1_000) -> int:
        """Delete codes that no limit looks at any more, at most `rows_max`, and return how many."""
        old = self._clock.now() - 2 * DAY - timedelta(seconds=self._limits.lifetime_seconds)
        batch = select(codes.c.id).where(codes.c.issued_at < old).limit(rows_max).with_for_update(skip_locked=True)
        return len(self._session.execute(delete(codes).where(codes.c.id.in_(batch)).returning(codes.c.id)).all())

    def _use(self, this_code: ColumnElement[bool], now: datetime) -> None:
        used = self._session.execute(
            update(codes)
            .where(this_code, codes.c.used_at.is_(None), codes.c.replaced_at.is_(None))
            .values(used_at=now)
            .returning(codes.c.id)
        ).one_or_none()
        if used is None:
            # Another check used it, or a newer code replaced it, since the try was counted.
            self._refuse_unusable(self._session.execute(select(codes).where(this_code)).one_or_none(), now)
            raise CodeExpired

    def _refuse_unusable(self, row: Row[Any] | None, now: datetime) -> None:
        if row is None or row.replaced_at is not None:
            raise CodeExpired
        if row.used_at is not None:
            raise CodeUsed
        if row.expires_at <= now:
            raise CodeExpired
        if row.tries >= self._limits.tries_max:
            raise CodeLimitReached("tries", 0)

    def _of_target(self, purpose: str, target: str) -> ColumnElement[bool]:
        return (codes.c.purpose == purpose) & codes.c.target_hash.in_(self._hash.candidates(_target_value(target)))

    def _wait_for_others(self, *subjects: str) -> None:
        """Issues for one target, or from one source, go one after another until the transaction's end."""
        for key in sorted(int.from_bytes(self._hash.of(f"lock:{subject}")[:8], signed=True) for subject in subjects):
            self._session.execute(select(func.pg_advisory_xact_lock(key)))

    def _refuse_resend(self, same_target: ColumnElement[bool], now: datetime) -> None:
        last = self._session.scalar(select(func.max(codes.c.issued_at)).where(same_target))
        if last is not None:
            wait = last + timedelta(seconds=self._limits.resend_seconds) - now
            if wait > timedelta(0):
                raise CodeTooSoon(math.ceil(wait.total_seconds()))

    def _refuse_over(
        self, condition: ColumnElement[bool], limit: LimitName, issues_max: int, within: timedelta, now: datetime
    ) -> None:
        """Refuse when the limit's window is full; it opens again when its oldest issue but `issues_max` leaves it."""
        earlier = (
            select(codes.c.issued_at)
            .where(condition, codes.c.issued_at > now - within)
            .order_by(codes.c.issued_at.desc())
            .offset(issues_max - 1)
            .limit(1)
        )
        full_since = self._session.scalar(earlier)
        if full_since is not None:
            raise CodeLimitReached(limit, math.ceil((full_since + within - now).total_seconds()))


def _target_value(target: str) -> str:
    return f"code-target:{target}"


def _source_value(source: str) -> str:
    return f"code-source:{source}"


def _code_value(code_id: UUID, code: str) -> str:
    """The id is part of it, so that equal codes have different hashes."""
    return f"code:{code_id}:{code.strip()}"
