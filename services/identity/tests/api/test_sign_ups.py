"""회원가입 over REST (manual 2-1)."""

from uuid import UUID

import pytest
from identity_builders import JPEG, PASSWORD, PDF, PNG
from identity_service import Applicant, Identity

from contracts.identity import ApplicationSubmitted
from contracts.scheduler import CancelTimer, SetTimer

ALL_STEPS = ["business_number", "company", "certificate", "email", "phone", "terms", "member"]


@pytest.fixture
def applicant(identity: Identity) -> Applicant:
    return identity.start()


@pytest.mark.rule("IDN-01")
def test_an_application_is_taken_step_by_step_and_submitted(identity: Identity, applicant: Applicant) -> None:
    assert applicant.get()["missing"] == ALL_STEPS
    applicant.fill()
    assert applicant.get()["missing"] == []
    answer = applicant.post("submit")
    assert (answer.status_code, answer.json["state"]) == (200, "submitted")
    (event,) = identity.said(ApplicationSubmitted)
    assert (str(event.application_id), event.company_name, event.applicant_name) == (
        applicant.sign_up_id,
        "다우상사",
        "이마스터",
    )
    assert identity.parts.sealer.open_text(event.email) == "master@example.co.kr"


def test_submitting_again_answers_as_before_and_says_nothing_twice(identity: Identity) -> None:
    applicant = identity.submitted()
    assert applicant.post("submit").json["state"] == "submitted"
    assert len(identity.said(ApplicationSubmitted)) == 1


@pytest.mark.rule("IDN-01")
def test_an_application_can_be_left_and_taken_up_again(applicant: Applicant) -> None:
    applicant.put("company", name="다우상사", representative_name="김대표")
    assert applicant.get()["company"] == {"name": "다우상사", "representative_name": "김대표"}
    assert "company" not in applicant.get()["missing"]


@pytest.mark.rule("IDN-01")
def test_it_cannot_be_submitted_with_steps_missing(applicant: Applicant) -> None:
    answer = applicant.post("submit")
    assert (answer.status_code, answer.json["code"]) == (409, "sign_up_incomplete")
    assert answer.json["missing"] == ALL_STEPS


def test_without_its_token_an_application_is_not_there(identity: Identity, applicant: Applicant) -> None:
    address = f"/v1/sign-ups/{applicant.sign_up_id}"
    missing = identity.api.get(address)
    wrong = identity.api.get(address, headers={"Sign-Up-Token": "guessed"})
    unknown = identity.api.get(
        "/v1/sign-ups/0199aaaa-0000-7000-8000-000000000000", headers={"Sign-Up-Token": applicant.token}
    )
    assert (missing.status_code, missing.json["code"]) == (401, "sign_up_token_missing")
    for answer in (wrong, unknown):
        assert (answer.status_code, answer.json["code"]) == (404, "sign_up_not_found")


def test_another_applicants_token_opens_nothing(identity: Identity, applicant: Applicant) -> None:
    other = identity.start()
    answer = identity.api.put(
        f"/v1/sign-ups/{applicant.sign_up_id}/company",
        json={"name": "침입", "representative_name": "침입"},
        headers=other.headers,
    )
    assert answer.status_code == 404


@pytest.mark.rule("IDN-02")
def test_an_active_number_is_verified(applicant: Applicant) -> None:
    answer = applicant.put("business-number", business_number="220-81-02810")
    assert answer.status_code == 200
    assert answer.json["business_number"] == {"value": "220-81-02810", "verified": True, "standing": "active"}


@pytest.mark.rule("IDN-02")
@pytest.mark.parametrize(("state", "standing"), [("02", "suspended"), ("03", "closed"), ("", "unknown")])
def test_suspended_closed_and_unknown_numbers_are_refused(
    identity: Identity, applicant: Applicant, state: str, standing: str
) -> None:
    identity.tax_office.states["2208102810"] = state
    answer = applicant.put("business-number", business_number="220-81-02810")
    assert (answer.status_code, answer.json["code"], answer.json["standing"]) == (
        422,
        "business_number_refused",
        standing,
    )
    assert "business_number" in applicant.get()["missing"]


