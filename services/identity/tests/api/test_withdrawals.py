"""서브회원 탈퇴 over REST and by ordering's answers (manual 3-2, 탈퇴 대기)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import time_machine
from identity_builders import JPEG, PDF, PNG
from identity_service import Identity, MemberAtWork, OperatorAtWork

from chassis.files import FileMissing
from contracts.audit import OperatorActed
from contracts.identity import MemberState, MemberStateChanged, SessionsRevoked
from identity.application.file_disposal import dispose_of_files
from identity.application.withdrawal_files import forget_stray_proofs


@pytest.fixture
def master(identity: Identity) -> MemberAtWork:
    member = identity.member()
    assert member.log_in().status_code == 200
    return member


@pytest.fixture
def sub(identity: Identity, master: MemberAtWork) -> MemberAtWork:
    return identity.sub_member(master)


@pytest.fixture
def support(identity: Identity) -> OperatorAtWork:
    return identity.operator("support")


def checked(identity: Identity, master: MemberAtWork, member_id: str, **counted: int) -> str:
    """[확인하기], and ordering's answer."""
    check = master.create(f"/v1/members/{member_id}/withdrawal-checks")
    assert (check.status_code, check.json["state"]) == (201, "waiting")
    identity.count_orders(identity.asked(), **counted)
    return str(check.json["check_id"])


def proof(master: MemberAtWork, content: bytes = PDF, name: str = "재직증명서.pdf") -> str:
    answer = master.upload("/v1/members/withdrawal-files", content, name)
    assert answer.status_code == 201, answer.json
    return str(answer.json["file_id"])


def requested(identity: Identity, master: MemberAtWork, member_id: str, *, files: int = 1) -> dict[str, Any]:
    """A request whose orders ordering has still to count."""
    body = {"check_id": checked(identity, master, member_id), "file_ids": [proof(master) for _ in range(files)]}
    answer = master.create(f"/v1/members/{member_id}/withdrawals", **body)
    assert answer.status_code == 201, answer.json
    return dict(answer.json)


def waiting(identity: Identity, master: MemberAtWork, member_id: str, *, files: int = 1) -> str:
    """A request that waits for an operator; its id."""
    withdrawal = requested(identity, master, member_id, files=files)
    identity.count_orders(identity.asked())
    return str(withdrawal["withdrawal_id"])


def state_of(master: MemberAtWork, member_id: str) -> str:
    (row,) = master.get("/v1/members?state=active&state=suspended&state=withdrawal_requested&state=withdrawn").json[
        "items"
    ]
    assert row["id"] == member_id
    return str(row["state"])


