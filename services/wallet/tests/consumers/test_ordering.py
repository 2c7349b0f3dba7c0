"""Orders' money by events: held, captured, released; twice, too early and in every order of arrival."""

from datetime import timedelta
from itertools import permutations
from uuid import uuid4

import pytest
from wallet_builders import MONTH, a_company_changed, an_order_placed, failed, issued, withdrawn

from chassis.consumer import Poison
from contracts.values import MemberRole
from contracts.values import PaymentMethod as SaidMethod
from contracts.wallet import FundsRefused, FundsReserved, RefusalReason, ReservationReleased
from wallet.application.verification import prove_ledger
from wallet.storage.books import SqlBooks


def hold_of(wallet, order) -> tuple[int, int, int, int]:
    row = wallet.sql(
        "SELECT amount_krw, captured_krw, released_krw, open_krw FROM holds WHERE order_id = :id", id=order.order_id
    )[0]
    return tuple(row)


def answers(wallet) -> list[object]:
    return [said for said in wallet.said() if isinstance(said, (FundsReserved, FundsRefused, ReservationReleased))]


def assert_proven(wallet) -> None:
    assert prove_ledger(SqlBooks(wallet.database)).findings == ()


@pytest.mark.rule("WAL-18", "ORD-01")
def test_an_order_holds_its_whole_amount(wallet) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 100_000)
    order = an_order_placed(company_id, 49_500)

    wallet.hear(order)

    (answer,) = answers(wallet)
    assert (answer.order_id, answer.amount_krw) == (order.order_id, 49_500)
    balances = wallet.balances(company_id)
    assert (balances["balance"], balances["holds"]) == (50_500, 49_500)
    assert_proven(wallet)


@pytest.mark.rule("WAL-18")
def test_an_order_delivered_twice_holds_once_and_is_answered_once(wallet) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 100_000)
    order = an_order_placed(company_id, 40_000)

    wallet.hear(order, times=2)
    wallet.hear(order)  # The same fact under another message id: the inbox knows nothing of it.

    assert len(answers(wallet)) == 1
    assert wallet.balances(company_id)["balance"] == 60_000


@pytest.mark.rule("ORD-15", "WAL-17")
def test_too_small_a_balance_refuses_the_whole_order_and_says_by_how_much(wallet) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 30_000)

    wallet.hear(an_order_placed(company_id, 30_001))

    (refused,) = answers(wallet)
    assert (refused.reason, refused.required_krw, refused.available_krw) == (RefusalReason.BALANCE, 30_001, 30_000)
    assert wallet.balances(company_id)["balance"] == 30_000
    assert_proven(wallet)


@pytest.mark.rule("IDN-23", "CAT-04")
def test_cash_like_products_need_a_permission(wallet, cash_like) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 100_000)

    wallet.hear(an_order_placed(company_id, 10_000, cash_like_krw=4_000))
    wallet.hear(cash_like(company_id, limit_krw=50_000, permitted=False))
    wallet.hear(an_order_placed(company_id, 10_000, cash_like_krw=4_000))

    assert [refused.reason for refused in answers(wallet)] == [RefusalReason.CASH_LIKE_NOT_PERMITTED] * 2


@pytest.mark.rule("IDN-23")
def test_the_cash_like_limit_counts_by_company_and_seoul_month(wallet, cash_like) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 500_000)
    wallet.hear(cash_like(company_id, limit_krw=50_000))

    wallet.hear(an_order_placed(company_id, 60_000, cash_like_krw=40_000))
    wallet.hear(an_order_placed(company_id, 20_000, cash_like_krw=10_001, member_id=uuid4()))
    wallet.hear(an_order_placed(company_id, 50_000, cash_like_krw=50_000, month="2026-04"))

    first, second, next_month = answers(wallet)
    assert isinstance(first, FundsReserved)
    assert (second.reason, second.required_krw, second.available_krw) == (
        RefusalReason.CASH_LIKE_LIMIT,
        10_001,
        10_000,
    )
    assert isinstance(next_month, FundsReserved)
    assert_proven(wallet)


