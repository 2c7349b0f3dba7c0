"""Sessions: a family of refresh tokens, each used once (IDN-13)."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from identity.domain.login import SubjectKind


class EndReason(StrEnum):
    """Why a session ended."""

    LOGOUT = "logout"
    LOGOUT_EVERYWHERE = "logout_everywhere"
    REUSED = "reused"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a reason, no password
    SUSPENDED = "suspended"
    DORMANT = "dormant"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class SessionFamily:
    """What one login began: it lives until its end, each refresh token following the one before."""

    id: UUID
    kind: SubjectKind
    subject_id: UUID
    begun_at: datetime
    ended_at: datetime | None = None
    end_reason: EndReason | None = None

    def end(self, reason: EndReason, at: datetime) -> "SessionFamily":
        """End the family; the first reason stays."""
        if self.ended_at is not None:
            return self
        return replace(self, ended_at=at, end_reason=reason)


@dataclass(frozen=True)
class RefreshToken:
    """One refresh token of a family; only its hash is kept."""

    token_hash: bytes = field(repr=False)
    family_id: UUID
    expires_at: datetime
    used_at: datetime | None = None


class RefreshOutcome(StrEnum):
    """What becomes of a refresh token that somebody shows."""

    ROTATE = "rotate"
    REFUSE = "refuse"
    END_FAMILY = "end_family"


def judge_refresh(token: RefreshToken, family: SessionFamily, at: datetime) -> RefreshOutcome:
    """A used token of a living family is in two hands, so the family ends; dead or expired ones are just refused."""
    if family.ended_at is not None:
        return RefreshOutcome.REFUSE
    if token.used_at is not None:
        return RefreshOutcome.END_FAMILY
    if at >= token.expires_at:
        return RefreshOutcome.REFUSE
    return RefreshOutcome.ROTATE
