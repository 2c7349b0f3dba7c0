"""Proving address and phone of an applicant (manual 2-1)."""

import pytest
from identity_service import Applicant, Identity
from werkzeug.test import TestResponse

from contracts.messaging import CodeChannel, SendCode


@pytest.fixture
def applicant(identity: Identity) -> Applicant:
    return identity.start()


@pytest.mark.rule("IDN-04", "IDN-05")
def test_codes_of_six_digits_go_sealed_to_mail_and_phone(identity: Identity, applicant: Applicant) -> None:
    applicant.post("email-codes", email="Master@Example.co.kr")
    applicant.post("phone-codes", phone="010-1234-5678")
    mail, sms = identity.said(SendCode)
    assert (mail.channel, sms.channel) == (CodeChannel.MAIL, CodeChannel.SMS)
    assert identity.parts.sealer.open_text(mail.to) == "master@example.co.kr"
    assert identity.parts.sealer.open_text(sms.to) == "01012345678"
    code = identity.last_code("01012345678")
    assert len(code) == 6
    assert code.isdigit()
    assert (sms.expires_at - identity.clock.now()).total_seconds() == 180


@pytest.mark.rule("IDN-05")
def test_a_code_lives_three_minutes(identity: Identity, applicant: Applicant) -> None:
    applicant.post("phone-codes", phone="01012345678")
    identity.advance(seconds=180)
    answer = applicant.post("phone-codes/check", code=identity.last_code("01012345678"))
    assert (answer.status_code, answer.json["code"]) == (422, "code_expired")


@pytest.mark.rule("IDN-05")
def test_a_code_has_five_tries(identity: Identity, applicant: Applicant) -> None:
    applicant.post("phone-codes", phone="01012345678")
    right = identity.last_code("01012345678")
    wrong = "000000" if right != "000000" else "000001"
    for left in (4, 3, 2, 1, 0):
        answer = applicant.post("phone-codes/check", code=wrong)
        assert (answer.status_code, answer.json["code"], answer.json["tries_left"]) == (422, "code_wrong", left)
    answer = applicant.post("phone-codes/check", code=right)
    assert (answer.status_code, answer.json["code"]) == (429, "code_limit_reached")


@pytest.mark.rule("IDN-05")
def test_a_code_is_sent_again_after_a_minute_and_not_before(identity: Identity, applicant: Applicant) -> None:
    applicant.post("phone-codes", phone="01012345678")
    identity.advance(seconds=59)
    soon = applicant.post("phone-codes", phone="01012345678")
    assert (soon.status_code, soon.json["code"], soon.headers["Retry-After"]) == (429, "code_too_soon", "1")
    identity.advance(seconds=1)
    assert applicant.post("phone-codes", phone="01012345678").status_code == 200


def test_a_code_before_one_was_asked_for_is_refused(applicant: Applicant) -> None:
    for channel in ("email", "phone"):
        answer = applicant.post(f"{channel}-codes/check", code="123456")
        assert (answer.status_code, answer.json["code"]) == (409, "code_not_requested")


@pytest.mark.rule("IDN-01")
def test_another_phone_or_address_after_the_proof_undoes_it(identity: Identity, applicant: Applicant) -> None:
    assert applicant.prove_phone("01012345678").json["phone"]["proven"]
    assert applicant.prove_email("a@example.co.kr").json["email"]["proven"]
    applicant.post("phone-codes", phone="01099998888")
    applicant.post("email-codes", email="b@example.co.kr")
    assert {"phone", "email"} <= set(applicant.get()["missing"])


@pytest.mark.rule("IDN-04")
def test_an_address_in_use_is_refused_to_its_owner_and_says_nothing_to_a_stranger(identity: Identity) -> None:
    identity.submitted(email="taken@example.co.kr")
    identity.advance(seconds=60)
    stranger = identity.start()
    asked = stranger.post("email-codes", email="taken@example.co.kr")
    free = identity.start().post("email-codes", email="free@example.co.kr")
    assert asked.status_code == free.status_code == 200
    owner = stranger.post("email-codes/check", code=identity.last_code("taken@example.co.kr"))
    assert (owner.status_code, owner.json["code"]) == (409, "email_in_use")
    assert "taken" not in owner.text


@pytest.mark.rule("IDN-05")
def test_nobody_floods_one_phone_with_codes_however_many_applications_and_addresses_ask(identity: Identity) -> None:
    def ask(address: int) -> TestResponse:
        applicant = identity.start()
        identity.advance(minutes=1)
        return identity.api.post(
            f"/v1/sign-ups/{applicant.sign_up_id}/phone-codes",
            json={"phone": "01012345678"},
            headers=applicant.headers | {"X-Forwarded-For": f"203.0.113.{address}"},
        )

    assert [ask(address).status_code for address in range(1, 21)] == [200] * 20
    refused = ask(99)
    assert (refused.status_code, refused.json["code"], refused.json["limit"]) == (429, "code_limit_reached", "target")
    identity.advance(hours=24)
    assert ask(100).status_code == 200


@pytest.mark.rule("IDN-05")
def test_nobody_floods_many_phones_from_one_address(identity: Identity, applicant: Applicant) -> None:
    for number in range(60):
        assert applicant.post("phone-codes", phone=f"010111122{number:02d}").status_code == 200
    refused = applicant.post("phone-codes", phone="01033334444")
    assert (refused.status_code, refused.json["code"], refused.json["limit"]) == (429, "code_limit_reached", "source")
    identity.advance(hours=1, seconds=1)
    assert applicant.post("phone-codes", phone="01033334444").status_code == 200