@pytest.mark.rule("IDN-20", "IDN-13")
def test_a_sub_member_is_withdrawn_by_check_request_review_and_a_last_count(
    identity: Identity, master: MemberAtWork, sub: MemberAtWork, support: OperatorAtWork
) -> None:
    member_id = str(sub.member_id)
    check_id = checked(identity, master, member_id, awaiting_choice=4)
    check = master.get(f"/v1/members/{member_id}/withdrawal-checks/{check_id}?wait_seconds=5").json
    assert (check["state"], check["hindrances"]) == ("passed", []), "coupons that await a choice do not hinder"
    assert identity.asked().subject_version == identity.said(MemberStateChanged)[-1].version, "the check freezes nobody"
    assert sub.me().status_code == 200
    file_ids = [
        proof(master, PDF, "재직증명서.pdf"),
        proof(master, PNG, "조직도.png"),
        proof(master, JPEG, "사원증.jpeg"),
    ]
    answer = master.create(f"/v1/members/{member_id}/withdrawals", check_id=check_id, file_ids=file_ids)
    assert (answer.status_code, answer.json["state"]) == (201, "checking")
    frozen = identity.said(MemberStateChanged)[-1]
    assert (str(frozen.member_id), frozen.state) == (member_id, MemberState.WITHDRAWAL_REQUESTED)
    asked = identity.asked()
    assert (str(asked.member_id), asked.subject_version) == (member_id, frozen.version)
    assert str(identity.said(SessionsRevoked)[-1].subject_id) == member_id
    assert (sub.me().status_code, sub.refresh().status_code) == (401, 401)
    refused = sub.password()
    assert (refused.status_code, refused.json["state"]) == (403, "withdrawal_requested")
    assert support.get("/admin/withdrawals").json["items"] == []
    identity.count_orders(asked)
    assert master.get(f"/v1/members/{member_id}/withdrawal").json["state"] == "waiting"
    (line,) = support.get("/admin/withdrawals").json["items"]
    review = support.get(f"/admin/withdrawals/{line['withdrawal_id']}").json
    assert (review["member_name"], review["company_name"]) == ("최서브", "다우상사")
    names = [(each["file_name"], each["content_type"]) for each in review["proofs"]]
    assert names == [
        ("재직증명서.pdf", "application/pdf"),
        ("조직도.png", "image/png"),
        ("사원증.jpeg", "image/jpeg"),
    ]
    approving = support.post(f"/admin/withdrawals/{line['withdrawal_id']}/approve").json
    assert approving["state"] == "approving"
    assert state_of(master, member_id) == "withdrawal_requested", "nothing is decided before the last count"
    identity.count_orders(identity.asked())
    assert support.get(f"/admin/withdrawals/{line['withdrawal_id']}").json["state"] == "approved"
    assert state_of(master, member_id) == "withdrawn"
    said = identity.said(MemberStateChanged)[-1]
    assert (said.state, said.version) == (MemberState.WITHDRAWN, frozen.version + 1)
    assert sub.password().json["code"] == "login_refused", "as for an address that nobody has"
    acts = [(act.action, act.before, act.after) for act in identity.said(OperatorActed) if "withdrawal" in act.action]
    assert acts == [
        ("withdrawal.approving", {"state": "waiting"}, {"state": "approving", "hindrances": {}}),
        ("withdrawal.approved", {"state": "approving"}, {"state": "approved", "hindrances": {}}),
    ]


@pytest.mark.rule("IDN-20")
@pytest.mark.parametrize(("counted", "kind"), [("scheduled", "scheduled_orders"), ("sending", "sending_orders")])
def test_a_check_that_finds_an_open_order_names_it_and_lets_no_request_through(
    identity: Identity, master: MemberAtWork, sub: MemberAtWork, counted: str, kind: str
) -> None:
    path = f"/v1/members/{sub.member_id}"
    check_id = checked(identity, master, str(sub.member_id), **{counted: 2})
    check = master.get(f"{path}/withdrawal-checks/{check_id}").json
    assert (check["state"], check["hindrances"][0]["kind"], check["hindrances"][0]["count"]) == ("hindered", kind, 2)
    answer = master.create(f"{path}/withdrawals", check_id=check_id, file_ids=[proof(master)])
    assert (answer.status_code, answer.json["code"]) == (409, "withdrawal_check_needed")
    assert sub.me().status_code == 200


@pytest.mark.rule("IDN-20")
def test_a_request_needs_a_passed_check_that_is_not_old_and_one_to_three_proofs(
    identity: Identity, master: MemberAtWork, sub: MemberAtWork
) -> None:
    path = f"/v1/members/{sub.member_id}/withdrawals"
    unanswered = master.create(f"/v1/members/{sub.member_id}/withdrawal-checks").json["check_id"]
    file_id = proof(master)
    assert master.create(path, check_id=unanswered, file_ids=[file_id]).json["code"] == "withdrawal_check_needed"
    assert master.create(path, check_id=str(uuid4()), file_ids=[file_id]).json["code"] == "withdrawal_check_not_found"
    check_id = checked(identity, master, str(sub.member_id))
    for file_ids in ([], [file_id, *(proof(master) for _ in range(3))]):
        answer = master.create(path, check_id=check_id, file_ids=file_ids)
        assert (answer.status_code, answer.json["code"]) == (422, "proof_count_refused")
    unknown = master.create(path, check_id=check_id, file_ids=[str(uuid4())])
    assert (unknown.status_code, unknown.json["code"]) == (404, "proof_not_found")
    assert sub.me().status_code == 200, "a refused request changes nothing"
    identity.advance(minutes=10)
    identity.advance(minutes=20, seconds=1)
    master.log_in()
    assert master.create(path, check_id=check_id, file_ids=[file_id]).json["code"] == "withdrawal_check_needed"