@pytest.mark.rule("IDN-23", "ORD-22")
def test_failed_cash_like_coupons_go_back_to_the_limit_of_the_orders_own_month(wallet, cash_like) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 500_000)
    wallet.hear(cash_like(company_id, limit_krw=50_000))
    order = an_order_placed(company_id, 60_000, cash_like_krw=40_000)
    wallet.hear(order)

    wallet.hear(failed(order, 25_000, cash_like_krw=15_000))

    used = wallet.sql("SELECT month, used_krw FROM monthly_uses WHERE scope = 'cash_like'")
    assert [tuple(row) for row in used] == [(MONTH, 25_000)]
    assert_proven(wallet)


@pytest.mark.rule("WAL-16", "ORD-30")
def test_a_sub_member_without_a_limit_cannot_order(wallet) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 100_000)

    wallet.hear(an_order_placed(company_id, 1_000, member_role=MemberRole.SUB))

    assert [refused.reason for refused in answers(wallet)] == [RefusalReason.SPENDING_LIMIT_MISSING]


@pytest.mark.rule("WAL-16", "ORD-30")
def test_a_sub_member_orders_within_its_month_and_never_more_than_the_master_can_pay(wallet, spending_limit) -> None:
    company_id, member_id = wallet.a_company(), uuid4()
    wallet.credit(company_id, 50_000)
    spending_limit(company_id, member_id, 40_000)
    by_sub = {"member_role": MemberRole.SUB, "member_id": member_id}

    wallet.hear(an_order_placed(company_id, 30_000, **by_sub))
    wallet.hear(an_order_placed(company_id, 10_001, **by_sub))
    wallet.hear(an_order_placed(company_id, 25_000, month="2026-04", **by_sub))

    reserved, over_limit, over_balance = answers(wallet)
    assert isinstance(reserved, FundsReserved)
    assert (over_limit.reason, over_limit.available_krw) == (RefusalReason.SPENDING_LIMIT, 10_000)
    assert (over_balance.reason, over_balance.available_krw) == (RefusalReason.BALANCE, 20_000)
    assert_proven(wallet)


@pytest.mark.rule("WAL-16")
def test_a_sub_member_without_an_upper_limit_is_bound_by_the_balance_alone(wallet, spending_limit) -> None:
    company_id, member_id = wallet.a_company(), uuid4()
    wallet.credit(company_id, 50_000)
    spending_limit(company_id, member_id, None)

    wallet.hear(an_order_placed(company_id, 50_000, member_role=MemberRole.SUB, member_id=member_id))

    assert isinstance(answers(wallet)[0], FundsReserved)
    assert_proven(wallet)


@pytest.mark.rule("IDN-08", "WAL-11")
def test_a_postpaid_company_orders_only_by_contract_and_within_its_month(wallet, contract) -> None:
    company_id = wallet.a_company(payment_method=SaidMethod.POSTPAID)
    wallet.hear(an_order_placed(company_id, 1_000))
    contract(company_id, 100_000)
    order = an_order_placed(company_id, 80_000)

    wallet.hear(order)
    wallet.hear(an_order_placed(company_id, 20_001))
    wallet.hear(issued(order, 30_000, chunk_no=0))
    wallet.hear(failed(order, 50_000, chunk_no=1))
    wallet.hear(an_order_placed(company_id, 70_000))

    without_contract, reserved, over_limit, after_release = answers(wallet)
    assert (without_contract.reason, without_contract.available_krw) == (RefusalReason.CREDIT_LINE, 0)
    assert isinstance(reserved, FundsReserved)
    assert (over_limit.reason, over_limit.available_krw) == (RefusalReason.CREDIT_LINE, 20_000)
    assert isinstance(after_release, FundsReserved)
    assert wallet.balances(company_id)["receivable"] == -100_000
    assert_proven(wallet)


def test_a_suspended_company_is_refused(wallet) -> None:
    company_id = wallet.a_company(state="suspended")

    wallet.hear(an_order_placed(company_id, 1_000))

    assert [refused.reason for refused in answers(wallet)] == [RefusalReason.NO_ACCOUNT]


