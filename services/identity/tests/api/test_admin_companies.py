"""What operators do of companies over REST, and the audit log of it (IDN-23 … IDN-25)."""

from io import BytesIO

import pytest
from identity_service import Identity, MemberAtWork, OperatorAtWork
from python_calamine import CalamineWorkbook

from contracts.audit import OperatorActed
from contracts.identity import CashLikeGranted, CompanyChanged, CompanyState, SessionsRevoked


@pytest.fixture
def master(identity: Identity) -> MemberAtWork:
    member = identity.member()
    assert member.log_in().status_code == 200
    return member


@pytest.fixture
def company(master: MemberAtWork) -> str:
    return str(master.me().json["company_id"])


@pytest.fixture
def admin(identity: Identity, master: MemberAtWork) -> OperatorAtWork:
    return identity.operator("admin")


@pytest.mark.rule("IDN-13", "IDN-24")
def test_a_suspended_company_is_out_with_all_members_until_it_is_resumed(
    identity: Identity, master: MemberAtWork, company: str, admin: OperatorAtWork
) -> None:
    sub = identity.sub_member(master)
    answer = admin.post(f"/admin/companies/{company}/suspend", reason="대금 분쟁")
    assert (answer.status_code, answer.json["state"]) == (200, "suspended")
    for member in (master, sub):
        assert member.me().status_code == 401
        assert member.refresh().status_code == 401
        assert member.password().json["code"] == "member_not_active"
    said = identity.said(CompanyChanged)[-1]
    assert (said.state, said.version) == (CompanyState.SUSPENDED, 2)
    revoked = identity.said(SessionsRevoked)[-1]
    assert (str(revoked.subject_id), revoked.lowest_generation) == (company, 2)
    act = identity.said(OperatorActed)[-1]
    assert (act.action, act.reason, act.before, act.after) == (
        "company.suspend",
        "대금 분쟁",
        {"state": "approved"},
        {"state": "suspended"},
    )
    again = admin.post(f"/admin/companies/{company}/suspend", reason="다시")
    assert (again.status_code, again.json["code"]) == (409, "company_state_refuses")
    assert admin.post(f"/admin/companies/{company}/resume", reason="해결").json["state"] == "approved"
    assert master.refresh().status_code == 401, "old sessions stay over"
    identity.advance(seconds=60)
    assert master.log_in().status_code == 200


@pytest.mark.rule("IDN-16")
def test_nobody_joins_a_suspended_company(
    identity: Identity, master: MemberAtWork, company: str, admin: OperatorAtWork
) -> None:
    invitee = identity.invite(master, "sub@example.co.kr")
    admin.post(f"/admin/companies/{company}/suspend", reason="대금 분쟁")
    assert invitee.look().json["code"] == "member_not_active"


@pytest.mark.rule("IDN-23")
def test_the_cash_like_permission_is_granted_with_a_limit_and_revoked(
    identity: Identity, company: str, admin: OperatorAtWork
) -> None:
    path = f"/admin/companies/{company}/cash-like"
    granted = admin.put(path, permitted=True, monthly_limit_krw=5_000_000, reason="계약")
    assert granted.json["cash_like"] == {"permitted": True, "monthly_limit_krw": 5_000_000}
    assert admin.put(path, permitted=True, monthly_limit_krw=0, reason="계약").status_code == 422
    assert admin.put(path, permitted=False, monthly_limit_krw=0, reason="해지").status_code == 200
    said = identity.said(CashLikeGranted)
    assert [(each.version, each.permitted, each.monthly_limit_krw) for each in said] == [
        (1, True, 5_000_000),
        (2, False, 0),
    ]
    assert identity.said(OperatorActed)[-1].before == {"permitted": True, "monthly_limit_krw": 5_000_000}


@pytest.mark.rule("IDN-25")
def test_changed_business_data_is_in_force_once_an_operator_approved(
    identity: Identity, master: MemberAtWork, company: str, admin: OperatorAtWork
) -> None:
    first = master.put("/v1/company", name="다우", representative_name="김대표")
    assert first.status_code == 202
    asked = master.put("/v1/company", name="다우유통", representative_name="박대표").json
    assert (asked["name"], asked["waiting_change"]["name"]) == ("다우상사", "다우유통")
    (waiting,) = admin.get("/admin/business-changes").json["items"]
    assert (waiting["name"], waiting["company_id"]) == ("다우유통", company)
    replaced = first.json["waiting_change"]["change_id"]
    stale = admin.post(f"/admin/business-changes/{replaced}/approve")
    assert (stale.status_code, stale.json["code"]) == (409, "changed_meanwhile")
    approved = admin.post(f"/admin/business-changes/{waiting['change_id']}/approve")
    assert approved.json["state"] == "approved"
    seen = master.get("/v1/company").json
    assert (seen["name"], seen["representative_name"], seen["waiting_change"]) == ("다우유통", "박대표", None)
    assert identity.said(CompanyChanged)[-1].name == "다우유통"