@pytest.mark.rule("IDN-20")
def test_a_proof_is_a_picture_or_a_pdf_by_its_content_of_at_most_10_megabytes(master: MemberAtWork) -> None:
    path = "/v1/members/withdrawal-files"
    refused = master.upload(path, b"MZ\x90\x00 a program", "재직증명서.pdf")
    assert (refused.status_code, refused.json["code"]) == (422, "proof_refused")
    assert master.upload(path, PNG + bytes(10_485_760 - len(PNG)), "조직도.png").status_code == 201
    large = master.upload(path, PNG + bytes(10_485_760 - len(PNG) + 1), "조직도.png")
    assert (large.status_code, large.json["code"]) == (413, "proof_too_large")


@pytest.mark.rule("IDN-20")
def test_an_order_that_came_between_check_and_request_refuses_it_and_gives_the_member_back(
    identity: Identity, master: MemberAtWork, sub: MemberAtWork, support: OperatorAtWork
) -> None:
    member_id = str(sub.member_id)
    requested(identity, master, member_id)
    identity.count_orders(identity.asked(), sending=1)
    seen = master.get(f"/v1/members/{member_id}/withdrawal").json
    assert (seen["state"], seen["hindrances"][0]["ko"]) == ("refused", "발송 진행 중 1건")
    assert identity.said(MemberStateChanged)[-1].state is MemberState.ACTIVE
    identity.advance(seconds=60)
    assert sub.log_in().status_code == 200
    assert support.get("/admin/withdrawals").json["items"] == []


@pytest.mark.rule("IDN-20")
def test_an_approval_that_finds_an_open_order_withdraws_nobody_and_can_be_made_again(
    identity: Identity, master: MemberAtWork, sub: MemberAtWork, support: OperatorAtWork
) -> None:
    member_id = str(sub.member_id)
    path = f"/admin/withdrawals/{waiting(identity, master, member_id)}"
    support.post(f"{path}/approve")
    first = identity.asked()
    again = support.post(f"{path}/approve")
    assert (again.status_code, again.json["code"], again.json["state"]) == (
        409,
        "withdrawal_state_refuses",
        "approving",
    )
    identity.count_orders(first, scheduled=1)
    seen = support.get(path).json
    assert (seen["state"], seen["hindrances"][0]["kind"]) == ("waiting", "scheduled_orders")
    assert state_of(master, member_id) == "withdrawal_requested"
    support.post(f"{path}/approve")
    identity.count_orders(first)
    assert support.get(path).json["state"] == "approving", "an answer to an earlier question decides nothing"
    identity.count_orders(identity.asked())
    assert state_of(master, member_id) == "withdrawn"


@pytest.mark.rule("IDN-20")
@pytest.mark.parametrize("former", ["active", "suspended"])
def test_a_rejection_has_a_reason_and_leads_back_to_the_former_state(
    identity: Identity, master: MemberAtWork, sub: MemberAtWork, support: OperatorAtWork, former: str
) -> None:
    member_id = str(sub.member_id)
    if former == "suspended":
        assert master.post(f"/v1/members/{member_id}/suspend").status_code == 200
    path = f"/admin/withdrawals/{waiting(identity, master, member_id)}"
    assert support.post(f"{path}/reject").status_code == 422
    answer = support.post(f"{path}/reject", reason="재직증명서를 확인할 수 없습니다.")
    assert (answer.json["state"], answer.json["reason"]) == ("rejected", "재직증명서를 확인할 수 없습니다.")
    seen = master.get(f"/v1/members/{member_id}/withdrawal").json
    assert (seen["state"], seen["reason"]) == ("rejected", "재직증명서를 확인할 수 없습니다.")
    assert state_of(master, member_id) == former
    identity.count_orders(identity.asked())
    assert state_of(master, member_id) == former, "a late answer changes nothing"
    second = requested(identity, master, member_id)
    assert second["state"] == "checking", "it can be requested again"


