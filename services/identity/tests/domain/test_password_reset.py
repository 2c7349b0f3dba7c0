"""비밀번호 재설정 (IDN-14): how a link lives, and how often one mailbox is written to."""

from datetime import timedelta
from uuid import uuid4

import pytest
from identity_builders import AT

from identity.domain.errors import ResetLinkRefusedError
from identity.domain.password_reset import PasswordReset, ResetRules, may_make_another

RULES = ResetRules(lifetime=timedelta(minutes=30), resend=timedelta(seconds=60), per_day_max=3)


@pytest.mark.rule("IDN-14")
def test_a_link_opens_for_thirty_minutes_and_once() -> None:
    reset = PasswordReset(uuid4(), uuid4(), b"hash", AT, AT + RULES.lifetime)
    reset.require_open(AT + timedelta(minutes=30) - timedelta(microseconds=1))
    with pytest.raises(ResetLinkRefusedError):
        reset.require_open(AT + timedelta(minutes=30))
    with pytest.raises(ResetLinkRefusedError):
        reset.use(AT).require_open(AT)


def test_a_mailbox_is_left_in_peace_for_a_minute_and_after_the_days_number() -> None:
    minutes = [AT + timedelta(minutes=number) for number in range(4)]
    assert may_make_another([], AT, RULES)
    assert not may_make_another(minutes[:1], AT + timedelta(seconds=59), RULES)
    assert may_make_another(minutes[:2], minutes[2], RULES)
    assert not may_make_another(minutes[:3], minutes[3], RULES)
    assert may_make_another(minutes[:3], AT + timedelta(days=1), RULES)
