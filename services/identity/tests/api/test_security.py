"""보안 설정 over REST: forgotten passwords, secure login, trusted addresses (manual 2-2)."""

import pytest
from identity_builders import PASSWORD
from identity_service import Identity, MemberAtWork
from werkzeug.test import TestResponse

from contracts.identity import PasswordResetMade, SessionsRevoked
from contracts.messaging import CodePurpose, SendCode
from identity import main

NEW = "수줍은 노란 거북이 9"
HOME = "203.0.113.7"


@pytest.fixture
def member(identity: Identity) -> MemberAtWork:
    member = identity.member()
    assert member.log_in().status_code == 200
    return member


def forget(identity: Identity, email: str) -> TestResponse:
    answer = identity.api.post("/v1/password-resets", json={"email": email})
    (mail,) = [loop.step for loop in main.loops_of(identity.parts, identity.settings) if loop.name.endswith("resets")]
    assert mail()
    assert not mail()
    return answer


def last_token(identity: Identity) -> str:
    link = identity.parts.sealer.open_text(identity.said(PasswordResetMade)[-1].link)
    assert link.startswith("https://pages.example.co.kr/password-resets#")
    return link.partition("#")[2]


def renew(identity: Identity, token: str, password: str = NEW) -> TestResponse:
    headers = {"Reset-Token": token}
    return identity.api.put("/v1/password-resets/current", json={"password": password}, headers=headers)


@pytest.mark.rule("IDN-14", "IDN-13")
def test_a_mailed_link_sets_a_new_password_once_and_ends_every_session(
    identity: Identity, member: MemberAtWork
) -> None:
    assert forget(identity, " MASTER@example.co.kr ").status_code == 202
    (mail,) = identity.said(PasswordResetMade)
    assert identity.parts.sealer.open_text(mail.email) == "master@example.co.kr"
    token = last_token(identity)
    assert renew(identity, token, "password12").json["code"] == "password_refused"
    assert renew(identity, token).status_code == 204
    assert member.me().status_code == member.refresh().status_code == 401
    assert identity.said(SessionsRevoked)[-1].lowest_generation == 2
    assert member.password(PASSWORD).status_code == 401
    assert member.password(NEW).json["code_required"] is True
    again = renew(identity, token)
    assert (again.status_code, again.json["code"]) == (404, "reset_link_refused")


@pytest.mark.rule("IDN-14")
def test_a_link_is_over_after_thirty_minutes_and_replaced_by_a_later_one(
    identity: Identity, member: MemberAtWork
) -> None:
    forget(identity, member.email)
    first = last_token(identity)
    forget(identity, member.email)
    assert len(identity.said(PasswordResetMade)) == 1, "a mailbox is not written to twice within a minute"
    identity.advance(seconds=60)
    forget(identity, member.email)
    second = last_token(identity)
    assert renew(identity, first).json["code"] == "reset_link_refused"
    identity.advance(minutes=30)
    assert renew(identity, second).json["code"] == "reset_link_refused"
    assert renew(identity, "invented").json["code"] == "reset_link_refused"


@pytest.mark.rule("IDN-14", "IDN-12")
def test_nobody_learns_from_the_answer_whether_an_address_has_a_login(identity: Identity, member: MemberAtWork) -> None:
    known, unknown = forget(identity, member.email), forget(identity, "nobody@example.co.kr")
    assert (known.status_code, known.data) == (unknown.status_code, unknown.data) == (202, b"")
    assert len(identity.said(PasswordResetMade)) == 1


@pytest.mark.rule("IDN-13")
def test_who_knows_the_present_password_changes_it_and_logs_in_again(identity: Identity, member: MemberAtWork) -> None:
    wrong = member.put("/v1/me/password", present_password="wrong", password=NEW)
    assert (wrong.status_code, wrong.json["code"]) == (401, "login_refused")
    assert member.put("/v1/me/password", present_password=PASSWORD, password=NEW).status_code == 204
    assert member.me().status_code == member.refresh().status_code == 401
    assert member.password(NEW).status_code == 201


