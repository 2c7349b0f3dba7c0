"""로그인 of members over REST (manual 2-2)."""

import pytest
from identity_builders import PASSWORD
from identity_service import Identity, MemberAtWork
from joserfc import jws

from contracts.identity import SessionsRevoked
from contracts.messaging import CodePurpose, SendCode
from identity.application.signing_keys import rotate_signing_key


@pytest.fixture
def member(identity: Identity) -> MemberAtWork:
    return identity.member()


@pytest.mark.rule("IDN-09")
def test_password_then_code_then_tokens(identity: Identity, member: MemberAtWork) -> None:
    opened = member.password()
    assert opened.status_code == 201
    assert opened.json["phone_masked"] == "010-****-5678"
    assert opened.json["code_required"] is True
    answer = member.log_in()
    assert answer.status_code == 200
    assert (answer.json["token_type"], answer.json["expires_in_seconds"]) == ("Bearer", 900)
    assert member.me().json["email"] == "master@example.co.kr"


@pytest.mark.rule("IDN-09")
def test_no_code_is_sent_before_it_is_asked_for(identity: Identity, member: MemberAtWork) -> None:
    def login_codes() -> int:
        return sum(sent.purpose is CodePurpose.LOGIN for sent in identity.said(SendCode))

    challenge_id = member.password().json["challenge_id"]
    assert login_codes() == 0
    member.ask_code(challenge_id)
    assert login_codes() == 1


@pytest.mark.rule("IDN-09")
def test_a_login_without_or_with_a_wrong_code_gives_nothing(identity: Identity, member: MemberAtWork) -> None:
    challenge_id = member.password().json["challenge_id"]
    assert member.verify(challenge_id).json["code"] == "code_required"
    assert member.verify(challenge_id, code="123456").json["code"] == "code_not_requested"
    member.ask_code(challenge_id)
    right = identity.last_code(member.phone)
    wrong = "000000" if right != "000000" else "000001"
    answer = member.verify(challenge_id, code=wrong)
    assert (answer.status_code, answer.json["code"], answer.json["tries_left"]) == (422, "code_wrong", 4)


def test_a_challenge_gives_one_session_and_ends_after_ten_minutes(identity: Identity, member: MemberAtWork) -> None:
    challenge_id = member.password().json["challenge_id"]
    member.ask_code(challenge_id)
    code = identity.last_code(member.phone)
    assert member.verify(challenge_id, code=code).status_code == 200
    again = member.verify(challenge_id, code=code)
    assert (again.status_code, again.json["code"]) == (404, "login_not_found")
    late = member.password().json["challenge_id"]
    identity.advance(minutes=10)
    assert member.ask_code(late).json["code"] == "login_not_found"


@pytest.mark.rule("IDN-07")
def test_nobody_logs_in_before_an_operator_approved(identity: Identity) -> None:
    identity.submitted(email="early@example.co.kr")
    answer = MemberAtWork(identity, "early@example.co.kr", "01012345678").password()
    assert (answer.status_code, answer.json["code"]) == (401, "login_refused")


@pytest.mark.rule("IDN-12")
def test_a_wrong_password_and_an_unknown_address_are_answered_alike(identity: Identity, member: MemberAtWork) -> None:
    wrong = member.password("not the password")
    unknown = MemberAtWork(identity, "nobody@example.co.kr", "").password("not the password")
    assert wrong.status_code == unknown.status_code == 401
    assert without_ids(wrong.json) == without_ids(unknown.json)


@pytest.mark.rule("IDN-12")
def test_ten_wrong_passwords_lock_known_and_unknown_addresses_alike(identity: Identity, member: MemberAtWork) -> None:
    nobody = MemberAtWork(identity, "nobody@example.co.kr", "")
    for _ in range(10):
        assert member.password("wrong").status_code == nobody.password("wrong").status_code == 401
    locked, locked_nobody = member.password(), nobody.password()
    assert (locked.status_code, locked.json["code"]) == (429, "login_locked")
    assert without_ids(locked.json) == without_ids(locked_nobody.json)
    assert locked.headers["Retry-After"] == "900"
    identity.advance(minutes=15)
    assert member.password().status_code == 201


@pytest.mark.rule("IDN-12")
def test_nine_wrong_passwords_and_a_right_one_begin_the_count_anew(identity: Identity, member: MemberAtWork) -> None:
    for _ in range(2):
        for _ in range(9):
            assert member.password("wrong").status_code == 401
        assert member.password().status_code == 201


@pytest.mark.rule("IDN-11")
def test_a_trusted_address_skips_the_code(identity: Identity, member: MemberAtWork) -> None:
    assert member.log_in(address="203.0.113.7", trust_address=True).json["address_trusted"] is True
    opened = member.password(address="203.0.113.7").json
    assert opened["code_required"] is False
    assert member.verify(opened["challenge_id"]).status_code == 200
    assert member.password(address="203.0.113.8").json["code_required"] is True


