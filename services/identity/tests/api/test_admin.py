"""The back office over REST: login with a second factor, the queue of applications, decisions."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from identity_builders import PNG
from identity_service import Identity, MemberAtWork, OperatorAtWork
from sqlalchemy import select

from contracts.audit import OperatorActed
from contracts.identity import ApplicationDecided, CompanyChanged, CreditContracted, MemberStateChanged
from contracts.values import MemberRole, PaymentMethod
from identity.storage.tables import companies, member_agreements, members

CONTRACT = {
    "monthly_limit_krw": 5_000_000,
    "starts_on": "2026-04-01",
    "billing_name": "김경리",
    "billing_email": "billing@example.co.kr",
}


@pytest.fixture
def operator(identity: Identity) -> OperatorAtWork:
    return identity.operator("admin")


@pytest.mark.rule("IDN-24")
def test_an_operator_needs_password_and_totp(identity: Identity, operator: OperatorAtWork) -> None:
    identity.advance(seconds=30)
    challenge_id = operator.challenge()
    wrong = operator.verify(challenge_id, "000000" if operator.totp() != "000000" else "000001")
    assert (wrong.status_code, wrong.json["code"], wrong.json["tries_left"]) == (401, "second_factor_refused", 4)
    assert operator.verify(challenge_id, operator.totp()).status_code == 200


@pytest.mark.rule("IDN-24")
def test_a_totp_works_once(identity: Identity, operator: OperatorAtWork) -> None:
    again = operator.verify(operator.challenge(), operator.totp())
    assert again.json["code"] == "second_factor_refused"


@pytest.mark.rule("IDN-24")
def test_five_wrong_totps_end_the_login(identity: Identity, operator: OperatorAtWork) -> None:
    identity.advance(seconds=30)
    challenge_id = operator.challenge()
    wrong = "000000" if operator.totp() != "000000" else "000001"
    for _ in range(5):
        operator.verify(challenge_id, wrong)
    answer = operator.verify(challenge_id, operator.totp())
    assert (answer.status_code, answer.json["code"]) == (404, "login_not_found")


@pytest.mark.rule("IDN-12")
def test_whoever_knows_the_password_cannot_try_totps_without_end(identity: Identity, operator: OperatorAtWork) -> None:
    identity.advance(seconds=30)
    wrong = "000000" if operator.totp() != "000000" else "000001"
    for _ in range(10):
        assert operator.verify(operator.challenge(), wrong).json["code"] == "second_factor_refused"
    locked = operator.verify(operator.challenge(), operator.totp())
    assert (locked.status_code, locked.json["code"]) == (429, "login_locked")
    identity.advance(minutes=15)
    assert operator.verify(operator.challenge(), operator.totp()).status_code == 200


@pytest.mark.rule("IDN-24")
def test_a_used_totp_is_no_guess_and_locks_nobody_out(identity: Identity, operator: OperatorAtWork) -> None:
    for _ in range(11):
        assert operator.verify(operator.challenge(), operator.totp()).status_code == 401
    identity.advance(seconds=30)
    assert operator.verify(operator.challenge(), operator.totp()).status_code == 200


def test_an_operators_session_is_renewed_and_ended(identity: Identity, operator: OperatorAtWork) -> None:
    used = {"refresh_token": operator.tokens["refresh_token"]}
    operator.tokens = identity.admin.post("/admin/sessions/refresh", json=used).json
    assert operator.get("/admin/sign-ups").status_code == 200
    assert identity.api.post("/v1/sessions/refresh", json={"refresh_token": operator.tokens["refresh_token"]}).json[
        "code"
    ] == ("refresh_refused")
    assert identity.admin.delete("/admin/sessions/current", headers=operator.headers).status_code == 204
    assert operator.get("/admin/sign-ups").status_code == 401


@pytest.mark.rule("IDN-07")
def test_approval_makes_company_and_master_and_tells_everybody(identity: Identity, operator: OperatorAtWork) -> None:
    applicant = identity.submitted()
    answer = operator.post(f"/admin/sign-ups/{applicant.sign_up_id}/approve")
    assert (answer.status_code, answer.json["state"]) == (200, "approved")
    (company,) = identity.said(CompanyChanged)
    (master,) = identity.said(MemberStateChanged)
    (decided,) = identity.said(ApplicationDecided)
    (act,) = identity.said(OperatorActed)
    assert (company.name, company.business_number, company.payment_method) == (
        "다우상사",
        "220-81-02810",
        PaymentMethod.PREPAID,
    )
    assert (master.company_id, master.member_id, master.role) == (
        company.company_id,
        company.master_id,
        MemberRole.MASTER,
    )
    assert identity.parts.sealer.open_text(master.phone) == "01012345678"
    assert decided.approved
    assert (act.action, act.target_id, act.company_id) == (
        "sign_up.approved",
        applicant.sign_up_id,
        company.company_id,
    )
    with identity.database.transaction() as session:
        assert session.execute(select(companies.c.id)).scalars().all() == [company.company_id]
        assert session.execute(select(members.c.id)).scalars().all() == [master.member_id]
        agreed = session.execute(select(member_agreements.c.code).order_by(member_agreements.c.code)).scalars().all()
    assert agreed == ["electronic_finance", "privacy", "service"]


@pytest.mark.rule("IDN-07")
def test_a_rejection_carries_its_reason_and_the_applicant_can_apply_again(
    identity: Identity, operator: OperatorAtWork
) -> None:
    applicant = identity.submitted()
    answer = operator.post(f"/admin/sign-ups/{applicant.sign_up_id}/reject", reason="사업자등록증이 흐릿합니다.")
    assert (answer.status_code, answer.json["state"]) == (200, "rejected")
    assert applicant.get()["reason"] == "사업자등록증이 흐릿합니다."
    (decided,) = identity.said(ApplicationDecided)
    assert (decided.approved, decided.reason) == (False, "사업자등록증이 흐릿합니다.")
    assert identity.said(CompanyChanged) == []
    identity.advance(seconds=60)
    assert identity.submitted().get()["state"] == "submitted"


@pytest.mark.rule("IDN-07")
def test_a_decision_is_made_once(identity: Identity, operator: OperatorAtWork) -> None:
    sign_up_id = identity.submitted().sign_up_id
    operator.post(f"/admin/sign-ups/{sign_up_id}/approve")
    for act, body in (("approve", {}), ("reject", {"reason": "늦었습니다."})):
        answer = operator.post(f"/admin/sign-ups/{sign_up_id}/{act}", **body)
        assert (answer.status_code, answer.json["code"]) == (409, "sign_up_not_waiting")
    assert len(identity.said(CompanyChanged)) == 1


@pytest.mark.rule("IDN-08")
def test_a_postpaid_company_is_approved_once_its_contract_is_recorded(
    identity: Identity, operator: OperatorAtWork
) -> None:
    sign_up_id = identity.submitted(payment_method="postpaid").sign_up_id
    early = operator.post(f"/admin/sign-ups/{sign_up_id}/approve")
    assert (early.status_code, early.json["code"]) == (409, "contract_missing")
    recorded = operator.put(f"/admin/sign-ups/{sign_up_id}/contract", **CONTRACT)
    assert recorded.json["contract"] == CONTRACT
    assert operator.post(f"/admin/sign-ups/{sign_up_id}/approve").status_code == 200
    (company,) = identity.said(CompanyChanged)
    assert company.payment_method is PaymentMethod.POSTPAID
    (contracted,) = identity.said(CreditContracted)
    assert (contracted.company_id, contracted.monthly_limit_krw) == (company.company_id, 5_000_000)
    assert contracted.starts_on.isoformat() == "2026-04-01"


@pytest.mark.rule("IDN-08")
def test_a_prepaid_application_has_no_contract(identity: Identity, operator: OperatorAtWork) -> None:
    answer = operator.put(f"/admin/sign-ups/{identity.submitted().sign_up_id}/contract", **CONTRACT)
    assert (answer.status_code, answer.json["code"]) == (409, "contract_not_needed")


def test_operators_see_what_waits_and_read_the_certificate_by_a_short_lived_link(
    identity: Identity, operator: OperatorAtWork
) -> None:
    applicant = identity.submitted()
    identity.start()
    page = operator.get("/admin/sign-ups?state=submitted").json
    assert [line["sign_up_id"] for line in page["items"]] == [applicant.sign_up_id]
    review = operator.get(f"/admin/sign-ups/{applicant.sign_up_id}").json
    path = urlsplit(review["certificate_url"]).path.replace("/admin/identity/", "/admin/")
    assert identity.admin.get(path).data == PNG
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=5, seconds=1)):
        assert identity.admin.get(path).status_code == 404


@pytest.mark.rule("IDN-27")
def test_a_number_that_several_applicants_entered_is_shown_to_the_operator(
    identity: Identity, operator: OperatorAtWork
) -> None:
    rejected = identity.submitted(email="first@example.co.kr")
    operator.post(f"/admin/sign-ups/{rejected.sign_up_id}/reject", reason="서류가 다릅니다.")
    identity.advance(seconds=60)
    draft = identity.start()
    assert draft.put("business-number", business_number="220-81-02810").status_code == 200
    unlike = identity.submitted(email="other@example.co.kr", business_number="116-82-00276", phone="01077776666")
    identity.advance(seconds=60)
    waiting = identity.submitted(email="second@example.co.kr")
    same = operator.get(f"/admin/sign-ups/{waiting.sign_up_id}").json["same_number"]
    found = [(each["sign_up_id"], each["state"]) for each in same]
    assert found == [(draft.sign_up_id, "draft"), (rejected.sign_up_id, "rejected")]
    assert operator.get(f"/admin/sign-ups/{unlike.sign_up_id}").json["same_number"] == []


def test_the_list_comes_in_pages(identity: Identity, operator: OperatorAtWork) -> None:
    ids = [identity.start().sign_up_id for _ in range(3)]
    first = operator.get("/admin/sign-ups?state=draft&limit=2").json
    second = operator.get(f"/admin/sign-ups?state=draft&limit=2&cursor={first['next_cursor']}").json
    assert [line["sign_up_id"] for line in first["items"] + second["items"]] == ids
    assert second["next_cursor"] is None


@pytest.mark.rule("IDN-24")
@pytest.mark.parametrize(
    ("role", "act", "status"),
    [
        ("support", "approve", 200),
        ("finance", "approve", 403),
        ("catalog", "approve", 403),
        ("support", "contract", 403),
        ("finance", "contract", 409),
    ],
)
def test_roles_say_what_an_operator_may_do(identity: Identity, role: str, act: str, status: int) -> None:
    sign_up_id = identity.submitted().sign_up_id
    operator = identity.operator(role)
    answer = (
        operator.post(f"/admin/sign-ups/{sign_up_id}/approve")
        if act == "approve"
        else operator.put(f"/admin/sign-ups/{sign_up_id}/contract", **CONTRACT)
    )
    assert answer.status_code == status


def test_members_are_no_operators_and_operators_no_members(identity: Identity, operator: OperatorAtWork) -> None:
    member = MemberAtWork(identity, "x@example.co.kr", "01055556666")
    applicant = identity.submitted(email=member.email, phone=member.phone)
    operator.post(f"/admin/sign-ups/{applicant.sign_up_id}/approve")
    member.log_in()
    assert identity.admin.get("/admin/sign-ups", headers=member.headers).status_code == 403
    assert identity.api.get("/v1/me", headers=operator.headers).status_code == 403


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/admin/sign-ups/0199aaaa-0000-7000-8000-000000000000/approve", {}, 404),
        ("/admin/sign-ups/no-id/approve", {}, 404),
        ("/admin/sign-ups/0199aaaa-0000-7000-8000-000000000000/reject", {"reason": "  "}, 422),
        ("/admin/sign-ups/0199aaaa-0000-7000-8000-000000000000/reject", {}, 422),
    ],
)
def test_bad_input_of_operators_is_a_problem_document(
    operator: OperatorAtWork, path: str, body: dict[str, str], status: int
) -> None:
    assert operator.post(path, **body).status_code == status


def test_state_is_said_again_on_demand(identity: Identity, operator: OperatorAtWork) -> None:
    operator.post(f"/admin/sign-ups/{identity.submitted().sign_up_id}/approve")
    for kind, event in (("companies", CompanyChanged), ("members", MemberStateChanged)):
        (before,) = identity.said(event)
        assert operator.post(f"/admin/republish/{kind}").json["events"] == 1
        _, again = identity.said(event)
        assert again.model_dump(exclude={"email", "phone"}) == before.model_dump(exclude={"email", "phone"})
