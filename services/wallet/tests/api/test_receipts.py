"""영수증 as PDF: what it says is read back from it (manual 6-1: 결제 영수증)."""

from datetime import UTC, datetime
from typing import Any

import pypdfium2
import pytest
from wallet_builders import a_company_changed
from wallet_sayings import a_member

from contracts.values import MemberRole
from wallet.domain.month import SEOUL


@pytest.fixture
def paid(office, wallet, provider) -> str:
    """A charge of 300,000 KRW, paid by card on 17 October 2024."""
    wallet.hear(a_company_changed(office.company_id, version=2, name="한빛 & 상사"))
    wallet.hear(a_member(office.company_id, office.master_id, MemberRole.MASTER))
    charge_id = office.charge(300_000).json["charge_id"]
    office.confirm(charge_id, provider.paid_in_window(charge_id, 300_000), 300_000)
    paid_at = datetime(2024, 10, 17, 13, 34, tzinfo=SEOUL)
    wallet.sql("UPDATE charges SET credited_at = :at WHERE id = :id", at=paid_at, id=charge_id)
    return charge_id


def read(office, charge_id: str, name: str) -> Any:
    return office.api.get(f"/v1/charges/{charge_id}/{name}", headers=office.master())


def text_of(answer: Any) -> str:
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    document = pypdfium2.PdfDocument(answer.data)
    assert len(document) == 1
    return " ".join(document[0].get_textpage().get_text_bounded().split())


@pytest.mark.rule("WAL-05")
def test_a_receipt_says_who_paid_what_when_and_to_whom(office, paid) -> None:
    said = text_of(read(office, paid, "receipt"))

    assert "결제 영수증" in said
    assert f"발급일시 : {datetime.now(UTC).astimezone(SEOUL):%Y-%m-%d}" in said
    for name, value in (
        ("사업자등록번호", "220-81-02810"),
        ("상호명", "(주) 다우기술"),
        ("사업장주소", "경기도 성남시 수정구 금토로 69"),
        ("대표자명", "김운덕"),
        ("결제 주문번호", paid),
        ("주문자", "한빛 & 상사 홍길동"),
        ("결제일", "2024-10-17"),
        ("결제수단", "신용카드"),
        ("결제금액", "300,000원 (VAT 포함)"),
    ):
        assert f"{name} {value}" in said
    assert "취소" not in said


@pytest.mark.rule("WAL-05", "WAL-06")
def test_the_receipt_of_a_cancellation_adds_its_day_fee_and_sum(office, wallet, paid) -> None:
    wallet.sql("UPDATE charges SET credited_at = clock_timestamp() - interval '20 days'")
    body = {"payout_krw": 270_000}
    assert office.api.post(f"/v1/charges/{paid}/cancel", json=body, headers=office.master()).status_code == 200
    ended_at = datetime(2024, 10, 30, 14, 55, tzinfo=SEOUL)
    wallet.sql("UPDATE charge_cancellations SET ended_at = :at", at=ended_at)

    said = text_of(read(office, paid, "cancellation-receipt"))

    assert "결제 취소 영수증" in said
    for words in ("결제금액 300,000원", "취소일 2024-10-30", "취소 수수료 30,000원", "취소금액 270,000원 (VAT 포함)"):
        assert words in said
    assert "결제 영수증" in text_of(read(office, paid, "receipt"))


@pytest.mark.rule("WAL-05")
def test_what_was_not_paid_or_not_cancelled_has_no_receipt(office, paid) -> None:
    requested = office.charge().json["charge_id"]

    for charge_id, name in ((requested, "receipt"), (paid, "cancellation-receipt")):
        answer = read(office, charge_id, name)
        assert (answer.status_code, answer.json["code"]) == (409, "charge_state_forbids")


@pytest.mark.rule("WAL-05", "IDN-22")
def test_another_companys_receipt_does_not_exist(office, wallet, callers, paid) -> None:
    stranger = callers.member("master", tenant_id=wallet.a_company())

    assert office.api.get(f"/v1/charges/{paid}/receipt", headers=stranger).status_code == 404
