"""내 정보 over REST: what a member changes of the own data (IDN-25)."""

import pytest
from identity_service import Identity, MemberAtWork

from contracts.identity import MemberStateChanged


@pytest.fixture
def member(identity: Identity) -> MemberAtWork:
    member = identity.member()
    assert member.log_in().status_code == 200
    return member


@pytest.mark.rule("IDN-25")
def test_name_department_and_title_are_changed_and_told(identity: Identity, member: MemberAtWork) -> None:
    answer = member.put("/v1/me", name="이마스터", department="총무팀", title="부장")
    assert (answer.status_code, answer.json["department"], answer.json["title"]) == (200, "총무팀", "부장")
    said = identity.said(MemberStateChanged)[-1]
    assert (said.version, said.department) == (2, "총무팀")
    assert member.put("/v1/me", name="").status_code == 422
    assert member.put("/v1/me", name="이", email="other@example.co.kr").status_code == 422


@pytest.mark.rule("IDN-25", "IDN-05")
def test_a_new_phone_takes_the_code_that_went_to_it(identity: Identity, member: MemberAtWork) -> None:
    phone = "01033334444"
    sent = member.post("/v1/me/phone-codes", phone="010-3333-4444").json
    code = identity.last_code(phone)
    other = member.put("/v1/me/phone", phone="01055556666", code_id=sent["code_id"], code=code)
    assert other.json["code"] == "code_expired", "a code proves the number that it went to, and no other"
    assert member.me().json["phone"] == "01012345678"
    changed = member.put("/v1/me/phone", phone=phone, code_id=sent["code_id"], code=code)
    assert changed.json["phone"] == phone
    said = identity.said(MemberStateChanged)[-1]
    assert identity.parts.sealer.open_text(said.phone) == phone
    challenge_id = member.password().json["challenge_id"]
    assert member.ask_code(challenge_id).status_code == 202
    assert member.verify(challenge_id, code=identity.last_code(phone)).status_code == 200
