"""The operators' review queue of refunds (WAL-10)."""

from typing import Any

import pytest
from wallet_sayings import a_member

from chassis.files import file_store_from
from contracts.audit import OperatorActed
from contracts.values import MemberRole, Sealed
from contracts.wallet import RefundDecided
from wallet.application.refund_files import KeepFile, keep_file
from wallet.application.refunds import RequestRefund, request_refund
from wallet.domain.refund import BankAccount, FileUse

PAYOUT = {"payout_reference": "T-20260302-1", "paid_on": "2026-03-02"}
REASON = {"reason": "통장사본을 읽을 수 없습니다."}


@pytest.fixture
def refund_id(office, wallet, settings) -> str:
    """A request for 20,000 of 100,000 KRW that bear a fee."""
    wallet.credit(office.company_id, 100_000)
    wallet.sql("UPDATE charge_lots SET credited_at = '2026-01-01T00:00:00Z'")
    wallet.hear(a_member(office.company_id, office.master_id, MemberRole.MASTER))
    file = keep_file(
        KeepFile(office.company_id, FileUse.BANK_BOOK, "통장.pdf", "application/pdf", b"%PDF-1.7"),
        wallet.begin,
        file_store_from(settings),
    )
    account = BankAccount("20", "11209172313614", "홍길동")
    command = RequestRefund(
        office.company_id, office.master_id, 20_000, 18_000, account, file.id, proof_id=None, reason="사업 종료"
    )
    with wallet.begin() as uow:
        return str(request_refund(command, settings.refund_rules, settings.refund_form, uow))


@pytest.fixture
def finance(office):
    return office.callers.operator("finance")


def step(office, headers: dict[str, str], refund_id: str, name: str, body: Any = None) -> Any:
    return office.admin.post(f"/admin/refunds/{refund_id}/{name}", json=body or {}, headers=headers)


def decisions(wallet) -> list[RefundDecided]:
    return [said for said in wallet.said() if isinstance(said, RefundDecided)]


@pytest.mark.rule("WAL-10", "WAL-09", "WAL-17")
def test_a_refund_is_taken_paid_out_said_and_proven(office, wallet, finance, refund_id) -> None:
    assert step(office, finance, refund_id, "take").json["state"] == "reviewing"

    done = step(office, finance, refund_id, "complete", PAYOUT)

    assert (done.status_code, done.json["state"], done.json["payout_reference"]) == (200, "completed", "T-20260302-1")
    balances = wallet.balances(office.company_id)
    assert (balances["balance"], balances["paybacks"]) == (80_000, 0)
    assert (balances["paid_out"], balances["fees"]) == (18_000, 2_000)
    (said,) = decisions(wallet)
    assert (said.outcome, said.payout_krw, said.member_name) == ("completed", 18_000, "홍길동")
    assert said.email == Sealed(key_id="k1", ciphertext="c2VhbGVk")
    wallet.assert_proven()


@pytest.mark.rule("WAL-10")
@pytest.mark.parametrize(("name", "state"), [("reject", "rejected"), ("cancel", "cancelled")])
def test_what_is_not_paid_out_goes_back_whole_and_is_told_with_its_reason(
    name: str, state: str, office, wallet, finance, refund_id
) -> None:
    step(office, finance, refund_id, "take")

    assert step(office, finance, refund_id, name, REASON).json["state"] == state

    assert wallet.balances(office.company_id)["balance"] == 100_000
    (lot,) = wallet.sql("SELECT free_krw, paid_back_krw FROM charge_lots")
    assert tuple(lot) == (100_000, 0)
    assert [(said.outcome, said.reason) for said in decisions(wallet)] == [(state, REASON["reason"])]
    wallet.assert_proven()


@pytest.mark.rule("WAL-10")
def test_what_was_not_taken_up_is_neither_paid_out_nor_rejected(office, finance, refund_id) -> None:
    for name, body in (("complete", PAYOUT), ("reject", REASON)):
        answer = step(office, finance, refund_id, name, body)
        assert (answer.status_code, answer.json["code"]) == (409, "refund_state_forbids")


@pytest.mark.rule("WAL-10")
def test_a_member_cannot_cancel_what_is_looked_at(office, finance, refund_id) -> None:
    step(office, finance, refund_id, "take")

    answer = office.api.post(f"/v1/refunds/{refund_id}/cancel", headers=office.master())

    assert answer.json["code"] == "refund_state_forbids"


@pytest.mark.rule("WAL-08", "IDN-24")
def test_whoever_reads_the_account_in_clear_is_in_the_audit_log(office, wallet, finance, refund_id) -> None:
    listed = office.admin.get("/admin/refunds?state=requested", headers=finance)
    assert [row["account_number_masked"] for row in listed.json["items"]] == ["**********3614"]
    assert "11209172313614" not in listed.text

    papers = office.admin.get(f"/admin/refunds/{refund_id}", headers=finance).json

    assert papers["account_number"] == "11209172313614"
    assert papers["bank_book_url"].startswith("/admin/wallet/files/")
    linked = papers["bank_book_url"].replace("/admin/wallet/files/", "/admin/files/")
    assert office.admin.get(linked).data == b"%PDF-1.7"
    acts = [said for said in wallet.said() if isinstance(said, OperatorActed)]
    assert [(act.action, act.target_id) for act in acts] == [("read_refund_account", refund_id)]


@pytest.mark.rule("IDN-24")
def test_every_step_of_an_operator_is_in_the_audit_log(office, wallet, finance, refund_id) -> None:
    step(office, finance, refund_id, "take")
    step(office, finance, refund_id, "reject", REASON)

    acts = [said for said in wallet.said() if isinstance(said, OperatorActed)]
    assert [(act.action, act.before["state"], act.after["state"], act.reason) for act in acts] == [
        ("take_refund", "requested", "reviewing", None),
        ("reject_refund", "reviewing", "rejected", REASON["reason"]),
    ]


@pytest.mark.rule("IDN-24")
def test_support_reads_the_queue_and_decides_nothing(office, refund_id) -> None:
    support = office.callers.operator("support")

    assert office.admin.get("/admin/refunds", headers=support).status_code == 200
    assert office.admin.get(f"/admin/refunds/{refund_id}", headers=support).status_code == 403
    assert step(office, support, refund_id, "take").status_code == 403
    assert office.admin.get("/admin/refunds", headers=office.master()).status_code == 403
