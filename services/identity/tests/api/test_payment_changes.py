"""결제수단 변경 by an operator, and the answers of ordering and wallet that it waits for (manual 6-2)."""

from typing import Any

import pytest
from identity_service import Identity, MemberAtWork, OperatorAtWork

from contracts.audit import OperatorActed
from contracts.identity import CompanyChanged, CompanyState, CreditContracted
from contracts.values import PaymentMethod

CONTRACT = {
    "monthly_limit_krw": 30_000_000,
    "starts_on": "2026-04-01",
    "billing_name": "정산담당",
    "billing_email": "bills@example.co.kr",
}


@pytest.fixture
def master(identity: Identity) -> MemberAtWork:
    member = identity.member()
    assert member.log_in().status_code == 200
    return member


@pytest.fixture
def company(master: MemberAtWork) -> str:
    return str(master.me().json["company_id"])


@pytest.fixture
def finance(identity: Identity, master: MemberAtWork) -> OperatorAtWork:
    return identity.operator("finance")


def to_postpaid(finance: OperatorAtWork, company: str) -> dict[str, Any]:
    answer = finance.create(
        f"/admin/companies/{company}/payment-changes",
        payment_method="postpaid",
        contract=CONTRACT,
        reason="고객센터 요청",
    )
    assert answer.status_code == 202, answer.json
    return dict(answer.json)


def seen(finance: OperatorAtWork, change: dict[str, Any]) -> dict[str, Any]:
    path = f"/admin/companies/{change['company_id']}/payment-changes/{change['change_id']}"
    return dict(finance.get(f"{path}?wait_seconds=5").json)


@pytest.mark.rule("IDN-28", "IDN-08")
@pytest.mark.parametrize("money_first", [True, False])
def test_the_method_changes_once_both_have_counted_nothing_open(
    identity: Identity, master: MemberAtWork, company: str, finance: OperatorAtWork, *, money_first: bool
) -> None:
    change = to_postpaid(finance, company)
    assert change["state"] == "checking"
    frozen = identity.said(CompanyChanged)[-1]
    assert (frozen.state, frozen.payment_method) == (CompanyState.CHANGING_PAYMENT, PaymentMethod.PREPAID)
    asked = identity.asked()
    assert (str(asked.company_id), asked.member_id, asked.subject_version) == (company, None, frozen.version)
    assert master.me().status_code == 200, "its members stay logged in"
    identity.advance(seconds=60)
    assert master.log_in().status_code == 200, "and log in"
    answers = (
        [identity.count_money, identity.count_orders] if money_first else [identity.count_orders, identity.count_money]
    )
    answers[0](asked)
    assert identity.said(CompanyChanged)[-1] == frozen, "one answer decides nothing"
    answers[1](asked)
    done = seen(finance, change)
    assert (done["state"], done["hindrances"]) == ("done", [])
    said = identity.said(CompanyChanged)[-1]
    assert (said.state, said.payment_method, said.version) == (
        CompanyState.APPROVED,
        PaymentMethod.POSTPAID,
        frozen.version + 1,
    )
    (contract,) = identity.said(CreditContracted)
    assert (str(contract.company_id), contract.monthly_limit_krw) == (company, 30_000_000)
    assert master.get("/v1/company").json["payment_method"] == "postpaid"
    acts = [act for act in identity.said(OperatorActed) if act.action.startswith("payment_change")]
    assert [(act.action, act.reason) for act in acts] == [
        ("payment_change.checking", "고객센터 요청"),
        ("payment_change.done", "고객센터 요청"),
    ]