@pytest.mark.rule("IDN-11")
def test_trust_takes_a_right_code(identity: Identity, member: MemberAtWork) -> None:
    challenge_id = member.password().json["challenge_id"]
    member.ask_code(challenge_id)
    member.verify(challenge_id, code="000000000000", trust_address=True)
    assert member.password().json["code_required"] is True


@pytest.mark.rule("IDN-11")
def test_at_most_ten_addresses_are_trusted(identity: Identity, member: MemberAtWork) -> None:
    for number in range(11):
        answer = member.log_in(address=f"203.0.113.{number}", trust_address=True)
        assert answer.json["address_trusted"] is (number < 10)
        identity.advance(seconds=60)
    assert member.password(address="203.0.113.9").json["code_required"] is False
    assert member.password(address="203.0.113.10").json["code_required"] is True


@pytest.mark.rule("IDN-13")
def test_an_access_token_lives_fifteen_minutes(identity: Identity, member: MemberAtWork) -> None:
    member.log_in()
    identity.advance(seconds=899)
    assert member.me().status_code == 200
    identity.advance(seconds=1)
    assert member.me().status_code == 401


@pytest.mark.rule("IDN-13")
def test_a_refresh_token_gives_the_next_pair(identity: Identity, member: MemberAtWork) -> None:
    first = member.log_in().json["refresh_token"]
    identity.advance(minutes=20)
    answer = member.refresh()
    assert answer.status_code == 200
    assert answer.json["refresh_token"] != first
    member.tokens = answer.json
    assert member.me().status_code == 200


@pytest.mark.rule("IDN-13")
def test_a_reused_refresh_token_ends_the_whole_family(identity: Identity, member: MemberAtWork) -> None:
    stolen = member.log_in().json["refresh_token"]
    member.tokens = member.refresh().json
    reused = member.refresh(stolen)
    assert (reused.status_code, reused.json["code"]) == (401, "refresh_reused")
    assert member.refresh().json["code"] == "refresh_refused"
    assert member.me().status_code == 401
    (revoked,) = identity.said(SessionsRevoked)
    assert revoked.lowest_generation == 2


@pytest.mark.rule("IDN-13")
def test_an_old_or_invented_refresh_token_is_refused(identity: Identity, member: MemberAtWork) -> None:
    member.log_in()
    assert member.refresh("invented").json["code"] == "refresh_refused"
    identity.advance(days=14)
    assert member.refresh().json["code"] == "refresh_refused"


@pytest.mark.rule("IDN-13")
def test_after_logout_neither_token_works_and_other_sessions_renew(identity: Identity, member: MemberAtWork) -> None:
    member.log_in()
    elsewhere = MemberAtWork(identity, member.email, member.phone)
    identity.advance(seconds=60)
    elsewhere.log_in()
    assert identity.api.delete("/v1/sessions/current", headers=member.headers).status_code == 204
    assert member.me().status_code == 401
    assert member.refresh().status_code == 401
    elsewhere.tokens = elsewhere.refresh().json
    assert elsewhere.me().status_code == 200


@pytest.mark.rule("IDN-13")
def test_logout_everywhere_ends_every_session(identity: Identity, member: MemberAtWork) -> None:
    member.log_in()
    elsewhere = MemberAtWork(identity, member.email, member.phone)
    identity.advance(seconds=60)
    elsewhere.log_in()
    member_id = member.member_id
    assert identity.api.delete("/v1/sessions", headers=member.headers).status_code == 204
    assert member.refresh().status_code == elsewhere.refresh().status_code == 401
    assert elsewhere.me().status_code == 401
    (revoked,) = identity.said(SessionsRevoked)
    assert (revoked.subject_id, revoked.lowest_generation) == (member_id, 2)


@pytest.mark.rule("IDN-13")
def test_keys_rotate_without_a_logout(identity: Identity, member: MemberAtWork) -> None:
    member.log_in()
    with identity.parts.begin() as uow:
        new_kid = rotate_signing_key(uow, identity.parts.signer)
    keys = identity.api.get("/.well-known/jwks.json").json["keys"]
    assert len(keys) == 2
    assert all("d" not in key for key in keys)
    assert member.me().status_code == 200
    member.tokens = member.refresh().json
    header = jws.extract_compact(member.tokens["access_token"].encode()).headers()
    assert (header["alg"], header["kid"]) == ("EdDSA", new_kid)
    identity.advance(minutes=17)
    assert [key["kid"] for key in identity.api.get("/.well-known/jwks.json").json["keys"]] == [new_kid]


def test_unknown_challenges_and_bad_bodies_are_refused(identity: Identity) -> None:
    unknown = "0199aaaa-0000-7000-8000-000000000000"
    assert identity.api.post(f"/v1/sessions/{unknown}/codes").status_code == 404
    assert identity.api.post(f"/v1/sessions/{unknown}/verify", json={}).status_code == 404
    assert identity.api.post("/v1/sessions", json={"email": 7, "password": PASSWORD}).status_code == 422
    assert identity.api.get("/v1/me").status_code == 401
    assert identity.api.delete("/v1/sessions/current").status_code == 401


def without_ids(problem: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in problem.items() if name != "correlation_id"}
