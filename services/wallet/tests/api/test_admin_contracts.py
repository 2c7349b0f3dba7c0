"""Contracts of postpaid companies: heard with the approval, changed by operators (WAL-11)."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from wallet_builders import NOON, an_order_placed

from contracts.audit import OperatorActed
from contracts.identity import CreditContracted
from contracts.values import PaymentMethod as SaidMethod
from contracts.wallet import FundsRefused, FundsReserved
from wallet.domain.month import period_of


@pytest.fixture
def postpaid(wallet) -> UUID:
    return wallet.a_company(payment_method=SaidMethod.POSTPAID)


def contracted(company_id: UUID, limit_krw: int = 500_000) -> CreditContracted:
    return CreditContracted(
        company_id=company_id, monthly_limit_krw=limit_krw, starts_on=date(2026, 3, 1), contracted_at=NOON
    )


def change(office, company_id: UUID, limit_krw: int, role: str = "finance") -> Any:
    body = {"monthly_limit_krw": limit_krw, "reason": "재계약"}
    headers = office.callers.operator(role)
    return office.admin.put(f"/admin/companies/{company_id}/credit-contract", json=body, headers=headers)


@pytest.mark.rule("WAL-11", "IDN-08")
def test_a_postpaid_company_orders_within_the_contract_that_it_was_approved_under(wallet, postpaid) -> None:
    wallet.hear(contracted(postpaid), times=2)

    wallet.hear(an_order_placed(postpaid, 400_000))
    wallet.hear(an_order_placed(postpaid, 100_001))

    first, second = wallet.answers()
    assert isinstance(first, FundsReserved)
    assert isinstance(second, FundsRefused)
    assert (second.reason, second.available_krw) == ("credit_line", 100_000)


@pytest.mark.rule("WAL-11")
def test_a_change_by_an_operator_counts_at_once_and_no_late_event_undoes_it(office, wallet, postpaid) -> None:
    assert change(office, postpaid, 700_000).json["credit"]["limit_krw"] == 700_000

    wallet.hear(contracted(postpaid))

    (row,) = wallet.sql("SELECT monthly_limit_krw FROM credit_contracts")
    assert row.monthly_limit_krw == 700_000
    wallet.hear(an_order_placed(postpaid, 700_000))
    assert isinstance(wallet.answers()[-1], FundsReserved)


@pytest.mark.rule("WAL-11", "IDN-24")
def test_a_change_is_in_the_audit_log_with_before_and_after(office, wallet, postpaid) -> None:
    wallet.hear(contracted(postpaid))

    change(office, postpaid, 300_000)

    (act,) = [said for said in wallet.said() if isinstance(said, OperatorActed)]
    assert (act.action, act.reason, act.company_id) == ("change_credit_contract", "재계약", postpaid)
    assert (act.before, act.after) == ({"monthly_limit_krw": 500_000}, {"monthly_limit_krw": 300_000})


@pytest.mark.rule("WAL-11")
def test_what_is_left_is_shown_with_its_period(office, wallet, postpaid) -> None:
    wallet.hear(contracted(postpaid))

    shown = office.api.get("/v1/wallet", headers=office.callers.member("master", tenant_id=postpaid)).json

    first, last = period_of(shown["month"])
    assert shown["credit_period_ko"] == f"{first:%m.%d} - {last:%m.%d} 이용 기준"
    assert shown["credit"]["left_krw"] == 500_000


@pytest.mark.rule("WAL-01", "IDN-24")
def test_only_finance_changes_contracts_and_only_of_postpaid_companies(office, wallet, postpaid) -> None:
    assert change(office, office.company_id, 1).json["code"] == "postpaid_only"
    assert change(office, postpaid, -1).status_code == 422
    assert change(office, postpaid, 1, role="support").status_code == 403
