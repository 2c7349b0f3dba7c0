"""비밀번호 재설정: a mailed link that works once, for half an hour (IDN-14)."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from identity.domain.errors import ResetLinkRefusedError


@dataclass(frozen=True)
class ResetRules:
    """How long a link lives (IDN-14), and how often one mailbox is written to."""

    lifetime: timedelta
    resend: timedelta
    per_day_max: int


@dataclass(frozen=True)
class PasswordReset:
    """One link; only its token's hash is kept."""

    id: UUID
    member_id: UUID
    token_hash: bytes = field(repr=False)
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = None

    def require_open(self, at: datetime) -> None:
        """Raises `ResetLinkRefusedError` when it was used, replaced or is over."""
        if self.used_at is not None or at >= self.expires_at:
            raise ResetLinkRefusedError

    def use(self, at: datetime) -> "PasswordReset":
        """It worked, or a newer one or another change of the password took its place."""
        return replace(self, used_at=self.used_at or at)


def may_make_another(made_at: list[datetime], at: datetime, rules: ResetRules) -> bool:
    """Whether one more mail may go to a mailbox that got these within the last day."""
    today = [moment for moment in made_at if at - moment < timedelta(days=1)]
    return len(today) < rules.per_day_max and all(at - moment >= rules.resend for moment in today)