@pytest.mark.rule("IDN-02")
@pytest.mark.parametrize("text", ["2208102810", "220-81-02811", "123-45-67890", "000-00-00000"])
def test_a_malformed_number_is_refused_without_asking_anybody(
    identity: Identity, applicant: Applicant, text: str
) -> None:
    answer = applicant.put("business-number", business_number=text)
    assert (answer.status_code, answer.json["code"]) == (422, "invalid_request")
    assert answer.json["errors"][0]["field"] == "business_number"
    assert identity.tax_office.targets == []


@pytest.mark.rule("IDN-02")
def test_when_the_tax_office_does_not_answer_the_step_says_so_and_can_be_tried_again(
    identity: Identity, applicant: Applicant
) -> None:
    identity.tax_office.status = 500
    answer = applicant.put("business-number", business_number="220-81-02810")
    assert (answer.status_code, answer.json["code"]) == (503, "tax_office_unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert applicant.get()["business_number"] == {"value": "220-81-02810", "verified": False, "standing": None}
    identity.tax_office.status = 200
    assert applicant.put("business-number", business_number="220-81-02810").status_code == 200


@pytest.mark.rule("IDN-01", "IDN-02")
def test_another_number_that_is_not_answered_for_does_not_stay_verified(
    identity: Identity, applicant: Applicant
) -> None:
    applicant.put("business-number", business_number="220-81-02810")
    identity.tax_office.status = 500
    applicant.put("business-number", business_number="116-82-00276")
    assert "business_number" in applicant.get()["missing"]


@pytest.mark.rule("IDN-03")
@pytest.mark.parametrize(
    ("content", "content_type"), [(JPEG, "image/jpeg"), (PNG, "image/png"), (PDF, "application/pdf")]
)
def test_a_picture_or_pdf_is_taken_as_certificate_whatever_its_name(
    applicant: Applicant, content: bytes, content_type: str
) -> None:
    answer = applicant.upload((content, "등록증.hwp"))
    assert answer.status_code == 200, answer.json
    assert answer.json["certificate"] == {
        "file_name": "등록증.hwp",
        "content_type": content_type,
        "size_bytes": len(content),
    }


@pytest.mark.rule("IDN-03")
@pytest.mark.parametrize("content", [b"<html><script>alert(1)</script></html>", b"GIF89a" + b"\0" * 20, b"plain"])
def test_other_content_is_refused_even_under_an_allowed_name(applicant: Applicant, content: bytes) -> None:
    answer = applicant.upload((content, "등록증.png"))
    assert (answer.status_code, answer.json["code"]) == (422, "certificate_refused")


@pytest.mark.rule("IDN-03")
def test_exactly_one_file_is_a_certificate(applicant: Applicant) -> None:
    two = applicant.upload((PNG, "1.png"), (PNG, "2.png"))
    assert (two.status_code, two.json["code"]) == (422, "certificate_not_one_file")
    none = applicant.upload()
    assert (none.status_code, none.json["code"]) == (422, "invalid_request")


@pytest.mark.rule("IDN-03")
def test_ten_megabytes_are_taken_and_one_byte_more_is_not(applicant: Applicant) -> None:
    whole = PNG + b"\0" * (10_485_760 - len(PNG))
    assert applicant.upload((whole, "1.png")).status_code == 200
    answer = applicant.upload((whole + b"\0", "1.png"))
    assert (answer.status_code, answer.json["code"]) == (413, "certificate_too_large")


@pytest.mark.rule("IDN-06")
def test_required_terms_are_agreed_to_in_the_version_in_force(identity: Identity, applicant: Applicant) -> None:
    offered = identity.api.get("/v1/terms").json["items"]
    assert [(each["code"], each["version"], each["required"]) for each in offered] == [
        ("electronic_finance", 1, True),
        ("marketing", 1, False),
        ("privacy", 1, True),
        ("service", 1, True),
    ]
    answer = applicant.put("terms", agreed=[{"code": "service", "version": 1}])
    assert (answer.status_code, answer.json["codes"]) == (422, ["electronic_finance", "privacy"])
    everything = [{"code": each["code"], "version": 1} for each in offered]
    assert len(applicant.put("terms", agreed=everything).json["terms"]) == 4


@pytest.mark.rule("IDN-12")
@pytest.mark.parametrize("password", ["짧은비밀번호123"[:9], "password2024!", "1234567890"])
def test_short_and_common_passwords_are_refused(applicant: Applicant, password: str) -> None:
    answer = applicant.put("member", password=password, name="이마스터", payment_method="prepaid")
    assert (answer.status_code, answer.json["code"]) == (422, "password_refused")


@pytest.mark.rule("IDN-12")
def test_of_a_password_only_an_argon2id_hash_is_kept(identity: Identity, applicant: Applicant) -> None:
    applicant.put("member", password=PASSWORD, name="이마스터", payment_method="prepaid")
    with identity.parts.begin() as uow:
        kept = uow.sign_ups.get(UUID(applicant.sign_up_id))
    assert kept is not None
    assert kept.applicant is not None
    assert kept.applicant.password_hash.startswith("$argon2id$")


@pytest.mark.rule("IDN-27")
def test_a_second_application_for_a_waiting_company_is_sent_to_the_customer_centre(identity: Identity) -> None:
    identity.submitted()
    answer = identity.start().put("business-number", business_number="220-81-02810")
    assert (answer.status_code, answer.json["code"]) == (409, "company_already_registered")
    assert "1599-6567" in answer.json["message"]["ko"]


@pytest.mark.rule("IDN-27")
def test_of_two_drafts_for_one_company_only_the_first_is_submitted(identity: Identity) -> None:
    first, second = identity.start(), identity.start()
    first.fill()
    identity.advance(seconds=60)
    second.fill(email="other@example.co.kr", phone="01099998888")
    assert first.post("submit").status_code == 200
    answer = second.post("submit")
    assert (answer.status_code, answer.json["code"]) == (409, "company_already_registered")


def test_nothing_of_a_submitted_application_can_be_changed(identity: Identity) -> None:
    answer = identity.submitted().put("company", name="다른상사", representative_name="김대표")
    assert (answer.status_code, answer.json["code"], answer.json["state"]) == (409, "sign_up_closed", "submitted")


@pytest.mark.rule("SCH-04")
def test_an_application_asks_to_be_woken_at_its_end_until_it_is_submitted(identity: Identity) -> None:
    applicant = identity.submitted()
    (timer,) = identity.said(SetTimer)
    # 30 days after 2 March end with 1 April in Seoul.
    assert timer.due_at.isoformat() == "2026-04-01T15:00:00+00:00"
    (cancelled,) = identity.said(CancelTimer)
    assert cancelled.key == timer.key
    assert cancelled.version > timer.version
    assert applicant.sign_up_id in timer.key


@pytest.mark.parametrize(
    ("step", "body"),
    [
        ("company", {"name": "", "representative_name": "김"}),
        ("company", {"name": "다우", "representative_name": 7}),
        ("company", {"name": "다우", "representative_name": "김", "state": "approved"}),
        ("member", {"password": PASSWORD, "name": "이", "payment_method": "barter"}),
        ("terms", {"agreed": "all"}),
        ("terms", {"agreed": [{"code": "service", "version": "1"}]}),
    ],
)
def test_bad_input_is_a_problem_document(applicant: Applicant, step: str, body: dict[str, object]) -> None:
    answer = applicant.put(step, **body)
    assert (answer.status_code, answer.json["code"]) == (422, "invalid_request")
    assert answer.json["message"].keys() == {"ko", "en"}
