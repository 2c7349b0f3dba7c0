"""Refunds over HTTP: the member's form and list (manual 6-1: 환불 신청, 환불 접수 현황)."""

import io
import zipfile
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from wallet_builders import a_company_changed

from contracts.values import PaymentMethod as SaidMethod
from wallet.application.refund_files import ForgetStrayFiles

PDF = b"%PDF-1.7 a bank book"
JPEG = b"\xff\xd8\xff\xe0 a photo"


def an_archive() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("proof.txt", "a proof")
    return content.getvalue()


ZIP = an_archive()


@pytest.fixture
def rich(office, wallet):
    """The office with 446,268 KRW that were charged long ago."""
    wallet.credit(office.company_id, 446_268)
    wallet.sql("UPDATE charge_lots SET credited_at = '2026-01-01T00:00:00Z'")
    return office


def charge_now(office, wallet, amount_krw: int) -> None:
    """Money that bears no fee yet: the API goes by the true time."""
    charge_id = wallet.credit(office.company_id, amount_krw)
    wallet.sql("UPDATE charge_lots SET credited_at = clock_timestamp() WHERE charge_id = :id", id=charge_id)


def upload(office, use: str = "bank_book", content: bytes = PDF, name: str = "통장사본.pdf") -> Any:
    return office.api.post(
        f"/v1/refunds/files?use={use}",
        data={"file": (io.BytesIO(content), name)},
        content_type="multipart/form-data",
        headers=office.master(),
    )


def a_request(office, **changes: Any) -> dict[str, Any]:
    account = {
        "kind": "new",
        "bank": "20",
        "account_number": "11209172313614",
        "holder": "김대표",
        "bank_book_file_id": upload(office).json["file_id"],
    }
    return {"amount_krw": 20_000, "payout_krw": 18_000, "account": account, "reason": "사업 종료"} | changes


def ask(office, body: dict[str, Any], key: str | None = None) -> Any:
    headers = office.master() | {"Idempotency-Key": key or uuid4().hex}
    return office.api.post("/v1/refunds", json=body, headers=headers)


def balance(office) -> int:
    return office.api.get("/v1/wallet", headers=office.master()).json["usable_krw"]


@pytest.mark.rule("WAL-07", "WAL-09")
def test_the_figures_shown_beforehand_are_those_of_the_request(rich) -> None:
    quote = rich.api.get("/v1/refunds/quote?amount_krw=20000", headers=rich.master()).json
    assert quote == {
        "amount_krw": 20_000,
        "fee_free_krw": 0,
        "fee_krw": 2_000,
        "payout_krw": 18_000,
        "balance_krw": 446_268,
    }

    answer = ask(rich, a_request(rich))

    assert answer.status_code == 201
    shown = answer.json
    assert (shown["state"], shown["payout_krw"], shown["fee_krw"]) == ("requested", 18_000, 2_000)
    assert (shown["bank_name"], shown["account_number_masked"]) == ("우리은행", "**********3614")
    assert balance(rich) == 426_268


@pytest.mark.rule("WAL-07")
def test_the_whole_balance_is_filled_in_and_at_1_000_krw_or_less_the_form_says_why_not(office, wallet) -> None:
    wallet.credit(office.company_id, 1_000)
    refused = office.api.get("/v1/refunds/quote", headers=office.master())
    assert (refused.status_code, refused.json["code"]) == (422, "refund_too_small")
    assert "1,000원 이하는 환불이 불가" in refused.json["message"]["ko"]

    wallet.sql("UPDATE charge_lots SET credited_at = clock_timestamp()")
    charge_now(office, wallet, 4_000)
    quote = office.api.get("/v1/refunds/quote", headers=office.master()).json
    assert (quote["amount_krw"], quote["fee_free_krw"], quote["payout_krw"]) == (5_000, 5_000, 5_000)


