"""A sub-member is withdrawn, and a company pays otherwise, by all the services that have a say in it."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from joining import company_of_its_own, joined

from chassis.testing.events import eventually
from launcher.demo import Places
from launcher.journey.outside import Outside
from launcher.journey.people import CERTIFICATE, Master, Operator

CONTRACT = {
    "monthly_limit_krw": 3_000_000,
    "starts_on": "2026-01-01",
    "billing_name": "정산담당",
    "billing_email": "bills@hanbit.example",
}


@pytest.fixture
def company(places: Places, operator: Operator, outside: Outside) -> Master:
    """A company of this test's own."""
    return company_of_its_own(places, operator, outside)


@pytest.mark.rule("IDN-20")
def test_a_sub_member_is_withdrawn_when_ordering_has_counted_nothing_open(
    company: Master, places: Places, operator: Operator, outside: Outside
) -> None:
    member_id, _ = joined(company, places, outside)
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