@pytest.mark.rule("IDN-20", "IDN-22")
def test_only_the_own_master_withdraws_and_files_of_others_are_not_there(
    identity: Identity, master: MemberAtWork, sub: MemberAtWork
) -> None:
    member_id = str(sub.member_id)
    stranger = identity.member(email="other@example.co.kr", business_number="116-82-00276", phone="01077776666")
    stranger.log_in()
    check_id, file_id = checked(identity, master, member_id), proof(stranger)
    path = f"/v1/members/{member_id}"
    assert stranger.create(f"{path}/withdrawal-checks").json["code"] == "member_not_found"
    assert stranger.get(f"{path}/withdrawal-checks/{check_id}").json["code"] == "withdrawal_check_not_found"
    assert stranger.get(f"{path}/withdrawal").json["code"] == "member_not_found"
    stolen = stranger.create(f"{path}/withdrawals", check_id=check_id, file_ids=[file_id])
    assert stolen.json["code"] == "withdrawal_check_not_found"
    borrowed = master.create(f"{path}/withdrawals", check_id=check_id, file_ids=[file_id])
    assert borrowed.json["code"] == "proof_not_found"
    assert sub.create(f"{path}/withdrawal-checks").status_code == 403
    own = f"/v1/members/{master.member_id}"
    assert master.create(f"{own}/withdrawal-checks").json["code"] == "member_not_found", "no master is withdrawn"


@pytest.mark.rule("IDN-20")
def test_the_same_request_again_is_one_request(identity: Identity, master: MemberAtWork, sub: MemberAtWork) -> None:
    member_id = str(sub.member_id)
    body = {"check_id": checked(identity, master, member_id), "file_ids": [proof(master)]}
    path = f"/v1/members/{member_id}/withdrawals"
    first, second = (master.create(path, key="once", **body) for _ in range(2))
    assert (first.status_code, first.json["withdrawal_id"]) == (second.status_code, second.json["withdrawal_id"])
    again = master.create(path, **body)
    assert (again.status_code, again.json["code"]) == (409, "state_refuses")


@pytest.mark.rule("IDN-20", "IDN-24")
def test_support_and_admin_decide_others_do_not(identity: Identity, master: MemberAtWork, sub: MemberAtWork) -> None:
    path = f"/admin/withdrawals/{waiting(identity, master, str(sub.member_id))}"
    identity.advance(seconds=60)
    for role, (reads, decides) in {"finance": (200, 403), "catalog": (403, 403), "admin": (200, 200)}.items():
        operator = identity.operator(role, email=f"{role}@example.co.kr")
        assert operator.get(path).status_code == reads
        assert operator.post(f"{path}/reject", reason="시험").status_code == decides


@pytest.mark.rule("IDN-20")
def test_proofs_are_read_by_operators_through_links_that_end(
    identity: Identity, master: MemberAtWork, sub: MemberAtWork, support: OperatorAtWork
) -> None:
    path = f"/admin/withdrawals/{waiting(identity, master, str(sub.member_id))}"
    (linked,) = support.get(path).json["proofs"]
    link = urlsplit(linked["url"]).path.replace("/admin/identity/", "/admin/")
    assert identity.admin.get(link).data == PDF
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=5, seconds=1)):
        assert identity.admin.get(link).status_code == 404


@pytest.mark.rule("IDN-20")
def test_proofs_of_requests_that_never_came_are_forgotten_after_a_day(
    identity: Identity, master: MemberAtWork, sub: MemberAtWork
) -> None:
    waiting(identity, master, str(sub.member_id))
    stray = proof(master)
    company_id = master.me().json["company_id"]
    identity.advance(days=1, seconds=1)
    assert forget_stray_proofs(identity.parts.begin)
    assert not forget_stray_proofs(identity.parts.begin)
    assert dispose_of_files(identity.parts.begin, identity.parts.files)
    with pytest.raises(FileMissing):
        identity.parts.files.get(f"withdrawals/{company_id}/{stray}")
