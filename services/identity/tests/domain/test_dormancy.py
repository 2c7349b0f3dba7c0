"""휴면: when an unused account is warned and falls asleep (IDN-19)."""

from datetime import timedelta

import pytest
from identity_builders import AT

from identity.domain.dormancy import DormancyRules, DormancyStep, DormancyVerdict, judge_dormancy

RULES = DormancyRules(days=365, warning_days=30)


@pytest.mark.rule("IDN-19")
@pytest.mark.parametrize(
    ("quiet_days", "warned_after_days", "step", "look_again_after_days"),
    [
        (0, None, DormancyStep.WAIT, 335),
        (334, None, DormancyStep.WAIT, 335),
        (335, None, DormancyStep.WARN, 365),
        (364, 335, DormancyStep.WAIT, 365),
        (365, 335, DormancyStep.FALL, None),
        (500, None, DormancyStep.WARN, 530),
        (529, 500, DormancyStep.WAIT, 530),
        (530, 500, DormancyStep.FALL, None),
    ],
)
def test_a_mail_goes_out_thirty_days_before_the_365th_day_and_nobody_sleeps_without_it(
    quiet_days: int, warned_after_days: int | None, step: DormancyStep, look_again_after_days: int | None
) -> None:
    verdict = judge_dormancy(
        used_at=AT,
        warned_at=None if warned_after_days is None else AT + timedelta(days=warned_after_days),
        at=AT + timedelta(days=quiet_days),
        rules=RULES,
    )
    again = None if look_again_after_days is None else AT + timedelta(days=look_again_after_days)
    assert verdict == DormancyVerdict(step, again)


@pytest.mark.rule("IDN-19")
def test_a_login_after_the_mail_begins_the_days_anew() -> None:
    login = AT + timedelta(days=340)
    verdict = judge_dormancy(
        used_at=login, warned_at=AT + timedelta(days=335), at=AT + timedelta(days=365), rules=RULES
    )
    assert verdict == DormancyVerdict(DormancyStep.WAIT, login + timedelta(days=335))
