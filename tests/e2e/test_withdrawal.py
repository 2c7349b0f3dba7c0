"""A sub-member is withdrawn, and a company pays otherwise, by all the services that have a say in it."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest

from chassis.testing.events import eventually
from launcher.demo import Places
from launcher.journey.outside import Outside
from launcher.journey.people import CERTIFICATE, Applicant, Master, Operator, SignUp
from launcher.journey.rest import Rest

CONTRACT = {
    "monthly_limit_krw": 3_000_000,
    "starts_on": "2026-01-01",
    "billing_name": "정산담당",
    "billing_email": "bills@hanbit.example",
}


@pytest.fixture
def company(places: Places, operator: Operator, outside: Outside) -> Master:
    """A company of this test's own."""
    applicant = Applicant.new(outside)
    sign_up = SignUp(places.gateway_url, outside)
    sign_up.fill_in(applicant)
    operator.approve(sign_up.id)
    return Master(places.gateway_url, applicant, outside)


def joined(master: Master, places: Places, outside: Outside) -> str:
    """A sub-member who joined by the mailed link; the id."""
    email, phone = f"sub-{uuid.uuid4().hex[:10]}@hanbit.example", "01000000088"
    rows = [{"email": email, "name": "이두리", "phone": phone}]
    assert master.rest.post("/v1/members/invitations", {"rows": rows})["invited"] == 1
    (letter,) = eventually(lambda: outside.letters(email), timeout_seconds=30)
    token = re.findall(r"#([\w-]{20,})", str(letter))[0]
    joining = Rest(places.gateway_url, headers={"Invitation-Token": token})
    code = outside.code_after(phone, lambda: joining.post("/v1/invitations/current/phone-codes"))
    joining.post("/v1/invitations/current/phone-codes/check", {"code": code})
    agreed = [{"code": each["code"], "version": each["version"]} for each in joining.get("/v1/terms")["items"]]
    joining.post("/v1/invitations/current/join", {"password": f"Hanbit-{uuid.uuid4().hex}", "agreed": agreed})
    (row,) = master.rest.get("/v1/members", text=email)["items"]
    return str(row["id"])


@pytest.mark.rule("IDN-20")
def test_a_sub_member_is_withdrawn_when_ordering_has_counted_nothing_open(
    company: Master, places: Places, operator: Operator, outside: Outside
) -> None:
    member_id = joined(company, places, outside)
    path = f"/v1/members/{member_id}"
    check = company.rest.post(f"{path}/withdrawal-checks", key=uuid.uuid4().hex)
    seen = company.rest.get(f"{path}/withdrawal-checks/{check['check_id']}", wait_seconds=20)
    assert seen["state"] == "passed"
    proof = company.rest.upload("/v1/members/withdrawal-files", "재직증명서.pdf", CERTIFICATE, method="POST")
    body = {"check_id": check["check_id"], "file_ids": [proof["file_id"]]}
    company.rest.post(f"{path}/withdrawals", body, key=uuid.uuid4().hex)
    assert company.rest.get(f"{path}/withdrawal", wait_seconds=20)["state"] == "waiting"
    company_id = company.rest.get("/v1/me")["company_id"]
    (line,) = operator.rest.get("/admin/identity/withdrawals", company_id=company_id)["items"]
    operator.rest.post(f"/admin/identity/withdrawals/{line['withdrawal_id']}/approve")

    def withdrawn() -> list[dict[str, Any]]:
        return list(company.rest.get("/v1/members", state="withdrawn")["items"])

    (row,) = eventually(withdrawn, timeout_seconds=30)
    assert row["id"] == member_id


@pytest.mark.rule("IDN-28")
def test_the_payment_method_changes_when_ordering_and_wallet_have_counted_nothing_open(
    company: Master, operator: Operator
) -> None:
    company_id = company.rest.get("/v1/me")["company_id"]
    path = f"/admin/identity/companies/{company_id}/payment-changes"
    body = {"payment_method": "postpaid", "contract": CONTRACT, "reason": "고객센터 요청"}
    change = operator.rest.post(path, body, key=uuid.uuid4().hex)
    done = operator.rest.get(f"{path}/{change['change_id']}", wait_seconds=20)
    assert (done["state"], done["hindrances"]) == ("done", [])
    eventually(lambda: company.wallet()["usable_krw"] == 3_000_000, timeout_seconds=30)