@pytest.mark.rule("WAL-09")
def test_figures_that_changed_in_between_are_asked_again(rich, wallet) -> None:
    body = a_request(rich)
    charge_now(rich, wallet, 5_000)

    refused = ask(rich, body)

    assert (refused.status_code, refused.json["code"]) == (409, "refund_figures_changed")
    assert (refused.json["shown_krw"], refused.json["payout_krw"]) == (18_000, 18_500)
    assert balance(rich) == 451_268
    assert ask(rich, body | {"payout_krw": 18_500}).status_code == 201


@pytest.mark.rule("WAL-07", "WAL-08")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount_krw": 1_000}, "refund_too_small"),
        ({"amount_krw": 446_269}, "refund_exceeds_balance"),
        ({"reason": "환" * 51}, "refund_reason_too_long"),
        ({"reason": "  "}, "invalid_request"),
        ({"proof_file_id": str(uuid4())}, "refund_file_not_found"),
        ({"account": {"kind": "previous", "refund_id": str(uuid4())}}, "refund_not_found"),
    ],
)
def test_what_the_form_does_not_take_moves_nothing(changes: dict[str, Any], code: str, rich) -> None:
    answer = ask(rich, a_request(rich, **changes))

    assert answer.status_code in {404, 422}
    assert answer.json["code"] == code
    assert balance(rich) == 446_268


@pytest.mark.rule("WAL-08")
@pytest.mark.parametrize(
    ("account", "code"),
    [
        ({"bank": "99"}, "bank_unknown"),
        ({"account_number": "112-0917"}, "invalid_request"),
        ({"bank_book_file_id": str(uuid4())}, "refund_file_not_found"),
        ({"holder": "박대표"}, "holder_proof_missing"),
    ],
)
def test_an_account_that_cannot_be_paid_is_refused(account: dict[str, str], code: str, rich) -> None:
    body = a_request(rich)
    answer = ask(rich, body | {"account": body["account"] | account})

    assert (answer.status_code, answer.json["code"]) == (422, code)


@pytest.mark.rule("WAL-08")
def test_another_holder_is_paid_with_a_proof(rich) -> None:
    body = a_request(rich)
    proof = upload(rich, "proof", ZIP, "위임증명서.zip").json["file_id"]

    answer = ask(rich, body | {"account": body["account"] | {"holder": "박대표"}, "proof_file_id": proof})

    assert answer.status_code == 201


@pytest.mark.rule("WAL-08")
def test_files_are_judged_by_their_content_and_size(rich) -> None:
    assert upload(rich, "bank_book", JPEG, "사진.jpeg").status_code == 201
    refused = upload(rich, "bank_book", ZIP, "통장사본.pdf")
    assert (refused.status_code, refused.json["code"]) == (422, "refund_file_type")
    assert upload(rich, "bank_book", b"just text", "통장.png").json["code"] == "refund_file_type"
    most = PDF.ljust(10 * 1024 * 1024, b"\0")
    assert upload(rich, content=most).status_code == 201
    assert upload(rich, content=most + b"\0").status_code == 413


@pytest.mark.rule("WAL-08")
def test_the_last_account_and_proof_are_loaded_again_with_their_files(rich) -> None:
    body = a_request(rich)
    proof = upload(rich, "proof", ZIP, "재직증명서.zip").json["file_id"]
    first = ask(rich, body | {"proof_file_id": proof}).json

    last = rich.api.get("/v1/refunds/last", headers=rich.master()).json

    assert (last["bank"], last["account_number_masked"], last["holder"]) == ("20", "**********3614", "김대표")
    assert (last["bank_book"]["file_name"], last["proof"]["file_name"]) == ("통장사본.pdf", "재직증명서.zip")
    account = {"kind": "previous", "refund_id": last["account_refund_id"]}
    again = ask(rich, body | {"account": account, "proof_file_id": last["proof"]["file_id"]})
    assert (again.status_code, again.json["account_number_masked"]) == (201, first["account_number_masked"])


