"""A scheduled order waits for its time, and is sent or cancelled, never both (ORD-08, ORD-20, ORD-29)."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from ordering_probe import builders
from ordering_probe.builders import COMPANY, MASTER, an_order, rows
from ordering_probe.fakes import Memory

from contracts.ordering.orders import OrderAccepted, OrderCancelled, SendingStarted
from contracts.scheduler import CancelTimer, SetTimer
from ordering.application.funds import accept_order
from ordering.application.placing import place_order
from ordering.application.scheduling import cancel_order, start_sending
from ordering.domain.errors import NotCancellableError, SendTimeRefusedError
from ordering.domain.order import OrderState
from ordering.settings import OrderRules


class Cancelled:
    """What the use case needs of an order that the member may see."""

    def __init__(self, order_id: UUID) -> None:
        self.order_id = order_id


@pytest.fixture
def order_id(memory: Memory, rules: OrderRules) -> UUID:
    """A scheduled order for two with its money held; what was said so far is forgotten."""
    send_at = memory.now() + timedelta(days=1)
    command = an_order(rows=rows(2), pay_amount_krw=9_000, send_at=send_at)
    placed = place_order(command, memory, rules.placing())
    memory.said.clear()
    accept_order(placed, memory)
    return placed


@pytest.mark.rule("ORD-08")
@pytest.mark.rule("SCH-01")
def test_reserved_money_sets_the_timer_of_its_time_and_starts_nothing(memory: Memory, order_id: UUID) -> None:
    assert [type(event) for event in memory.said] == [OrderAccepted, SetTimer, CancelTimer]
    timer = memory.said[1]
    assert isinstance(timer, SetTimer)
    assert (timer.key, timer.due_at) == (f"sending/{order_id}", memory.now() + timedelta(days=1))
    assert memory.stored[order_id].funding.state is OrderState.SCHEDULED
    assert memory.stored_chunks == {}


@pytest.mark.rule("ORD-08")
def test_at_its_time_it_is_sent_once_however_often_the_timer_is_heard(memory: Memory, order_id: UUID) -> None:
    memory.said.clear()
    for _ in range(2):
        start_sending(order_id, memory)
    assert [type(event) for event in memory.said] == [SendingStarted]
    assert memory.stored[order_id].funding.state is OrderState.SENDING
    assert len(memory.stored_chunks) == 1


@pytest.mark.rule("ORD-20")
def test_a_cancelled_order_gives_its_whole_amount_back_and_is_never_sent(memory: Memory, order_id: UUID) -> None:
    memory.said.clear()
    cancel_order(Cancelled(order_id), MASTER, memory)  # type: ignore[arg-type]
    start_sending(order_id, memory)
    cancelled, timer = memory.said
    assert isinstance(cancelled, OrderCancelled)
    assert (cancelled.amount_krw, cancelled.company_id, cancelled.cancelled_by) == (9_000, COMPANY, MASTER)
    assert isinstance(timer, CancelTimer)
    assert timer.key == f"sending/{order_id}"
    assert memory.stored[order_id].funding.state is OrderState.CANCELLED
    assert memory.stored_chunks == {}
    assert memory.noted == [(MASTER, "order_cancelled", order_id, None)]


@pytest.mark.rule("ORD-20")
def test_what_is_being_sent_is_not_cancelled(memory: Memory, order_id: UUID) -> None:
    start_sending(order_id, memory)
    with pytest.raises(NotCancellableError) as refusal:
        cancel_order(Cancelled(order_id), MASTER, memory)  # type: ignore[arg-type]
    assert refusal.value.state == "sending"
    assert memory.noted == []


@pytest.mark.rule("ORD-08")
def test_a_time_that_is_not_offered_is_refused_at_placing(memory: Memory, rules: OrderRules) -> None:
    memory.keep_offer(builders.an_offer(version=2, night_restricted=True))
    at_night = memory.now() + timedelta(hours=18)
    for send_at in (memory.now(), at_night, memory.now() + timedelta(days=31)):
        with pytest.raises(SendTimeRefusedError):
            place_order(an_order(send_at=send_at), memory, rules.placing())
    assert memory.said == []


def test_a_timer_of_an_order_that_nobody_placed_is_a_fault(memory: Memory) -> None:
    with pytest.raises(LookupError):
        start_sending(uuid4(), memory)
