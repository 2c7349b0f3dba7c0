"""What members choose to be told, and what a sent order is told as."""

import pytest

from messaging.domain.notification import (
    DEFAULTS,
    ChannelMissing,
    KindNotOffered,
    NotificationChannel,
    NotificationChoice,
    NotificationKind,
    Occasion,
    check_choices,
    offered_kinds,
    order_occasion,
)

K = NotificationKind


@pytest.mark.rule("MSG-07")
@pytest.mark.parametrize(
    ("is_master", "pays_later", "offered"),
    [
        (False, False, {K.ORDER_DONE, K.ORDER_FAILURES, K.PLAN_STOPPED}),
        (False, True, {K.ORDER_DONE, K.ORDER_FAILURES, K.PLAN_STOPPED}),
        (True, False, {K.ORDER_DONE, K.ORDER_FAILURES, K.PLAN_STOPPED, K.BALANCE_LOW}),
        (True, True, set(K)),
    ],
)
def test_members_are_offered_what_concerns_them(is_master: bool, pays_later: bool, offered: set[K]) -> None:
    assert set(offered_kinds(is_master=is_master, pays_later=pays_later)) == offered


@pytest.mark.rule("MSG-07")
def test_a_kind_that_is_not_offered_cannot_be_chosen() -> None:
    with pytest.raises(KindNotOffered):
        check_choices([NotificationChoice(K.INVOICE_READY, True, True)], [K.ORDER_DONE])


@pytest.mark.rule("MSG-07", "ANN-05", "ANN-09")
def test_how_a_stopped_anniversary_is_told_is_chosen_and_not_whether() -> None:
    for mail, alimtalk in ((True, False), (False, True), (True, True)):
        check_choices([NotificationChoice(K.PLAN_STOPPED, mail, alimtalk)], list(K))
    with pytest.raises(ChannelMissing):
        check_choices([NotificationChoice(K.PLAN_STOPPED, False, False)], list(K))


@pytest.mark.rule("MSG-07")
@pytest.mark.parametrize(
    ("wants_done", "wants_failures", "not_reached", "occasion"),
    [
        (True, True, 0, Occasion.ORDER_DONE),
        (True, True, 3, Occasion.ORDER_FAILURES),
        (True, False, 3, Occasion.ORDER_DONE),
        (False, True, 0, None),
        (False, True, 3, Occasion.ORDER_FAILURES),
        (False, False, 3, None),
    ],
)
def test_a_sent_order_is_told_by_one_message_a_channel(
    wants_done: bool, wants_failures: bool, not_reached: int, occasion: Occasion | None
) -> None:
    choices = {
        **DEFAULTS,
        K.ORDER_DONE: NotificationChoice(K.ORDER_DONE, wants_done, False),
        K.ORDER_FAILURES: NotificationChoice(K.ORDER_FAILURES, wants_failures, False),
    }
    assert order_occasion(choices, NotificationChannel.MAIL, not_reached=not_reached) is occasion
    assert order_occasion(choices, NotificationChannel.ALIMTALK, not_reached=not_reached) is None
