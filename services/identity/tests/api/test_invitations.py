"""서브회원 초대 over REST (manual 3-1)."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from identity_builders import PASSWORD
from identity_service import Identity, MemberAtWork

from chassis.testing.events import deliver
from contracts.identity import MemberInvited, MemberState, MemberStateChanged
from contracts.messaging import SendCode
from contracts.scheduler import CancelTimer, SetTimer, TimerFired
from identity import main
from identity.domain.deadline import end_of_days_after

SUB = "sub@example.co.kr"
ROWS = "/v1/members/invitations"


@pytest.fixture
def master(identity: Identity) -> MemberAtWork:
    member = identity.member()
    assert member.log_in().status_code == 200
    return member


def a_row(email: str, name: str = "최서브", phone: str = "010-2222-3333") -> dict[str, str]:
    return {"email": email, "name": name, "phone": phone}


@pytest.mark.rule("IDN-15")
def test_each_row_succeeds_or_fails_by_itself(identity: Identity, master: MemberAtWork) -> None:
    identity.submitted(email="waiting@example.co.kr", business_number="116-82-00276", phone="01099998888")
    rows = [
        a_row(SUB),
        a_row("master@example.co.kr"),
        a_row("waiting@example.co.kr"),
        a_row(SUB.upper()),
        a_row("no address"),
        {"email": "other@example.co.kr"},
        a_row("other@example.co.kr"),
    ]
    answer = master.post(ROWS, rows=rows)
    assert answer.status_code == 200
    assert (answer.json["invited"], answer.json["failed"]) == (2, 5)
    assert [item["fault"] and item["fault"]["code"] for item in answer.json["items"]] == [
        None,
        "registered",
        "registered",
        "repeated",
        "email_invalid",
        "name_invalid",
        None,
    ]
    assert answer.json["items"][1]["fault"]["ko"] == "이미 등록되어 있는 이메일주소입니다."
    assert len(identity.said(MemberInvited)) == 2
    again = master.post(ROWS, rows=[a_row(SUB)])
    assert again.json["items"][0]["fault"]["code"] == "pending"


@pytest.mark.rule("IDN-15")
def test_a_hundred_rows_go_at_once_and_one_more_does_not(identity: Identity, master: MemberAtWork) -> None:
    rows = [a_row(f"sub{number}@example.co.kr") for number in range(101)]
    refused = master.post(ROWS, rows=rows)
    assert (refused.status_code, refused.json["code"], refused.json["rows_max"]) == (422, "too_many_rows", 100)
    assert master.post(ROWS, rows=[]).status_code == 422
    assert identity.said(MemberInvited) == []
    assert master.post(ROWS, rows=rows[:100]).json["invited"] == 100


@pytest.mark.rule("IDN-16")
def test_the_mail_names_the_inviter_and_its_link_opens_the_joining_page(
    identity: Identity, master: MemberAtWork
) -> None:
    invitee = identity.invite(master, SUB)
    (mail,) = identity.said(MemberInvited)
    assert (mail.inviter_name, mail.invitee_name, mail.company_name) == ("이마스터", "최서브", "다우상사")
    assert identity.parts.sealer.open_text(mail.email) == SUB
    assert invitee.link.startswith("https://pages.example.co.kr/invitations#")
    seen = invitee.look().json
    assert seen["expires_at"] == end_of_days_after(identity.clock.now(), 14).isoformat().replace("+00:00", "Z")
    assert (seen["inviter_name"], seen["email"], seen["name"]) == ("이마스터", SUB, "최서브")
    assert (seen["phone_masked"], seen["phone_proven"]) == ("010-****-3333", False)


@pytest.mark.rule("IDN-16", "IDN-07")
def test_who_proves_the_very_phone_joins_at_once_and_logs_in(identity: Identity, master: MemberAtWork) -> None:
    invitee = identity.invite(master, SUB)
    assert invitee.join().json["code"] == "phone_not_proven"
    assert invitee.prove().json["phone_proven"] is True
    sent = identity.said(SendCode)[-1]
    assert identity.parts.sealer.open_text(sent.to) == "01022223333"
    joined = invitee.join(department="영업팀", title="대리")
    assert joined.status_code == 201
    assert joined.json["member_id"] == invitee.invitation_id
    said = identity.said(MemberStateChanged)[-1]
    assert (said.state, said.role, said.department) == (MemberState.ACTIVE, "sub", "영업팀")
    sub = MemberAtWork(identity, SUB, "01022223333")
    assert sub.log_in().status_code == 200
    assert (sub.me().json["role"], sub.me().json["company_id"]) == ("sub", master.me().json["company_id"])
    assert invitee.look().status_code == 404
    assert identity.said(CancelTimer)[-1].key == f"invitation-expiry/{invitee.invitation_id}"


@pytest.mark.rule("IDN-16")
@pytest.mark.parametrize("field", ["email", "name", "phone"])
def test_email_name_and_phone_cannot_be_changed_while_joining(
    identity: Identity, master: MemberAtWork, field: str
) -> None:
    invitee = identity.invite(master, SUB)
    invitee.prove()
    answer = invitee.join(**{field: "other@example.co.kr"})
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)
    assert invitee.look().status_code == 200


@pytest.mark.rule("IDN-16", "IDN-06", "IDN-12")
def test_joining_takes_the_required_terms_and_a_good_password(identity: Identity, master: MemberAtWork) -> None:
    invitee = identity.invite(master, SUB)
    invitee.prove()
    assert invitee.join(agreed=[]).json["code"] == "terms_not_agreed"
    assert invitee.join(password="password12").json["code"] == "password_refused"
    assert invitee.join(password=PASSWORD).status_code == 201


@pytest.mark.rule("IDN-16")
def test_a_wrong_code_or_an_invented_link_opens_nothing(identity: Identity, master: MemberAtWork) -> None:
    invitee = identity.invite(master, SUB)
    assert invitee.post("phone-codes/check", code="123456").json["code"] == "code_not_requested"
    invitee.post("phone-codes")
    wrong = "000000" if identity.last_code(invitee.phone) != "000000" else "000001"
    assert invitee.post("phone-codes/check", code=wrong).json["code"] == "code_wrong"
    headers = {"Invitation-Token": "invented"}
    assert identity.api.get("/v1/invitations/current", headers=headers).json["code"] == "invitation_not_found"
    assert identity.api.get("/v1/invitations/current").json["code"] == "invitation_not_found"


@pytest.mark.rule("IDN-17")
def test_after_fourteen_days_the_invitation_is_deleted(identity: Identity, master: MemberAtWork) -> None:
    invitee = identity.invite(master, SUB)
    timer = identity.said(SetTimer)[-1]
    assert timer.due_at == end_of_days_after(identity.clock.now(), 14)
    lane = next(each for each in main.consumers_of(identity.parts, identity.settings) if each.queue.lane == "timers")
    fired = TimerFired(
        timer_id=uuid4(), asker="identity", key=timer.key, version=1, due_at=timer.due_at, fired_at=timer.due_at
    )
    deliver(lane, fired)
    assert invitee.look().status_code == 200, "a timer that fires early deletes nothing"
    identity.clock.set(timer.due_at)
    assert invitee.look().status_code == 404, "its days are over, whether or not the timer was heard"
    deliver(lane, fired, times=2)
    with identity.parts.begin() as uow:
        assert uow.invitations.get_for_update(UUID(invitee.invitation_id)) is None


@pytest.mark.rule("IDN-17")
def test_sent_again_the_old_link_opens_nothing_and_the_days_begin_anew(
    identity: Identity, master: MemberAtWork
) -> None:
    invitee = identity.invite(master, SUB)
    old = invitee.headers
    too_soon = master.post(f"{ROWS}/{invitee.invitation_id}/resend")
    assert (too_soon.status_code, too_soon.headers["Retry-After"]) == (429, "60")
    identity.clock.advance(timedelta(minutes=5))
    again = master.post(f"{ROWS}/{invitee.invitation_id}/resend")
    assert again.status_code == 200
    assert identity.api.get("/v1/invitations/current", headers=old).status_code == 404
    assert invitee.look().status_code == 200
    assert [(timer.version, timer.key) for timer in identity.said(SetTimer)[-2:]] == [
        (1, f"invitation-expiry/{invitee.invitation_id}"),
        (2, f"invitation-expiry/{invitee.invitation_id}"),
    ]


@pytest.mark.rule("IDN-17")
def test_a_withdrawn_invitation_opens_nothing_and_frees_the_address(identity: Identity, master: MemberAtWork) -> None:
    invitee = identity.invite(master, SUB)
    assert master.delete(f"{ROWS}/{invitee.invitation_id}").status_code == 204
    assert invitee.look().status_code == 404
    assert master.delete(f"{ROWS}/{invitee.invitation_id}").status_code == 404
    assert master.post(ROWS, rows=[a_row(SUB)]).json["invited"] == 1


@pytest.mark.rule("IDN-22")
def test_another_company_and_a_sub_member_touch_no_invitation(identity: Identity, master: MemberAtWork) -> None:
    invitee = identity.invite(master, "waits@example.co.kr")
    stranger = identity.member(email="other@example.co.kr", business_number="116-82-00276", phone="01077776666")
    stranger.log_in()
    assert stranger.post(f"{ROWS}/{invitee.invitation_id}/resend").status_code == 404
    assert stranger.delete(f"{ROWS}/{invitee.invitation_id}").status_code == 404
    sub = identity.sub_member(master)
    assert sub.post(ROWS, rows=[a_row("x@example.co.kr")]).status_code == 403
    assert sub.delete(f"{ROWS}/{invitee.invitation_id}").status_code == 403


@pytest.mark.rule("IDN-04")
def test_an_address_that_was_registered_meanwhile_cannot_join(identity: Identity, master: MemberAtWork) -> None:
    invitee = identity.invite(master, SUB)
    invitee.prove()
    identity.member(email=SUB, business_number="116-82-00276", phone="01077776666")
    assert invitee.join().json["code"] == "email_in_use"
