"""The tables of order, coupon, dispatch and attempt (ORD-17, ORD-18, ORD-19, ORD-33)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordering.domain.attempt import ATTEMPT_STATES, AttemptState
from ordering.domain.coupon import COUPON_STATES, CouponState, CouponStep
from ordering.domain.dispatch import DISPATCH_STATES, DispatchState, DispatchStep, Readiness, readiness
from ordering.domain.order import ORDER_STATES, OrderState, OrderStep
from ordering.domain.state_table import StateTable, StepRefusedError

TABLES: tuple[StateTable, ...] = (ORDER_STATES, COUPON_STATES, DISPATCH_STATES, ATTEMPT_STATES)


@pytest.mark.rule("ORD-17")
def test_the_words_of_an_order_on_the_wire() -> None:
    assert {state.value for state in OrderState} == {
        "pending",
        "rejected",
        "scheduled",
        "sending",
        "sent",
        "cancelled",
    }


@pytest.mark.rule("ORD-18")
def test_the_words_of_a_dispatch_on_the_wire() -> None:
    assert {state.value for state in DispatchState} == {"success", "in_progress", "failed", "error"}


@pytest.mark.rule("ORD-17")
@pytest.mark.parametrize("state", [OrderState.REJECTED, OrderState.SENT, OrderState.CANCELLED])
def test_an_order_that_ended_never_moves_again(state: OrderState) -> None:
    assert ORDER_STATES.is_final(state)


@pytest.mark.rule("ORD-17")
@given(st.lists(st.sampled_from(OrderStep)))
def test_an_order_never_comes_back_to_a_state_that_it_left(steps: list[OrderStep]) -> None:
    state, left = ORDER_STATES.initial, set()
    for step in steps:
        if ORDER_STATES.allows(state, step):
            left.add(state)
            state = ORDER_STATES.next(state, step)
            assert state not in left


@pytest.mark.rule("ORD-18")
def test_success_may_come_late_after_failure_but_failure_never_after_success() -> None:
    assert DISPATCH_STATES.next(DispatchState.FAILED, DispatchStep.REPORTED_SUCCESS) is DispatchState.SUCCESS
    assert not DISPATCH_STATES.allows(DispatchState.SUCCESS, DispatchStep.REPORTED_FAILURE)


@pytest.mark.rule("ORD-19")
def test_only_an_issued_coupon_is_revoked_used_or_expired() -> None:
    for step in (CouponStep.REVOKED, CouponStep.USED, CouponStep.EXPIRED):
        assert COUPON_STATES.sources(step) == (CouponState.ISSUED,)


@pytest.mark.rule("ORD-33")
def test_an_unknown_attempt_is_never_called_again_before_it_is_known_that_nothing_came() -> None:
    leads_to_calling = {source for (source, _), target in ATTEMPT_STATES.moves.items() if target == "calling"}
    assert leads_to_calling == {AttemptState.RETRYABLE}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.subject)
def test_what_a_table_does_not_name_is_refused_with_state_and_step(table: StateTable) -> None:
    steps = {step for _, step in table.moves}
    states = {state for state, _ in table.moves} | set(table.moves.values())
    refused = [(state, step) for state in states for step in steps if not table.allows(state, step)]
    assert refused
    for state, step in refused:
        with pytest.raises(StepRefusedError) as refusal:
            table.next(state, step)
        assert (refusal.value.state, refusal.value.step) == (state, step)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.subject)
def test_every_state_of_a_table_is_reached_from_its_first(table: StateTable) -> None:
    reached = {table.initial}
    for _ in table.moves:
        reached |= {target for (source, _), target in table.moves.items() if source in reached}
    assert set(type(table.initial)) <= reached


@pytest.mark.rule("ORD-18")
@pytest.mark.parametrize(
    ("coupons", "expected"),
    [
        ([CouponState.ISSUED, CouponState.ISSUED], Readiness.GOES),
        ([CouponState.ISSUED, CouponState.ISSUE_FAILED], Readiness.GOES),
        ([CouponState.ISSUED, CouponState.WAITING], Readiness.WAITS),
        ([CouponState.ISSUE_FAILED, CouponState.ISSUE_FAILED], Readiness.NOTHING_TO_SEND),
        ([CouponState.AWAITING_CHOICE], Readiness.GOES),
    ],
)
def test_a_message_goes_with_what_was_issued_and_is_an_error_without_any(
    coupons: list[CouponState], expected: Readiness
) -> None:
    assert readiness(coupons) is expected