@pytest.mark.rule("IDN-25")
def test_a_rejected_change_leaves_everything_as_it_was(
    identity: Identity, master: MemberAtWork, admin: OperatorAtWork
) -> None:
    change_id = master.put("/v1/company", name="다우", representative_name="김대표").json["waiting_change"]["change_id"]
    path = f"/admin/business-changes/{change_id}/reject"
    assert admin.post(path).status_code == 422, "a rejection has a reason"
    assert admin.post(path, reason="증빙이 필요합니다.").json["reason"] == "증빙이 필요합니다."
    assert master.get("/v1/company").json["name"] == "다우상사"
    assert len(identity.said(CompanyChanged)) == 1


@pytest.mark.rule("IDN-24")
def test_roles_decide_what_an_operator_may_do(identity: Identity, company: str) -> None:
    identity.advance(seconds=60)
    allowed = {
        "support": {"suspend", "companies"},
        "finance": {"cash-like", "companies"},
        "catalog": set(),
        "admin": {"suspend", "cash-like", "companies", "audit"},
    }
    for role, may in allowed.items():
        operator = identity.operator(role, email=f"{role}@example.co.kr")
        status = {
            "companies": operator.get("/admin/companies").status_code,
            "suspend": operator.post(f"/admin/companies/{company}/suspend", reason="시험").status_code,
            "cash-like": operator.put(
                f"/admin/companies/{company}/cash-like", permitted=False, monthly_limit_krw=0, reason="시험"
            ).status_code,
            "audit": operator.get("/admin/audit-log").status_code,
        }
        assert {name for name, code in status.items() if code != 403} == may


@pytest.mark.rule("IDN-24")
def test_acts_are_found_paged_and_exported(identity: Identity, company: str, admin: OperatorAtWork) -> None:
    for act in ("suspend", "resume", "suspend"):
        identity.advance(seconds=1)
        assert admin.post(f"/admin/companies/{company}/{act}", reason=f"사유 {act}").status_code == 200
    identity.log_acts()
    found = admin.get("/admin/audit-log?action=company.suspend").json["items"]
    assert [item["reason"] for item in found] == ["사유 suspend", "사유 suspend"]
    assert found[0]["acted_at"] > found[1]["acted_at"]
    whole = admin.get(f"/admin/audit-log?company_id={company}").json["items"]
    assert [item["action"] for item in whole] == [
        "company.suspend",
        "company.resume",
        "company.suspend",
        "sign_up.approved",
    ]
    page = admin.get(f"/admin/audit-log?company_id={company}&limit=3").json
    rest = admin.get(f"/admin/audit-log?company_id={company}&limit=3&cursor={page['next_cursor']}").json
    assert page["items"] + rest["items"] == whole
    since = whole[1]["acted_at"].replace("+", "%2B")
    until = whole[0]["acted_at"].replace("+", "%2B")
    within = admin.get(f"/admin/audit-log?company_id={company}&since={since}&until={until}").json["items"]
    assert within == whole[1:2]
    export = admin.get("/admin/audit-log/export?action=company.resume")
    sheet = CalamineWorkbook.from_filelike(BytesIO(export.data)).get_sheet_by_name("감사 기록")
    head, row = sheet.to_python()
    assert (head[3], row[3], row[7], row[9]) == ("행위", "company.resume", "사유 resume", '{"state": "approved"}')


@pytest.mark.rule("IDN-24")
def test_queues_and_companies_are_narrowed_down(identity: Identity, company: str, admin: OperatorAtWork) -> None:
    identity.submitted(
        email="post@example.co.kr", business_number="116-82-00276", phone="01099998888", payment_method="postpaid"
    )

    def emails(query: str) -> list[str]:
        return [item["business_number"] for item in admin.get(f"/admin/sign-ups?{query}").json["items"]]

    assert emails("") == emails("payment_method=postpaid") == emails("text=116-82") == ["116-82-00276"]
    assert emails("payment_method=prepaid") == emails("text=nowhere") == []
    assert emails("state=approved") == ["220-81-02810"]

    def companies(query: str) -> list[str]:
        return [item["company_id"] for item in admin.get(f"/admin/companies?{query}").json["items"]]

    assert companies("") == companies("text=%EB%8B%A4%EC%9A%B0") == companies("state=approved") == [company]
    assert companies("state=suspended") == companies("payment_method=postpaid") == companies("text=%25") == []
    unknown = "0199aaaa-0000-7000-8000-000000000000"
    assert admin.get(f"/admin/companies/{unknown}").status_code == 404
    assert admin.post(f"/admin/companies/{unknown}/suspend", reason="없음").json["code"] == "company_not_found"
