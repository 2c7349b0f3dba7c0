"""What became of orders, by events: captured, released and withdrawn; twice, too early, in every order of arrival."""

from datetime import timedelta
from itertools import permutations
from uuid import uuid4

import pytest
from wallet_builders import a_company_changed, an_order_placed, failed, issued, withdrawn

from chassis.consumer import Poison
from contracts.values import PaymentMethod as SaidMethod
from contracts.wallet import FundsReserved, RefusalReason


@pytest.mark.rule("WAL-18", "ORD-22")
def test_issuing_captures_failing_releases_and_the_three_add_up(wallet) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 100_000)
    order = an_order_placed(company_id, 60_000)
    wallet.hear(order)

    wallet.hear(issued(order, 25_000, chunk_no=0))
    wallet.hear(failed(order, 5_000, chunk_no=0))
    assert wallet.hold_of(order) == (60_000, 25_000, 5_000, 30_000)
    wallet.hear(issued(order, 30_000, chunk_no=1))

    assert wallet.hold_of(order) == (60_000, 55_000, 5_000, 0)
    balances = wallet.balances(company_id)
    assert (balances["balance"], balances["holds"], balances["sales"]) == (45_000, 0, 55_000)
    wallet.assert_proven()


@pytest.mark.rule("WAL-18")
def test_a_chunk_counts_once_even_when_the_inbox_has_forgotten_it(wallet) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 100_000)
    order = an_order_placed(company_id, 60_000)
    wallet.hear(order)

    for _ in range(2):
        wallet.hear(issued(order, 20_000, chunk_no=3, wave=0), times=2)
        wallet.hear(failed(order, 10_000, chunk_no=3, wave=0), times=2)
        wallet.sql("DELETE FROM inbox")

    assert wallet.hold_of(order) == (60_000, 20_000, 10_000, 30_000)


@pytest.mark.rule("WAL-18")
def test_waves_of_one_chunk_are_facts_of_their_own(wallet) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 100_000)
    order = an_order_placed(company_id, 60_000)
    wallet.hear(order)

    wallet.hear(issued(order, 20_000, chunk_no=3, wave=0))
    wallet.hear(issued(order, 20_000, chunk_no=3, wave=1))

    assert wallet.hold_of(order)[1] == 40_000


@pytest.mark.rule("WAL-18")
def test_outcomes_that_come_before_their_order_wait_for_it(wallet) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 100_000)
    order = an_order_placed(company_id, 60_000)

    wallet.hear(issued(order, 50_000))
    wallet.hear(failed(order, 10_000))
    assert wallet.answers() == []
    wallet.hear(order)
    wallet.redeliver_parked()

    assert wallet.hold_of(order) == (60_000, 50_000, 10_000, 0)
    wallet.assert_proven()


def test_an_order_that_comes_before_its_company_waits_for_it(wallet) -> None:
    company_id = uuid4()
    order = an_order_placed(company_id, 1_000)
    wallet.hear(order)
    assert wallet.answers() == []

    wallet.hear(a_company_changed(company_id))
    wallet.redeliver_parked()

    assert [refused.reason for refused in wallet.answers()] == [RefusalReason.BALANCE]


@pytest.mark.rule("WAL-18")
def test_a_withdrawal_after_the_reservation_releases_all_of_it(wallet) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 100_000)
    order = an_order_placed(company_id, 60_000)
    wallet.hear(order)

    wallet.hear(withdrawn(order), times=2)
    wallet.hear(withdrawn(order))

    reserved, released = wallet.answers()
    assert isinstance(reserved, FundsReserved)
    assert (released.order_id, released.hold_id, released.amount_krw) == (order.order_id, reserved.hold_id, 60_000)
    assert wallet.hold_of(order) == (60_000, 0, 60_000, 0)
    assert wallet.balances(company_id)["balance"] == 100_000
    wallet.assert_proven()


@pytest.mark.rule("WAL-18")
def test_an_order_that_comes_after_its_withdrawal_reserves_nothing(wallet) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 100_000)
    order = an_order_placed(company_id, 60_000)

    wallet.hear(withdrawn(order))
    wallet.hear(order)

    assert [refused.reason for refused in wallet.answers()] == [RefusalReason.WITHDRAWN]
    assert wallet.balances(company_id)["balance"] == 100_000


def test_a_refusal_stays_the_answer_when_the_order_is_withdrawn(wallet) -> None:
    company_id = wallet.a_company()
    order = an_order_placed(company_id, 60_000)
    wallet.hear(order)

    wallet.hear(withdrawn(order))

    assert [refused.reason for refused in wallet.answers()] == [RefusalReason.BALANCE]


@pytest.mark.rule("WAL-18")
def test_what_contradicts_the_books_is_poison_and_changes_nothing(wallet) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 100_000)
    order, refused = an_order_placed(company_id, 60_000), an_order_placed(company_id, 100_001)
    wallet.hear(order)
    wallet.hear(refused)

    for contradiction in (issued(order, 60_001), failed(order, 60_001), issued(refused, 1)):
        with pytest.raises(Poison):
            wallet.hear(contradiction)

    assert wallet.hold_of(order) == (60_000, 0, 0, 60_000)
    wallet.assert_proven()


@pytest.mark.rule("WAL-09")
def test_spending_uses_the_oldest_charge_first_and_what_comes_back_returns_to_its_own(wallet) -> None:
    """Two charges of 30,000; an order of 40,000 of which 25,000 are issued and 15,000 fail."""
    company_id = wallet.a_company()
    older = wallet.credit(company_id, 30_000)
    wallet.clock.advance(timedelta(days=1))
    newer = wallet.credit(company_id, 30_000)
    order = an_order_placed(company_id, 40_000)
    wallet.hear(order)

    wallet.hear(issued(order, 25_000))
    wallet.hear(failed(order, 15_000))

    rows = wallet.sql("SELECT charge_id, free_krw, held_krw, spent_krw FROM charge_lots")
    assert {row.charge_id: tuple(row)[1:] for row in rows} == {older: (5_000, 0, 25_000), newer: (30_000, 0, 0)}
    wallet.assert_proven()


@pytest.mark.rule("WAL-18")
@pytest.mark.parametrize("arrival", list(permutations(range(4))))
def test_facts_of_an_order_add_up_in_every_order_of_arrival(arrival: tuple[int, ...], wallet) -> None:
    company_id = uuid4()
    order = an_order_placed(company_id, 60_000)
    company = a_company_changed(company_id, payment_method=SaidMethod.POSTPAID)
    wallet.sql("INSERT INTO credit_contracts VALUES (:id, 60000, '2026-03-01')", id=company_id)
    facts = [company, order, issued(order, 45_000), failed(order, 15_000)]

    for place in arrival:
        wallet.hear(facts[place], times=2)
        wallet.redeliver_parked()
    wallet.redeliver_parked()

    assert wallet.hold_of(order) == (60_000, 45_000, 15_000, 0)
    wallet.assert_proven()
