"""Counting tries and the challenge between password and code (IDN-09, IDN-12)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from identity_builders import AT

from identity.domain.errors import ChallengeNotFoundError, LoginLockedError
from identity.domain.login import LockoutRules, LoginChallenge, PasswordAttempts, SubjectKind

RULES = LockoutRules(failures_max=10, window=timedelta(minutes=15), lock=timedelta(minutes=15))


def after_tries(count: int, *, seconds_apart: int = 10) -> PasswordAttempts:
    attempts = PasswordAttempts()
    for number in range(count):
        attempts = attempts.count(AT + timedelta(seconds=number * seconds_apart), RULES)
    return attempts


@pytest.mark.rule("IDN-12")
def test_ten_tries_in_fifteen_minutes_lock_for_fifteen_minutes() -> None:
    tenth_at = AT + timedelta(seconds=90)
    locked = after_tries(10)
    assert locked.locked_until == tenth_at + timedelta(minutes=15)
    with pytest.raises(LoginLockedError) as refused:
        locked.count(tenth_at + timedelta(minutes=14, seconds=59), RULES)
    assert refused.value.retry_after_seconds == 1
    locked.count(tenth_at + timedelta(minutes=15), RULES)


@pytest.mark.rule("IDN-12")
def test_nine_tries_lock_nothing() -> None:
    assert after_tries(9).locked_until is None


@pytest.mark.rule("IDN-12")
def test_tries_older_than_the_window_are_forgotten() -> None:
    attempts = after_tries(9).count(AT + timedelta(minutes=15), RULES)
    assert attempts.locked_until is None


@pytest.mark.rule("IDN-12")
@given(st.lists(st.integers(1, 200), max_size=60))
def test_no_window_ever_holds_more_than_ten_counted_tries(gaps_seconds: list[int]) -> None:
    attempts, at, counted = PasswordAttempts(), AT, []
    for gap in gaps_seconds:
        at += timedelta(seconds=gap)
        try:
            attempts = attempts.count(at, RULES)
        except LoginLockedError:
            continue
        counted.append(at)
    for first in counted:
        assert sum(first <= other < first + timedelta(minutes=15) for other in counted) <= 10


def a_challenge() -> LoginChallenge:
    return LoginChallenge(
        uuid4(), SubjectKind.OPERATOR, uuid4(), "203.0.113.7", code_required=True, expires_at=AT + timedelta(minutes=10)
    )


@pytest.mark.rule("IDN-09")
def test_a_challenge_ends_by_its_use_and_by_its_time() -> None:
    challenge = a_challenge()
    challenge.require_open(AT)
    with pytest.raises(ChallengeNotFoundError):
        challenge.require_open(AT + timedelta(minutes=10))
    with pytest.raises(ChallengeNotFoundError):
        challenge.end(AT).require_open(AT)


@pytest.mark.rule("IDN-24")
def test_the_sixth_try_of_a_second_factor_is_not_looked_at() -> None:
    challenge = a_challenge()
    for left in (4, 3, 2, 1, 0):
        challenge = challenge.count_try(5)
        assert challenge.refusal(5).tries_left == left
    with pytest.raises(ChallengeNotFoundError):
        challenge.count_try(5)
