"""휴면: what becomes of an account that nobody uses (IDN-19)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


@dataclass(frozen=True)
class DormancyRules:
    """After so many days without a login the account sleeps; a mail goes out so many days before."""

    days: int
    warning_days: int

    @property
    def quiet(self) -> timedelta:
        """How long nothing happens before the mail."""
        return timedelta(days=self.days - self.warning_days)

    @property
    def warning(self) -> timedelta:
        """How long the mail leaves."""
        return timedelta(days=self.warning_days)


class DormancyStep(StrEnum):
    """What a timer finds to do."""

    WAIT = "wait"
    WARN = "warn"
    FALL = "fall"


@dataclass(frozen=True)
class DormancyVerdict:
    """The step that is due, and when to look again."""

    step: DormancyStep
    look_again_at: datetime | None


def judge_dormancy(
    *, used_at: datetime, warned_at: datetime | None, at: datetime, rules: DormancyRules
) -> DormancyVerdict:
    """Nobody falls asleep without the mail, and without the full time after it, also when the timer came late."""
    if warned_at is None or warned_at < used_at:
        if at < used_at + rules.quiet:
            return DormancyVerdict(DormancyStep.WAIT, used_at + rules.quiet)
        return DormancyVerdict(DormancyStep.WARN, at + rules.warning)
    if at < warned_at + rules.warning:
        return DormancyVerdict(DormancyStep.WAIT, warned_at + rules.warning)
    return DormancyVerdict(DormancyStep.FALL, None)
