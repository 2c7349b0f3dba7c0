"""Orders that want their money held, by events: reserved whole, or refused with the figure that was short."""

from uuid import uuid4

import pytest
from wallet_builders import MONTH, an_order_placed, failed, issued

from contracts.values import MemberRole
from contracts.values import PaymentMethod as SaidMethod
from contracts.wallet import FundsReserved, RefusalReason


@pytest.mark.rule("WAL-18", "ORD-01")
def test_an_order_holds_its_whole_amount(wallet) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 100_000)
    order = an_order_placed(company_id, 49_500)

    wallet.hear(order)

    (answer,) = wallet.answers()
    assert (answer.order_id, answer.amount_krw) == (order.order_id, 49_500)
    balances = wallet.balances(company_id)
    assert (balances["balance"], balances["holds"]) == (50_500, 49_500)
    wallet.assert_proven()


@pytest.mark.rule("WAL-18")
def test_an_order_delivered_twice_holds_once_and_is_answered_once(wallet) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 100_000)
    order = an_order_placed(company_id, 40_000)

    wallet.hear(order, times=2)
    wallet.hear(order)  # The same fact under another message id: the inbox knows nothing of it.

    assert len(wallet.answers()) == 1
    assert wallet.balances(company_id)["balance"] == 60_000


@pytest.mark.rule("ORD-15", "WAL-17")
def test_too_small_a_balance_refuses_the_whole_order_and_says_by_how_much(wallet) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 30_000)

    wallet.hear(an_order_placed(company_id, 30_001))

    (refused,) = wallet.answers()
    assert (refused.reason, refused.required_krw, refused.available_krw) == (RefusalReason.BALANCE, 30_001, 30_000)
    assert wallet.balances(company_id)["balance"] == 30_000
    wallet.assert_proven()


@pytest.mark.rule("IDN-23", "CAT-04")
def test_cash_like_products_need_a_permission(wallet, cash_like) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 100_000)

    wallet.hear(an_order_placed(company_id, 10_000, cash_like_krw=4_000))
    wallet.hear(cash_like(company_id, limit_krw=50_000, permitted=False))
    wallet.hear(an_order_placed(company_id, 10_000, cash_like_krw=4_000))

    assert [refused.reason for refused in wallet.answers()] == [RefusalReason.CASH_LIKE_NOT_PERMITTED] * 2


@pytest.mark.rule("IDN-23")
def test_the_cash_like_limit_counts_by_company_and_seoul_month(wallet, cash_like) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 500_000)
    wallet.hear(cash_like(company_id, limit_krw=50_000))

    wallet.hear(an_order_placed(company_id, 60_000, cash_like_krw=40_000))
    wallet.hear(an_order_placed(company_id, 20_000, cash_like_krw=10_001, member_id=uuid4()))
    wallet.hear(an_order_placed(company_id, 50_000, cash_like_krw=50_000, month="2026-04"))

    first, second, next_month = wallet.answers()
    assert isinstance(first, FundsReserved)
    assert (second.reason, second.required_krw, second.available_krw) == (
        RefusalReason.CASH_LIKE_LIMIT,
        10_001,
        10_000,
    )
    assert isinstance(next_month, FundsReserved)
    wallet.assert_proven()


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
    wallet.assert_proven()


@pytest.mark.rule("WAL-16", "ORD-30")
def test_a_sub_member_without_a_limit_cannot_order(wallet) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 100_000)

    wallet.hear(an_order_placed(company_id, 1_000, member_role=MemberRole.SUB))

    assert [refused.reason for refused in wallet.answers()] == [RefusalReason.SPENDING_LIMIT_MISSING]


@pytest.mark.rule("WAL-16", "ORD-30")
def test_a_sub_member_orders_within_its_month_and_never_more_than_the_master_can_pay(wallet, spending_limit) -> None:
    company_id, member_id = wallet.a_company(), uuid4()
    wallet.credit(company_id, 50_000)
    spending_limit(company_id, member_id, 40_000)
    by_sub = {"member_role": MemberRole.SUB, "member_id": member_id}

    wallet.hear(an_order_placed(company_id, 30_000, **by_sub))
    wallet.hear(an_order_placed(company_id, 10_001, **by_sub))
    wallet.hear(an_order_placed(company_id, 25_000, month="2026-04", **by_sub))

    reserved, over_limit, over_balance = wallet.answers()
    assert isinstance(reserved, FundsReserved)
    assert (over_limit.reason, over_limit.available_krw) == (RefusalReason.SPENDING_LIMIT, 10_000)
    assert (over_balance.reason, over_balance.available_krw) == (RefusalReason.BALANCE, 20_000)
    wallet.assert_proven()


@pytest.mark.rule("WAL-16")
def test_a_sub_member_without_an_upper_limit_is_bound_by_the_balance_alone(wallet, spending_limit) -> None:
    company_id, member_id = wallet.a_company(), uuid4()
    wallet.credit(company_id, 50_000)
    spending_limit(company_id, member_id, None)

    wallet.hear(an_order_placed(company_id, 50_000, member_role=MemberRole.SUB, member_id=member_id))

    assert isinstance(wallet.answers()[0], FundsReserved)
    wallet.assert_proven()


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

    without_contract, reserved, over_limit, after_release = wallet.answers()
    assert (without_contract.reason, without_contract.available_krw) == (RefusalReason.CREDIT_LINE, 0)
    assert isinstance(reserved, FundsReserved)
    assert (over_limit.reason, over_limit.available_krw) == (RefusalReason.CREDIT_LINE, 20_000)
    assert isinstance(after_release, FundsReserved)
    assert wallet.balances(company_id)["receivable"] == -100_000
    wallet.assert_proven()


def test_a_suspended_company_is_refused(wallet) -> None:
    company_id = wallet.a_company(state="suspended")

    wallet.hear(an_order_placed(company_id, 1_000))

    assert [refused.reason for refused in wallet.answers()] == [RefusalReason.NO_ACCOUNT]
