"""Operators look at the books and have them proven."""

import pytest
from wallet_builders import an_order_placed, issued


@pytest.mark.rule("WAL-17")
def test_finance_has_the_ledger_proven(office, wallet, callers) -> None:
    wallet.credit(office.company_id, 100_000)
    wallet.hear(an_order_placed(office.company_id, 30_000))

    answer = office.admin.get("/admin/ledger/verify", headers=callers.operator("finance"))

    assert (answer.status_code, answer.json) == (
        200,
        {"proven": True, "companies": 1, "postings": 2, "findings": []},
    )


@pytest.mark.rule("WAL-17")
def test_a_broken_ledger_is_told(office, wallet, callers) -> None:
    wallet.credit(office.company_id, 100_000)
    wallet.sql("UPDATE accounts SET balance_krw = 99999 WHERE account = 'balance'")

    proof = office.admin.get("/admin/ledger/verify", headers=callers.operator("admin")).json

    assert proof["proven"] is False
    assert {"company_id": str(office.company_id), "check": "balance"}.items() <= proof["findings"][0].items()


@pytest.mark.rule("WAL-12", "WAL-17")
def test_coupons_that_are_counted_for_no_invoice_though_they_were_sold_are_told(office, wallet, callers) -> None:
    wallet.credit(office.company_id, 100_000)
    order = an_order_placed(office.company_id, 30_000)
    for said in (order, issued(order, 20_000, chunk_no=0), issued(order, 10_000, chunk_no=1)):
        wallet.hear(said)
    wallet.sql("DELETE FROM captures WHERE chunk_no = 1")

    proof = office.admin.get("/admin/ledger/verify", headers=callers.operator("finance")).json

    details = [finding["detail"] for finding in proof["findings"]]
    assert {finding["check"] for finding in proof["findings"]} == {"captures"}
    assert details == ["counted by month: stored 20000, proven 30000", "without matching sales: stored 1, proven 0"]


def test_operators_see_a_companys_money_and_its_movements(office, wallet, callers) -> None:
    wallet.credit(office.company_id, 100_000)
    wallet.hear(an_order_placed(office.company_id, 30_000))

    answer = office.admin.get(
        f"/admin/companies/{office.company_id}/ledger?limit=1", headers=callers.operator("support")
    )

    assert answer.status_code == 200
    assert (answer.json["wallet"]["balance_krw"], answer.json["wallet"]["held_krw"]) == (100_000, 30_000)
    assert [line["kind"] for line in answer.json["items"]] == ["use"]
    assert answer.json["next_cursor"] is not None


def test_a_company_without_a_wallet_is_told(office, callers) -> None:
    answer = office.admin.get(
        "/admin/companies/01890000-0000-7000-8000-000000000000/ledger", headers=callers.operator("finance")
    )

    assert (answer.status_code, answer.json["code"]) == (409, "wallet_not_ready")


@pytest.mark.rule("IDN-24")
@pytest.mark.parametrize(
    "path", ["/admin/ledger/verify", "/admin/companies/01890000-0000-7000-8000-000000000000/ledger"]
)
def test_only_operators_with_the_role_look_at_books(path: str, office, callers) -> None:
    for headers, status in (({}, 401), (office.master(), 403), (callers.operator("catalog"), 403)):
        assert office.admin.get(path, headers=headers).status_code == status


def test_both_applications_describe_themselves(office) -> None:
    api, admin = office.api.get("/openapi.json").json, office.admin.get("/openapi.json").json

    assert {"/v1/charges", "/v1/wallet", "/v1/wallet/entries", "/v1/webhooks/payments/{secret}"} <= set(api["paths"])
    assert {"/admin/ledger/verify", "/admin/outbox", "/admin/dead-letters"} <= set(admin["paths"])