@pytest.mark.rule("WAL-08")
def test_account_data_is_encrypted_in_the_database(rich, wallet) -> None:
    ask(rich, a_request(rich))

    (row,) = wallet.sql("SELECT * FROM refunds")
    (file,) = wallet.sql("SELECT * FROM refund_files")

    stored = f"{tuple(row)} {tuple(file)}"
    assert not any(clear in stored for clear in ("11209172313614", "김대표", "사업 종료", "통장사본"))


@pytest.mark.rule("WAL-10", "WAL-04")
def test_a_member_cancels_what_nobody_has_looked_at_and_the_history_tells_both(rich) -> None:
    refund_id = ask(rich, a_request(rich)).json["refund_id"]

    cancelled = rich.api.post(f"/v1/refunds/{refund_id}/cancel", headers=rich.master())

    assert (cancelled.status_code, cancelled.json["state"], cancelled.json["may_cancel"]) == (200, "cancelled", False)
    assert balance(rich) == 446_268
    lines = rich.api.get("/v1/wallet/entries", headers=rich.master()).json["items"]
    assert [(line["kind_ko"], line["amount_krw"]) for line in lines] == [
        ("환불취소", 20_000),
        ("환불신청", -20_000),
        ("충전", 446_268),
    ]
    again = rich.api.post(f"/v1/refunds/{refund_id}/cancel", headers=rich.master())
    assert (again.status_code, again.json["code"]) == (409, "refund_state_forbids")


@pytest.mark.rule("WAL-07")
def test_one_key_is_one_refund(rich) -> None:
    body = a_request(rich)
    first, second = ask(rich, body, "k-1"), ask(rich, body, "k-1")

    assert first.json == second.json
    assert balance(rich) == 426_268


@pytest.mark.rule("WAL-01", "IDN-22")
def test_refunds_belong_to_the_prepaid_master_of_their_own_company(rich, wallet, callers) -> None:
    refund_id = ask(rich, a_request(rich)).json["refund_id"]
    stranger = callers.member("master", tenant_id=wallet.a_company())
    postpaid = callers.member("master", tenant_id=wallet.a_company(payment_method=SaidMethod.POSTPAID))

    assert rich.api.get(f"/v1/refunds/{refund_id}", headers=stranger).status_code == 404
    assert rich.api.post(f"/v1/refunds/{refund_id}/cancel", headers=stranger).status_code == 404
    assert rich.api.get("/v1/refunds", headers=stranger).json["items"] == []
    assert rich.api.get("/v1/refunds/quote", headers=postpaid).json["code"] == "prepaid_only"
    assert rich.api.get("/v1/refunds", headers=rich.sub()).status_code == 403


@pytest.mark.rule("WAL-08")
def test_a_files_request_that_never_came_is_forgotten_after_a_day(rich, wallet, settings) -> None:
    from chassis.files import FileMissing, file_store_from

    files = file_store_from(settings)
    used, stray = a_request(rich), upload(rich).json["file_id"]
    ask(rich, used)
    wallet.sql("UPDATE refund_files SET uploaded_at = :at", at=wallet.clock.now() - timedelta(hours=25))

    assert ForgetStrayFiles(wallet.begin, files).step() is True
    assert ForgetStrayFiles(wallet.begin, files).step() is False

    with pytest.raises(FileMissing):
        files.get(f"refunds/{rich.company_id}/{stray}")
    assert files.get(f"refunds/{rich.company_id}/{used['account']['bank_book_file_id']}").content == PDF


def test_a_companys_name_is_a_holder_too(rich, wallet) -> None:
    wallet.hear(a_company_changed(rich.company_id, version=2, name="주식회사 다우기술"))
    body = a_request(rich)

    answer = ask(rich, body | {"account": body["account"] | {"holder": "(주)다우기술"}})

    assert answer.status_code == 201
