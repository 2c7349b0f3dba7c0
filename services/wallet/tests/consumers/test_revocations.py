"""Revoked coupons: repaid to where their price came from, once, in any order of arrival (ORD-32, WAL-14)."""

from itertools import permutations
from uuid import UUID, uuid4

import pytest
from wallet_builders import MONTH, an_order_placed, issued, revoked

from chassis.consumer import Poison
from contracts.values import MemberRole
from contracts.values import PaymentMethod as SaidMethod
from wallet.domain.ledger import PostingKind


@pytest.fixture
def postpaid(wallet, contract) -> UUID:
    company_id = wallet.a_company(payment_method=SaidMethod.POSTPAID)
    contract(company_id, 100_000)
    return company_id


def uses(wallet) -> dict[str, int]:
    return {f"{row.scope} {row.month}": row.used_krw for row in wallet.sql("SELECT * FROM monthly_uses")}


@pytest.mark.rule("ORD-32", "WAL-04", "WAL-09")
def test_repaid_coupons_return_to_the_charge_that_they_came_from_as_a_line_of_the_history(wallet) -> None:
    company_id = wallet.a_company()
    first, second = wallet.credit(company_id, 50_000), wallet.credit(company_id, 50_000)
    order = an_order_placed(company_id, 60_000)
    wallet.hear(order)
    wallet.hear(issued(order, 60_000, coupons=6))

    revocation = revoked(order, {MONTH: (2, 20_000)})
    wallet.hear(revocation, times=2)
    wallet.sql("DELETE FROM inbox")
    wallet.hear(revocation)

    assert wallet.hold_of(order) == (60_000, 40_000, 20_000, 0)
    assert wallet.balances(company_id)["balance"] == 60_000
    free = {row.charge_id: row.free_krw for row in wallet.sql("SELECT charge_id, free_krw FROM charge_lots")}
    assert sorted(free.values()) == [10_000, 50_000]
    assert set(free) == {first, second}
    with wallet.begin() as uow:
        line = uow.histories.lines(company_id, before_seq=None, rows_max=1)[0]
    assert (line.kind, line.amount_krw, line.balance_krw) == (PostingKind.REVOCATION, 20_000, 60_000)
    assert line.order is not None
    wallet.assert_proven()


@pytest.mark.rule("ORD-32", "WAL-11", "WAL-16")
def test_a_sub_members_use_and_the_cash_like_use_come_back_in_the_month_of_placing(
    wallet, postpaid, cash_like, spending_limit
) -> None:
    wallet.hear(cash_like(postpaid, limit_krw=100_000))
    member_id = uuid4()
    spending_limit(postpaid, member_id, 80_000)
    order = an_order_placed(
        postpaid, 50_000, member_id=member_id, member_role=MemberRole.SUB, cash_like_krw=30_000, month="2026-02"
    )
    wallet.hear(order)
    wallet.hear(issued(order, 50_000, coupons=5))

    wallet.hear(revoked(order, {MONTH: (2, 20_000)}, cash_like_krw=10_000))

    assert uses(wallet) == {"credit_line 2026-02": 30_000, "spending 2026-02": 30_000, "cash_like 2026-02": 20_000}
    assert wallet.balances(postpaid)["receivable"] == -30_000
    wallet.assert_proven()


@pytest.mark.rule("ORD-32")
def test_coupons_that_are_not_repaid_move_no_money(wallet) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 50_000)
    order = an_order_placed(company_id, 50_000)
    wallet.hear(order)
    wallet.hear(issued(order, 50_000, coupons=5))

    wallet.hear(revoked(order, {MONTH: (1, 10_000)}, repaid=False))

    assert wallet.hold_of(order) == (50_000, 50_000, 0, 0)
    assert wallet.balances(company_id)["balance"] == 0
    wallet.assert_proven()


@pytest.mark.rule("ORD-32")
@pytest.mark.parametrize("arrival", list(permutations(range(4))))
def test_in_any_order_of_arrival_the_books_end_the_same(wallet, arrival) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 50_000)
    order = an_order_placed(company_id, 50_000)
    events = [
        order,
        issued(order, 20_000, chunk_no=0, coupons=2),
        issued(order, 30_000, chunk_no=1, coupons=3),
        revoked(order, {MONTH: (4, 40_000)}),
    ]

    for number in arrival:
        wallet.hear(events[number])
        wallet.redeliver_parked()
    wallet.redeliver_parked()

    assert wallet.hold_of(order) == (50_000, 10_000, 40_000, 0)
    assert wallet.sql("SELECT 1 FROM parked_events") == []
    wallet.assert_proven()


@pytest.mark.rule("ORD-32")
def test_no_more_is_repaid_than_was_issued_and_not_revoked_before(wallet) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 50_000)
    order = an_order_placed(company_id, 50_000)
    wallet.hear(order)
    wallet.hear(issued(order, 50_000, coupons=5))
    wallet.hear(revoked(order, {MONTH: (3, 30_000)}))

    wallet.hear(revoked(order, {MONTH: (3, 30_000)}))

    assert wallet.hold_of(order) == (50_000, 20_000, 30_000, 0)
    assert len(wallet.sql("SELECT 1 FROM parked_events")) == 1
    wallet.assert_proven()


@pytest.mark.rule("ORD-32")
def test_a_revocation_whose_months_do_not_add_up_is_refused_for_good(wallet) -> None:
    order = an_order_placed(wallet.a_company(), 1_000)
    contradiction = revoked(order, {MONTH: (1, 500)}).model_copy(update={"amount_krw": 501})

    with pytest.raises(Poison, match="do not add up"):
        wallet.hear(contradiction)
    assert wallet.sql("SELECT 1 FROM revocations") == []
