"""Identity asks what is open: answered after the freeze was heard, in whatever order both come (IDN-20, IDN-28)."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from ordering_probe import builders
from ordering_probe.builders import COMPANY, SUB, a_choice, an_order
from sqlalchemy import text

from chassis.clock import FixedClock
from chassis.consumer import Consumer
from chassis.database import Database
from chassis.testing.plugin import deliver, published
from contracts.identity import MemberState, OpenAffairsAsked
from contracts.ordering.orders import OpenOrdersCounted
from ordering import main
from ordering.application.funds import accept_order
from ordering.application.placing import place_order
from ordering.domain.errors import MemberMayNotOrderError
from ordering.settings import OrderRules, Settings
from ordering.storage.unit_of_work import PostgresUnitOfWork

Unit = Callable[[], AbstractContextManager[PostgresUnitOfWork]]

FROZEN = builders.a_sub_member(version=2, state=MemberState.WITHDRAWAL_REQUESTED)


@pytest.fixture
def state(settings: Settings, database: Database, fixed_clock: FixedClock) -> Consumer[PostgresUnitOfWork]:
    return next(one for one in main.wire_consumers(settings, database, fixed_clock) if one.queue.lane == "state")


def a_question(**changes: object) -> OpenAffairsAsked:
    said = {"request_id": uuid4(), "company_id": COMPANY, "member_id": SUB, "asked_at": builders.BEGINNING}
    return OpenAffairsAsked.model_validate(said | changes)


def answers(database: Database) -> list[OpenOrdersCounted]:
    with database.transaction() as session:
        return [event for event in published(session) if isinstance(event, OpenOrdersCounted)]


def coming_again(database: Database) -> list[str]:
    """What goes to a queue of this service once more."""
    with database.engine.connect() as connection:
        return list(connection.execute(text("SELECT routing_key FROM outbox WHERE exchange = ''")).scalars())


@pytest.mark.rule("IDN-20")
def test_what_is_open_of_a_frozen_member_is_counted_by_what_it_waits_for(
    state: Consumer[PostgresUnitOfWork], database: Database, stocked: Unit, rules: OrderRules, fixed_clock: FixedClock
) -> None:
    with stocked() as uow:
        place_order(an_order(member_id=SUB), uow, rules.placing())
        send_at = fixed_clock.now() + timedelta(hours=1)
        scheduled = place_order(an_order(member_id=SUB, send_at=send_at), uow, rules.placing())
        accept_order(scheduled, uow)
        sending, sent = (place_order(a_choice(member_id=SUB), uow, rules.placing()) for _ in range(2))
        accept_order(sending, uow)
        accept_order(sent, uow)
        place_order(an_order(), uow, rules.placing())
    with database.transaction() as session:
        session.execute(text("UPDATE orders SET state = 'sent' WHERE id = :id"), {"id": sent})
    deliver(state, FROZEN)
    of_member, of_company = a_question(), a_question(member_id=None)
    deliver(state, of_member, times=2)
    deliver(state, of_company)
    found = {answer.request_id: answer for answer in answers(database)}
    assert len(answers(database)) == 2
    one, all_of_them = found[of_member.request_id], found[of_company.request_id]
    assert (one.scheduled, one.sending, one.awaiting_choice) == (1, 2, 1)
    assert (one.company_id, one.member_id, one.counted_at) == (COMPANY, SUB, fixed_clock.now())
    assert (all_of_them.scheduled, all_of_them.sending, all_of_them.awaiting_choice) == (1, 3, 1)


@pytest.mark.rule("IDN-20")
@pytest.mark.parametrize("named_version", [None, 2])
def test_a_question_that_overtook_the_freeze_is_answered_only_after_it(
    state: Consumer[PostgresUnitOfWork], database: Database, stocked: Unit, named_version: int | None
) -> None:
    question = a_question(subject_version=named_version)
    with stocked():
        pass
    deliver(state, question, times=2)
    deliver(state, builders.a_sub_member(version=1))
    assert answers(database) == []
    deliver(state, FROZEN)
    assert coming_again(database) == ["ordering.state"]
    deliver(state, question)
    assert [answer.request_id for answer in answers(database)] == [question.request_id]


@pytest.mark.rule("IDN-20")
def test_a_withdrawal_that_was_rejected_once_does_not_answer_for_the_next(
    state: Consumer[PostgresUnitOfWork], database: Database, stocked: Unit
) -> None:
    with stocked():
        pass
    deliver(state, FROZEN)
    again = a_question(subject_version=4)
    deliver(state, again)
    assert answers(database) == []
    deliver(state, builders.a_sub_member(version=4, state=MemberState.WITHDRAWAL_REQUESTED))
    deliver(state, again)
    assert len(answers(database)) == 1


@pytest.mark.rule("IDN-28")
def test_a_company_that_is_asked_about_with_a_version_is_waited_for(
    state: Consumer[PostgresUnitOfWork], database: Database, stocked: Unit
) -> None:
    with stocked():
        pass
    question = a_question(member_id=None, subject_version=2)
    deliver(state, question)
    assert answers(database) == []
    deliver(state, builders.a_company(version=2))
    deliver(state, question)
    assert len(answers(database)) == 1


@pytest.mark.rule("IDN-20")
def test_a_frozen_member_places_nothing_and_what_was_being_placed_is_counted(
    state: Consumer[PostgresUnitOfWork], database: Database, stocked: Unit, rules: OrderRules
) -> None:
    def freeze() -> None:
        deliver(state, FROZEN)

    with stocked() as uow:
        place_order(an_order(member_id=SUB), uow, rules.placing())
        freezing = threading.Thread(target=freeze)
        freezing.start()
        freezing.join(timeout=0.5)
        assert freezing.is_alive(), "the freeze waits for the order that is being placed"
    freezing.join()
    deliver(state, a_question())
    assert [answer.sending for answer in answers(database)] == [1]
    with stocked() as uow, pytest.raises(MemberMayNotOrderError):
        place_order(an_order(member_id=SUB), uow, rules.placing())


def test_counting_reads_open_orders_only(database: Database, stocked: Unit) -> None:
    with stocked() as uow:
        assert uow.orders.open_of(UUID(int=9), None).sending == 0
    with database.engine.connect() as connection:
        connection.execute(text("SET enable_seqscan = off"))
        plan = connection.execute(
            text(
                "EXPLAIN SELECT count(*) FROM orders WHERE company_id = gen_random_uuid() "
                "AND state IN ('pending', 'sending')"
            )
        ).scalars()
        assert "ix_orders_open" in " ".join(plan)