@pytest.mark.rule("IDN-10")
def test_secure_login_is_switched_off_and_on_with_a_code_each_time(identity: Identity, member: MemberAtWork) -> None:
    for enabled in (False, True):
        identity.advance(seconds=60)
        sent = member.post("/v1/me/secure-login/codes")
        assert sent.status_code == 200
        assert identity.said(SendCode)[-1].purpose is CodePurpose.SETTINGS
        body = {"enabled": enabled, "code_id": sent.json["code_id"]}
        code = identity.last_code(member.phone)
        wrong = "000000" if code != "000000" else "000001"
        assert member.put("/v1/me/secure-login", **body, code=wrong).json["code"] == "code_wrong"
        assert member.me().json["secure_login"] is not enabled
        assert member.put("/v1/me/secure-login", **body, code=code).json["secure_login"] is enabled
        assert member.put("/v1/me/secure-login", **body, code=code).json["code"] == "code_used"
        assert member.password().json["code_required"] is enabled


@pytest.mark.rule("IDN-10")
def test_a_code_of_a_login_or_of_somebody_else_switches_nothing(identity: Identity, member: MemberAtWork) -> None:
    other = identity.member(email="other@example.co.kr", business_number="116-82-00276", phone="01077776666")
    other.log_in()
    sent = other.post("/v1/me/secure-login/codes").json
    body = {"enabled": False, "code_id": sent["code_id"], "code": identity.last_code(other.phone)}
    assert member.put("/v1/me/secure-login", **body).json["code"] == "code_expired"
    assert member.me().json["secure_login"] is True


@pytest.mark.rule("IDN-11")
def test_a_member_lists_and_revokes_trusted_addresses(identity: Identity, member: MemberAtWork) -> None:
    for address in ("198.51.100.4", "2001:db8::1"):
        identity.advance(seconds=60)
        assert member.log_in(address=address, trust_address=True).json["address_trusted"] is True
    networks = [each["network"] for each in member.get("/v1/me/trusted-addresses").json["items"]]
    assert networks == ["198.51.100.4", "2001:db8::/64"]
    assert member.delete("/v1/me/trusted-addresses?network=2001:db8::/64").status_code == 204
    assert member.password(address="2001:db8::2").json["code_required"] is True
    assert member.password(address="198.51.100.4").json["code_required"] is False
    again = member.delete("/v1/me/trusted-addresses?network=2001:db8::/64")
    assert (again.status_code, again.json["code"]) == (404, "trusted_address_not_found")


@pytest.mark.rule("IDN-12", "IDN-11")
def test_a_stranger_cannot_lock_a_member_out_of_a_trusted_address(identity: Identity, member: MemberAtWork) -> None:
    identity.advance(seconds=60)
    member.log_in(address=HOME, trust_address=True)
    for _ in range(10):
        assert member.password("wrong", address="198.51.100.66").status_code == 401
    assert member.password(address="198.51.100.66").json["code"] == "login_locked"
    assert member.password(address=HOME).status_code == 201
    for _ in range(10):
        assert member.password("wrong", address=HOME).status_code == 401
    assert member.password(address=HOME).json["code"] == "login_locked", "tries from there are counted too"


@pytest.mark.rule("IDN-06")
def test_a_new_required_version_is_asked_for_at_the_next_login(identity: Identity, member: MemberAtWork) -> None:
    assert member.password().json["terms"] == []
    with identity.database.transaction() as session:
        session.connection().exec_driver_sql(
            "INSERT INTO terms_documents VALUES ('service', 2, '서비스 이용약관', '…', true, %s)",
            (identity.clock.now(),),
        )
    assert member.refresh().status_code == 200, "who is logged in stays so"
    identity.advance(seconds=60)
    opened = member.password().json
    assert opened["terms"] == [{"code": "service", "version": 2, "title": "서비스 이용약관"}]
    member.ask_code(opened["challenge_id"])
    code = identity.last_code(member.phone)
    refused = member.verify(opened["challenge_id"], code=code)
    assert (refused.status_code, refused.json["code"], refused.json["codes"]) == (422, "terms_not_agreed", ["service"])
    agreed = [{"code": "service", "version": 2}]
    assert member.verify(opened["challenge_id"], code=code, agreed=agreed).status_code == 200
    assert member.password().json["terms"] == []
    with identity.database.transaction() as session:
        kept = session.connection().exec_driver_sql(
            "SELECT agreed_from FROM member_agreements WHERE code = 'service' AND version = 2"
        )
        assert kept.all() == [("203.0.113.7",)]
