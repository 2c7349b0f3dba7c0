"""A delivery moves along its table only, and once in doubt is never handed over again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.domain.delivery import (
    SETTLED,
    TRANSITIONS,
    Channel,
    Delivery,
    DeliveryRules,
    DeliveryState,
    DeliveryStep,
)
from messaging.domain.errors import IllegalTransition
from messaging.settings import Settings

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def a_delivery(state: DeliveryState = DeliveryState.QUEUED) -> Delivery:
    return Delivery(UUID(int=1), UUID(int=2), UUID(int=3), "01012345678", "text", "link", state, handed_over_at=NOW)


@pytest.mark.parametrize("state", DeliveryState)
@pytest.mark.parametrize("step", DeliveryStep)
def test_only_the_steps_of_the_table_are_taken(state: DeliveryState, step: DeliveryStep) -> None:
    if (state, step) in TRANSITIONS:
        assert a_delivery(state).step(step).state is TRANSITIONS[state, step]
    else:
        with pytest.raises(IllegalTransition):
            a_delivery(state).step(step)


@pytest.mark.rule("MSG-02")
@given(st.lists(st.sampled_from(DeliveryStep), max_size=30))
def test_a_message_is_handed_over_at_most_once_unless_it_surely_did_not_leave(steps: list[DeliveryStep]) -> None:
    delivery, may_have_left, claims_after_that = a_delivery(), False, 0
    for step in steps:
        if not delivery.allows(step):
            continue
        before, delivery = delivery.state, delivery.step(step)
        if step is DeliveryStep.CLAIMED and may_have_left:
            claims_after_that += 1
        may_have_left |= before is DeliveryState.HANDING_OVER and step is not DeliveryStep.NOT_SENT
    assert claims_after_that == 0


@given(st.lists(st.sampled_from(DeliveryStep), max_size=30))
def test_a_success_is_final(steps: list[DeliveryStep]) -> None:
    delivery = a_delivery()
    seen_success = False
    for step in steps:
        if delivery.allows(step):
            delivery = delivery.step(step)
        seen_success |= delivery.state is DeliveryState.SUCCESS
        assert not seen_success or delivery.state is DeliveryState.SUCCESS


@pytest.mark.rule("MSG-01")
def test_a_late_report_of_success_turns_a_failure() -> None:
    failed = a_delivery(DeliveryState.IN_DOUBT).given_up(NOW)
    assert failed.state is DeliveryState.FAILED
    late = failed.delivered(Channel.ALIMTALK, "7000", NOW + timedelta(days=4))
    assert (late.state, late.channel, late.code) == (DeliveryState.SUCCESS, Channel.ALIMTALK, "7000")


@pytest.mark.rule("MSG-01")
def test_a_message_that_arrived_costs_what_its_channel_costs(messaging_settings: Settings) -> None:
    prices = messaging_settings.model_copy(update={"alimtalk_price_jeon": 650}).delivery_rules.prices_jeon
    taken = a_delivery(DeliveryState.HANDED_OVER)
    costs = [taken.delivered(each, "7000", NOW, prices.get(each)).cost_jeon for each in Channel]
    assert costs == [650, None]
    assert taken.undelivered("7421", NOW).cost_jeon is None


@pytest.mark.rule("MSG-02")
def test_without_a_report_a_message_fails_after_72_hours(messaging_settings: Settings) -> None:
    rules = messaging_settings.delivery_rules
    delivery = a_delivery(DeliveryState.IN_DOUBT)
    assert not rules.waited_long_enough(delivery, NOW + timedelta(hours=72) - timedelta(seconds=1))
    assert rules.waited_long_enough(delivery, NOW + timedelta(hours=72))


def test_waits_double_up_to_a_maximum() -> None:
    rules = DeliveryRules(timedelta(hours=72), timedelta(seconds=2), timedelta(seconds=300))
    waits = [(rules.next_try_at(tries, NOW) - NOW).total_seconds() for tries in (0, 1, 2, 7, 8, 1_000)]
    assert waits == [2, 4, 8, 256, 300, 300]


def test_every_state_can_end() -> None:
    reachable = {state for (state, _), _ in TRANSITIONS.items()}
    assert reachable | SETTLED | {DeliveryState.WITHDRAWN} == set(DeliveryState)


@pytest.mark.rule("MSG-01", "MSG-02")
@given(st.lists(st.sampled_from(DeliveryStep), max_size=30))
def test_an_mms_follows_one_alimtalk_once_and_none_that_was_given_up(steps: list[DeliveryStep]) -> None:
    delivery, given_up, fell_back = a_delivery(), False, 0
    for step in steps:
        if delivery.allows(step):
            delivery = delivery.step(step)
            given_up |= step is DeliveryStep.GIVEN_UP
            fell_back += step is DeliveryStep.FELL_BACK
            assert not (given_up and step is DeliveryStep.FELL_BACK)
    assert fell_back <= 1


@pytest.mark.rule("MSG-01")
@pytest.mark.parametrize("state", DeliveryState)
def test_an_mms_is_followed_by_nothing(state: DeliveryState) -> None:
    mms = replace(a_delivery().mms_in_its_place(UUID(int=4)), state=state)
    assert (mms.sent_as, mms.phone, mms.text, mms.link) == (Channel.MMS, "01012345678", "text", "link")
    assert not mms.may_fall_back
