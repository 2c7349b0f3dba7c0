"""What a supplier's answers make of an attempt (ORD-33)."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from ordering.domain.answers import (
    Cancelled,
    CancelRefused,
    Issued,
    NeverCame,
    NotDone,
    NotFound,
    NumberLost,
    Refused,
    Stopped,
    Unsure,
)
from ordering.domain.attempt import (
    Action,
    Attempt,
    AttemptState,
    abandoned,
    called_again,
    gives_up_at,
    learnt,
    next_action,
    opened,
)
from ordering.domain.limits import IssuingPatience
from ordering.settings import OrderRules

AT = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
def patience(rules: OrderRules) -> IssuingPatience:
    return rules.patience()


def unknown(patience: IssuingPatience, *, given_up: bool = False) -> Attempt:
    """An attempt whose call timed out at AT."""
    return learnt(opened(uuid4(), 1, AT), Unsure("timeout"), AT, patience, given_up=given_up)


def test_a_time_out_is_asked_about_after_ten_seconds_and_not_called_again(patience: IssuingPatience) -> None:
    attempt = unknown(patience)
    assert next_action(attempt, AT + timedelta(seconds=9), patience) is None
    assert next_action(attempt, AT + timedelta(seconds=10), patience) is Action.ASK


def test_not_found_counts_only_after_several_askings_and_the_settling_time(patience: IssuingPatience) -> None:
    attempt, at = unknown(patience), AT
    for seconds in (10, 60, 300):
        at += timedelta(seconds=seconds)
        assert next_action(attempt, at, patience) is Action.ASK
        attempt = learnt(attempt, NotFound(), at, patience, given_up=False)
    assert attempt.state is AttemptState.UNKNOWN
    assert next_action(attempt, at, patience) is Action.VOID


def test_a_key_that_never_came_goes_again_as_the_same_key(patience: IssuingPatience) -> None:
    attempt = unknown(patience)
    later = AT + timedelta(minutes=7)
    fresh = learnt(attempt, NeverCame("ERR0208"), later, patience, given_up=False)
    assert next_action(fresh, later, patience) is Action.ISSUE
    assert called_again(fresh, later).tr_id == attempt.tr_id
    assert gives_up_at(fresh, patience) is None


def test_a_voided_deduction_is_a_definite_no(patience: IssuingPatience) -> None:
    assert learnt(unknown(patience), Refused("voided"), AT, patience, given_up=False).is_settled


def test_a_void_that_was_refused_is_followed_by_one_more_asking(patience: IssuingPatience) -> None:
    attempt = unknown(patience)
    for _ in range(3):
        attempt = learnt(attempt, NotFound(), AT, patience, given_up=False)
    late = AT + timedelta(minutes=6)
    assert next_action(attempt, late, patience) is Action.VOID
    attempt = learnt(attempt, Unsure("COUPON.0006"), late, patience, given_up=False)
    assert next_action(attempt, late + timedelta(seconds=10), patience) is Action.ASK


@pytest.mark.parametrize("answer", [NotDone("refused"), Stopped("E0010")])
def test_what_was_surely_not_done_may_be_called_again(patience: IssuingPatience, answer: NotDone | Stopped) -> None:
    attempt = learnt(opened(uuid4(), 1, AT), answer, AT, patience, given_up=False)
    assert next_action(attempt, AT + timedelta(seconds=10), patience) is Action.ISSUE


@pytest.mark.parametrize("answer", [NotDone("refused"), Stopped("E0010")])
def test_an_asking_that_was_not_done_leaves_the_outcome_unknown(
    patience: IssuingPatience, answer: NotDone | Stopped
) -> None:
    assert learnt(unknown(patience), answer, AT, patience, given_up=False).state is AttemptState.UNKNOWN


def test_a_worker_that_died_leaves_an_unknown_outcome_that_is_asked_at_once(patience: IssuingPatience) -> None:
    attempt = abandoned(opened(uuid4(), 1, AT - timedelta(minutes=3)), AT)
    assert next_action(attempt, AT, patience) is Action.ASK


def test_a_message_waits_ten_minutes_from_when_the_outcome_became_unknown(patience: IssuingPatience) -> None:
    attempt = unknown(patience)
    again = learnt(attempt, NotFound(), AT + timedelta(minutes=1), patience, given_up=False)
    assert gives_up_at(again, patience) == AT + timedelta(minutes=10)


def test_a_coupon_found_after_it_was_given_up_is_cancelled(patience: IssuingPatience) -> None:
    surplus = learnt(unknown(patience), Issued("1234"), AT, patience, given_up=True)
    assert next_action(surplus, AT, patience) is Action.CANCEL
    assert learnt(surplus, Cancelled(), AT, patience, given_up=True).is_settled


def test_a_coupon_that_cannot_be_cancelled_is_flagged_for_operators(patience: IssuingPatience) -> None:
    surplus = learnt(unknown(patience), Issued("1234"), AT, patience, given_up=True)
    flagged = learnt(surplus, CancelRefused("COUPON.0007"), AT, patience, given_up=True)
    assert (flagged.state, flagged.code) == (AttemptState.FLAGGED, "COUPON.0007")


def test_a_coupon_whose_number_cannot_be_learnt_is_cancelled(patience: IssuingPatience) -> None:
    lost = learnt(unknown(patience), NumberLost("no_number"), AT, patience, given_up=False)
    assert next_action(lost, AT, patience) is Action.CANCEL


def test_a_key_that_never_came_after_giving_up_is_settled(patience: IssuingPatience) -> None:
    assert learnt(unknown(patience), NeverCame("ERR0208"), AT, patience, given_up=True).is_settled


def test_what_no_asking_settles_within_a_day_of_giving_up_is_left_to_operators(patience: IssuingPatience) -> None:
    attempt = unknown(patience)
    later = learnt(attempt, Unsure("E9999"), AT + timedelta(hours=23), patience, given_up=True)
    assert later.next_at == AT + timedelta(hours=25)
    flagged = learnt(later, Unsure("E9999"), AT + timedelta(hours=25), patience, given_up=True)
    assert (flagged.state, flagged.is_settled) == (AttemptState.FLAGGED, True)


def test_a_supplier_that_is_away_is_never_a_reason_to_bother_operators(patience: IssuingPatience) -> None:
    attempt = learnt(unknown(patience), NotDone("away"), AT + timedelta(days=3), patience, given_up=True)
    assert attempt.state is AttemptState.UNKNOWN