@pytest.mark.rule("WAL-18", "ORD-22")
def test_issuing_captures_failing_releases_and_the_three_add_up(wallet) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 100_000)
    order = an_order_placed(company_id, 60_000)
    wallet.hear(order)

    wallet.hear(issued(order, 25_000, chunk_no=0))
    wallet.hear(failed(order, 5_000, chunk_no=0))
    assert hold_of(wallet, order) == (60_000, 25_000, 5_000, 30_000)
    wallet.hear(issued(order, 30_000, chunk_no=1))

    assert hold_of(wallet, order) == (60_000, 55_000, 5_000, 0)
    balances = wallet.balances(company_id)
    assert (balances["balance"], balances["holds"], balances["sales"]) == (45_000, 0, 55_000)
    assert_proven(wallet)


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

    assert hold_of(wallet, order) == (60_000, 20_000, 10_000, 30_000)


@pytest.mark.rule("WAL-18")
def test_waves_of_one_chunk_are_facts_of_their_own(wallet) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 100_000)
    order = an_order_placed(company_id, 60_000)
    wallet.hear(order)

    wallet.hear(issued(order, 20_000, chunk_no=3, wave=0))
    wallet.hear(issued(order, 20_000, chunk_no=3, wave=1))

    assert hold_of(wallet, order)[1] == 40_000


@pytest.mark.rule("WAL-18")
def test_outcomes_that_come_before_their_order_wait_for_it(wallet) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 100_000)
    order = an_order_placed(company_id, 60_000)

    wallet.hear(issued(order, 50_000))
    wallet.hear(failed(order, 10_000))
    assert answers(wallet) == []
    wallet.hear(order)
    wallet.redeliver_parked()

    assert hold_of(wallet, order) == (60_000, 50_000, 10_000, 0)
    assert_proven(wallet)


def test_an_order_that_comes_before_its_company_waits_for_it(wallet) -> None:
    company_id = uuid4()
    order = an_order_placed(company_id, 1_000)
    wallet.hear(order)
    assert answers(wallet) == []

    wallet.hear(a_company_changed(company_id))
    wallet.redeliver_parked()

    assert [refused.reason for refused in answers(wallet)] == [RefusalReason.BALANCE]


@pytest.mark.rule("WAL-18")
def test_a_withdrawal_after_the_reservation_releases_all_of_it(wallet) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 100_000)
    order = an_order_placed(company_id, 60_000)
    wallet.hear(order)

    wallet.hear(withdrawn(order), times=2)
    wallet.hear(withdrawn(order))

    reserved, released = answers(wallet)
    assert isinstance(reserved, FundsReserved)
    assert (released.order_id, released.hold_id, released.amount_krw) == (order.order_id, reserved.hold_id, 60_000)
    assert hold_of(wallet, order) == (60_000, 0, 60_000, 0)
    assert wallet.balances(company_id)["balance"] == 100_000
    assert_proven(wallet)


@pytest.mark.rule("WAL-18")
def test_an_order_that_comes_after_its_withdrawal_reserves_nothing(wallet) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 100_000)
    order = an_order_placed(company_id, 60_000)

    wallet.hear(withdrawn(order))
    wallet.hear(order)

    assert [refused.reason for refused in answers(wallet)] == [RefusalReason.WITHDRAWN]
    assert wallet.balances(company_id)["balance"] == 100_000


def test_a_refusal_stays_the_answer_when_the_order_is_withdrawn(wallet) -> None:
    company_id = wallet.a_company()
    order = an_order_placed(company_id, 60_000)
    wallet.hear(order)

    wallet.hear(withdrawn(order))

    assert [refused.reason for refused in answers(wallet)] == [RefusalReason.BALANCE]


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

    assert hold_of(wallet, order) == (60_000, 0, 0, 60_000)
    assert_proven(wallet)


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
    assert_proven(wallet)


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

    assert hold_of(wallet, order) == (60_000, 45_000, 15_000, 0)
    assert_proven(wallet)
