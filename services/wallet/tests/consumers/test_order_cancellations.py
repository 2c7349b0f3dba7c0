"""Scheduled orders that were cancelled, by events: all of their money goes back (ORD-20, WAL-18)."""

import pytest
from wallet_builders import an_order_placed, cancelled


@pytest.mark.rule("ORD-20", "WAL-18")
def test_a_cancelled_order_gives_all_of_its_money_back_once(wallet) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 100_000)
    order = an_order_placed(company_id, 60_000)
    wallet.hear(order)

    wallet.hear(cancelled(order), times=2)
    wallet.sql("DELETE FROM inbox")
    wallet.hear(cancelled(order))

    assert wallet.hold_of(order) == (60_000, 0, 60_000, 0)
    assert wallet.balances(company_id)["balance"] == 100_000
    assert len(wallet.answers()) == 1
    wallet.assert_proven()


@pytest.mark.rule("ORD-20")
def test_a_cancellation_that_comes_before_its_order_waits_for_it(wallet) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 100_000)
    order = an_order_placed(company_id, 60_000)

    wallet.hear(cancelled(order))
    wallet.hear(order)
    wallet.redeliver_parked()

    assert wallet.hold_of(order) == (60_000, 0, 60_000, 0)
    wallet.assert_proven()