@pytest.mark.rule("IDN-28")
@pytest.mark.parametrize(
    ("orders", "money", "named"),
    [
        ({"scheduled": 1}, {}, ["예약 발송 1건"]),
        ({"sending": 2}, {}, ["발송 진행 중 2건"]),
        ({"awaiting_choice": 3}, {}, ["상품 선택 대기 3건"]),
        ({}, {"unpaid_invoices": 1}, ["미납 청구서 1건"]),
        ({}, {"open_refunds": 1}, ["처리 중인 환불 1건"]),
        ({"sending": 1}, {"open_refunds": 2}, ["발송 진행 중 1건", "처리 중인 환불 2건"]),
    ],
)
def test_while_anything_is_open_the_change_is_refused_and_says_what(
    identity: Identity,
    master: MemberAtWork,
    company: str,
    finance: OperatorAtWork,
    orders: dict[str, int],
    money: dict[str, int],
    named: list[str],
) -> None:
    change = to_postpaid(finance, company)
    identity.count_orders(identity.asked(), **orders)
    identity.count_money(identity.asked(), **money)
    refused = seen(finance, change)
    assert (refused["state"], [each["ko"] for each in refused["hindrances"]]) == ("refused", named)
    said = identity.said(CompanyChanged)[-1]
    assert (said.state, said.payment_method) == (CompanyState.APPROVED, PaymentMethod.PREPAID)
    assert identity.said(CreditContracted) == []
    assert to_postpaid(finance, company)["state"] == "checking", "it can be tried again"


@pytest.mark.rule("IDN-28")
def test_what_makes_no_sense_is_refused_and_freezes_nobody(
    identity: Identity, company: str, finance: OperatorAtWork
) -> None:
    path = f"/admin/companies/{company}/payment-changes"
    for body, code in (
        ({"payment_method": "prepaid"}, "invalid_request"),
        ({"payment_method": "postpaid"}, "contract_missing"),
        ({"payment_method": "postpaid", "contract": CONTRACT | {"billing_email": "nobody"}}, "invalid_request"),
    ):
        assert finance.create(path, reason="요청", **body).json["code"] == code
    assert finance.get(f"/admin/companies/{company}").json["state"] == "approved"
    assert finance.get(path).json["items"] == []
    unknown = "/admin/companies/0199aaaa-0000-7000-8000-000000000000/payment-changes"
    missing = finance.create(unknown, payment_method="prepaid", reason="요청")
    assert (missing.status_code, missing.json["code"]) == (404, "company_not_found")
    assert finance.get(unknown).status_code == 404


@pytest.mark.rule("IDN-28", "IDN-24")
def test_only_finance_and_admin_change_it_and_one_change_at_a_time(
    identity: Identity, master: MemberAtWork, company: str, finance: OperatorAtWork
) -> None:
    identity.advance(seconds=60)
    path = f"/admin/companies/{company}/payment-changes"
    body = {"payment_method": "postpaid", "contract": CONTRACT, "reason": "요청"}
    for role, read in {"support": 200, "catalog": 403}.items():
        operator = identity.operator(role, email=f"{role}@example.co.kr")
        assert operator.create(path, **body).status_code == 403
        assert operator.get(path).status_code == read
    to_postpaid(finance, company)
    again = finance.create(path, **body)
    assert (again.status_code, again.json["code"], again.json["state"]) == (
        409,
        "company_state_refuses",
        "changing_payment",
    )
    assert master.put("/v1/company", name="다우", representative_name="김대표").status_code == 202


@pytest.mark.rule("IDN-28")
def test_a_company_that_is_suspended_meanwhile_does_not_change(
    identity: Identity, company: str, finance: OperatorAtWork
) -> None:
    identity.advance(seconds=60)
    admin = identity.operator("admin", email="admin@example.co.kr")
    change = to_postpaid(finance, company)
    assert admin.post(f"/admin/companies/{company}/suspend", reason="대금 분쟁").json["state"] == "suspended"
    identity.count_orders(identity.asked())
    identity.count_money(identity.asked())
    refused = seen(finance, change)
    assert (refused["state"], refused["hindrances"][0]["kind"]) == ("refused", "company_suspended")
    company_now = admin.get(f"/admin/companies/{company}").json
    assert (company_now["state"], company_now["payment_method"]) == ("suspended", "prepaid")
