"""Cheaper picks of choice orders, by events: captured for what was issued, the rest is 차액환급 (ORD-03, WAL-18)."""

import pytest
from wallet_builders import an_order_placed, issued

from contracts.values import PaymentMethod as SaidMethod
from contracts.wallet import FundsReserved


@pytest.mark.rule("ORD-03", "WAL-18")
def test_a_difference_goes_back_to_the_balance_with_its_capture_once(wallet) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 100_000)
    order = an_order_placed(company_id, 18_000)
    wallet.hear(order)

    cheaper = issued(order, 4_500).model_copy(update={"difference_krw": 4_500})
    wallet.hear(cheaper, times=2)
    wallet.sql("DELETE FROM inbox")
    wallet.hear(cheaper)
    wallet.hear(issued(order, 9_000, wave=1))

    assert wallet.hold_of(order) == (18_000, 13_500, 4_500, 0)
    balances = wallet.balances(company_id)
    assert (balances["balance"], balances["holds"], balances["sales"]) == (86_500, 0, 13_500)
    wallet.assert_proven()


@pytest.mark.rule("ORD-03", "WAL-18")
def test_a_postpaid_difference_goes_back_to_the_limit(wallet, contract) -> None:
    company_id = wallet.a_company(payment_method=SaidMethod.POSTPAID)
    contract(company_id, 9_000)
    order = an_order_placed(company_id, 9_000)
    wallet.hear(order)
    wallet.hear(issued(order, 4_500).model_copy(update={"difference_krw": 4_500}))
    wallet.hear(an_order_placed(company_id, 4_500))

    assert wallet.hold_of(order) == (9_000, 4_500, 4_500, 0)
    assert [type(answer) for answer in wallet.answers()] == [FundsReserved, FundsReserved]
    wallet.assert_proven()
