"""로그인: counting wrong passwords, and the challenge between password and code (IDN-09 … IDN-12)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from identity.domain.errors import ChallengeNotFoundError, LoginLockedError, SecondFactorRefusedError


@dataclass(frozen=True)
class LockoutRules:
    """So many wrong passwords within the window lock the address for a while (IDN-12)."""

    failures_max: int
    window: timedelta
    lock: timedelta


@dataclass(frozen=True)
class PasswordAttempts:
    """The tries for one address, counted alike whether anybody has it or not.

    A try is counted before the password is looked at and forgotten when it was right, so that tries side by side
    cannot exceed the limit. A try while locked counts for nothing: a stranger cannot keep a lock going.
    """

    tried_at: tuple[datetime, ...] = ()
    locked_until: datetime | None = None

    def count(self, at: datetime, rules: LockoutRules) -> "PasswordAttempts":
        """Count a try. Raises `LoginLockedError` while the address is locked."""
        self.require_unlocked(at)
        recent = (*(moment for moment in self.tried_at if at - moment < rules.window), at)
        if len(recent) >= rules.failures_max:
            return PasswordAttempts(locked_until=at + rules.lock)
        return PasswordAttempts(tried_at=recent)

    def require_unlocked(self, at: datetime) -> None:
        """Raises `LoginLockedError` while the address is locked."""
        if self.locked_until is not None and at < self.locked_until:
            raise LoginLockedError(self.locked_until - at)


class SubjectKind(StrEnum):
    """Whose login or session it is."""

    MEMBER = "member"
    OPERATOR = "operator"


@dataclass(frozen=True)
class LoginChallenge:
    """A right password was given; what is asked next, and until when."""

    id: UUID
    kind: SubjectKind
    subject_id: UUID
    source: str
    code_required: bool
    expires_at: datetime
    code_id: UUID | None = None
    tries: int = 0
    ended_at: datetime | None = None

    def require_open(self, at: datetime) -> None:
        """Raises `ChallengeNotFoundError` when the login is over or took too long."""
        if self.ended_at is not None or at >= self.expires_at:
            raise ChallengeNotFoundError

    def sent(self, code_id: UUID) -> "LoginChallenge":
        """A code is on its way; an earlier one no longer counts."""
        return replace(self, code_id=code_id)

    def count_try(self, tries_max: int) -> "LoginChallenge":
        """Count a try of the second factor before it is looked at; with none left it is a `ChallengeNotFoundError`."""
        if self.tries >= tries_max:
            raise ChallengeNotFoundError
        return replace(self, tries=self.tries + 1)

    def refusal(self, tries_max: int) -> SecondFactorRefusedError:
        """The refusal of the try that was just counted."""
        return SecondFactorRefusedError(tries_max - self.tries)

    def end(self, at: datetime) -> "LoginChallenge":
        """Close the challenge: it gives one session and no second."""
        return replace(self, ended_at=at)
