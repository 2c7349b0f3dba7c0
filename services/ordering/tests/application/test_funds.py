"""Wallet's answers, in every order in which they can come."""

from uuid import UUID

import pytest
from ordering_probe.builders import an_order, rows
from ordering_probe.fakes import Memory

from contracts.ordering.orders import OrderAccepted, OrderRejected, ReservationWithdrawn, SendingStarted
from contracts.scheduler import CancelTimer
from ordering.application.funds import accept_order, reject_order, reject_released_order, stop_waiting
from ordering.application.placing import place_order
from ordering.application.ports import UnknownOrderError
from ordering.domain.order import OrderState, Shortfall
from ordering.domain.state_table import StepRefusedError
from ordering.settings import OrderRules

SHORT = Shortfall("balance", 4_500, 4_000)


@pytest.fixture
def order_id(memory: Memory, rules: OrderRules) -> UUID:
    """A pending order; what was said for it is forgotten."""
    placed = place_order(an_order(rows=rows(150), pay_amount_krw=150 * 4_500), memory, rules.placing())
    memory.said.clear()
    return placed


def test_reserved_money_starts_the_sending_in_chunks_of_a_hundred(memory: Memory, order_id: UUID) -> None:
    accept_order(order_id, memory)
    assert [type(event) for event in memory.said] == [OrderAccepted, SendingStarted, CancelTimer]
    assert memory.stored[order_id].funding.state is OrderState.SENDING
    assert [(chunk.key.first_line_no, chunk.key.last_line_no) for chunk in memory.stored_chunks.values()] == [
        (1, 100),
        (101, 150),
    ]


def test_refused_money_rejects_the_order_naming_the_figure(memory: Memory, order_id: UUID) -> None:
    reject_order(order_id, SHORT, memory)
    rejected = memory.said[0]
    assert isinstance(rejected, OrderRejected)
    assert rejected.reason == "balance"
    assert memory.stored[order_id].funding.shortfall == SHORT


def test_giving_up_waiting_leaves_the_order_pending(memory: Memory, order_id: UUID) -> None:
    stop_waiting(order_id, memory)
    stop_waiting(order_id, memory)
    assert [type(event) for event in memory.said] == [ReservationWithdrawn]
    assert memory.stored[order_id].funding.state is OrderState.PENDING


def test_money_that_was_held_after_all_is_waited_for_to_go_back(memory: Memory, order_id: UUID) -> None:
    stop_waiting(order_id, memory)
    accept_order(order_id, memory)
    assert memory.stored[order_id].funding.state is OrderState.PENDING
    reject_released_order(order_id, memory)
    assert memory.stored[order_id].funding.state is OrderState.REJECTED
    assert memory.stored_chunks == {}


def test_the_release_may_come_before_the_reservation(memory: Memory, order_id: UUID) -> None:
    stop_waiting(order_id, memory)
    reject_released_order(order_id, memory)
    accept_order(order_id, memory)
    assert memory.stored[order_id].funding.state is OrderState.REJECTED
    assert memory.stored_chunks == {}


def test_a_timer_that_fires_after_the_answer_changes_nothing(memory: Memory, order_id: UUID) -> None:
    accept_order(order_id, memory)
    memory.said.clear()
    stop_waiting(order_id, memory)
    assert memory.said == []


@pytest.mark.parametrize("times", [2, 3])
def test_an_answer_said_again_is_no_news(memory: Memory, order_id: UUID, times: int) -> None:
    for _ in range(times):
        accept_order(order_id, memory)
    assert sum(isinstance(event, SendingStarted) for event in memory.said) == 1


def test_a_rejected_order_is_never_sent(memory: Memory, order_id: UUID) -> None:
    reject_order(order_id, SHORT, memory)
    reject_order(order_id, SHORT, memory)
    with pytest.raises(StepRefusedError):
        accept_order(order_id, memory)


def test_an_answer_about_an_order_that_nobody_placed_is_a_fault(memory: Memory) -> None:
    with pytest.raises(UnknownOrderError):
        accept_order(UUID(int=9), memory)
