"""Before proving: what a link shows, how a code is asked for, how it is taken (ORD-26, IDN-05)."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from recipient_api import (
    CHECK,
    CODE,
    CODE_ID,
    CODES,
    COUPONS,
    NUMBER,
    PAGE,
    PROOF,
    SEND_TITLE,
    TOKEN,
    RecipientApi,
    a_problem,
    a_revoked_coupon,
)

from coupon_web.api import cookies


def cookie(phone: FlaskClient, name: str) -> str | None:
    """What the browser keeps for the link."""
    found = phone.get_cookie(name, path=PAGE)
    return found.value if found else None


def ask_for_code(phone: FlaskClient) -> str:
    """Press the button, and read the page that follows."""
    phone.post(f"{PAGE}/code")
    return phone.get(PAGE).text


@pytest.mark.rule("ORD-26")
def test_a_link_shows_the_send_title_and_the_masked_number_and_no_coupon(phone: FlaskClient) -> None:
    page = phone.get(PAGE)

    assert page.status_code == 200
    assert page.mimetype == "text/html"
    assert SEND_TITLE in page.text
    assert "010-****-5678" in page.text
    assert "인증번호 받기" in page.text
    assert NUMBER not in page.text
    assert "아메리카노" not in page.text


@pytest.mark.rule("ORD-26")
def test_opening_a_link_sends_no_code_and_leaves_no_cookie(phone: FlaskClient, recipient_api: RecipientApi) -> None:
    page = phone.get(PAGE)

    assert [(method, path) for method, path, _ in recipient_api.calls] == [("GET", "/v1/recipient/line")]
    assert "Set-Cookie" not in page.headers


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("address", [f"{PAGE}/code", f"{PAGE}/proof"])
def test_what_changes_something_is_not_reached_by_reading(
    phone: FlaskClient, recipient_api: RecipientApi, method: str, address: str
) -> None:
    assert phone.open(address, method=method).status_code == 405
    assert recipient_api.calls == []


def test_a_messengers_preview_has_the_send_title_and_nothing_else(phone: FlaskClient) -> None:
    head = phone.get(PAGE).text.partition("</head>")[0]

    assert f'<meta property="og:title" content="{SEND_TITLE}">' in head
    assert '<meta property="og:description" content="">' in head
    assert "5678" not in head
    assert TOKEN not in head


@pytest.mark.rule("ORD-26", "IDN-05")
def test_the_button_sends_a_code_and_the_page_asks_for_its_six_digits(
    phone: FlaskClient, recipient_api: RecipientApi
) -> None:
    pressed = phone.post(f"{PAGE}/code")
    page = phone.get(PAGE).text

    assert (pressed.status_code, pressed.headers["Location"]) == (303, PAGE)
    assert len(recipient_api.asked(CODES)) == 1
    assert "문자로 받은 인증번호 6자리" in page
    assert 'autocomplete="one-time-code"' in page
    assert "인증번호 다시 받기" in page


def test_the_recipients_own_address_is_handed_on_for_the_limits(
    phone: FlaskClient, recipient_api: RecipientApi
) -> None:
    phone.post(f"{PAGE}/code")

    assert recipient_api.asked(CODES)[0]["x-forwarded-for"] == "203.0.113.7"


@pytest.mark.rule("ORD-26")
@pytest.mark.parametrize("typed", [CODE, " 402 913 ", "402-913", "４０２９１３"])
def test_the_right_code_opens_the_coupons_on_this_device(phone: FlaskClient, typed: str) -> None:
    ask_for_code(phone)

    answered = phone.post(f"{PAGE}/proof", data={"code": typed})

    assert (answered.status_code, answered.headers["Location"]) == (303, PAGE)
    assert cookie(phone, cookies.PROOF) == PROOF
    assert not cookie(phone, cookies.CODE)
    assert "9001 1234 5678" in phone.get(PAGE).text


@pytest.mark.rule("ORD-26")
def test_the_proof_is_kept_for_thirty_minutes_and_sent_to_its_own_link_only(phone: FlaskClient) -> None:
    ask_for_code(phone)
    phone.post(f"{PAGE}/proof", data={"code": CODE})

    kept = phone.get_cookie(cookies.PROOF, path=PAGE)

    assert kept is not None
    assert kept.path == PAGE
    assert kept.http_only
    assert kept.secure
    assert kept.same_site == "Lax"
    assert kept.max_age is not None
    assert 1790 <= kept.max_age <= 1800


@pytest.mark.rule("IDN-05")
def test_a_wrong_code_is_refused_with_the_tries_that_are_left(phone: FlaskClient) -> None:
    ask_for_code(phone)

    answered = phone.post(f"{PAGE}/proof", data={"code": "000000"})

    assert answered.status_code == 422
    assert "인증번호가 달라요. 4번 더 입력할 수 있어요." in answered.text
    assert 'aria-invalid="true"' in answered.text
    assert cookie(phone, cookies.PROOF) is None


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "12345a", "1" * 5000])
def test_what_cannot_be_a_code_costs_no_try(phone: FlaskClient, recipient_api: RecipientApi, typed: str) -> None:
    ask_for_code(phone)

    answered = phone.post(f"{PAGE}/proof", data={"code": typed})

    assert answered.status_code == 422
    assert "인증번호 6자리를 숫자로 입력해 주세요." in answered.text
    assert recipient_api.asked(CHECK) == []


@pytest.mark.rule("IDN-05")
@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (a_problem(422, "code_wrong", tries_left=0), "여러 번 잘못 입력했어요"),
        (a_problem(429, "code_limit_reached", limit="tries", retry_after_seconds=0), "여러 번 잘못 입력했어요"),
        (a_problem(410, "code_expired"), "인증번호가 만료됐어요"),
        (a_problem(410, "code_used"), "인증번호가 만료됐어요"),
    ],
)
def test_a_code_of_no_more_use_is_told_and_a_new_one_offered(
    phone: FlaskClient, recipient_api: RecipientApi, problem: tuple[int, dict[str, object]], said: str
) -> None:
    ask_for_code(phone)
    recipient_api.refuses[CHECK] = problem

    answered = phone.post(f"{PAGE}/proof", data={"code": CODE})

    assert answered.status_code == 422
    assert said in answered.text
    assert "인증번호 다시 받기" in answered.text
    assert 'name="code"' not in answered.text


def test_a_code_that_this_device_did_not_ask_for_is_over(phone: FlaskClient, recipient_api: RecipientApi) -> None:
    answered = phone.post(f"{PAGE}/proof", data={"code": CODE})

    assert answered.status_code == 422
    assert "인증번호를 다시 받아 주세요" in answered.text
    assert recipient_api.asked(CHECK) == []


@pytest.mark.parametrize("value", ["nonsense", f"{CODE_ID}.x.y", f"{'-' * 36}.1.1", ""])
def test_a_spoilt_cookie_is_no_code(phone: FlaskClient, value: str) -> None:
    phone.set_cookie(cookies.CODE, value, path=PAGE)

    assert "인증번호 받기" in phone.get(PAGE).text


@pytest.mark.rule("IDN-05")
@pytest.mark.parametrize(
    ("members", "seconds", "said"),
    [
        ({"code": "code_too_soon"}, 42, "42초 뒤에 다시 받을 수 있어요"),
        (
            {"code": "code_limit_reached", "limit": "target"},
            30_000,
            "하루에 받을 수 있는 인증번호를 모두 받았어요. 9시간 뒤에",
        ),
        ({"code": "code_limit_reached", "limit": "source"}, 600, "요청이 많았어요. 10분 뒤에"),
    ],
)
def test_too_many_codes_are_refused_with_the_time_to_wait(
    phone: FlaskClient, recipient_api: RecipientApi, members: dict[str, str], seconds: int, said: str
) -> None:
    recipient_api.refuses[CODES] = a_problem(429, **members, retry_after_seconds=seconds)

    answered = phone.post(f"{PAGE}/code")

    assert answered.status_code == 429
    assert answered.headers["Retry-After"] == str(seconds)
    assert said in answered.text


def test_the_resend_button_waits_for_as_long_as_ordering_asks(phone: FlaskClient, recipient_api: RecipientApi) -> None:
    recipient_api.resend_seconds = 60

    page = ask_for_code(phone)

    assert any(f'id="resend" data-seconds="{seconds}"' in page for seconds in (58, 59, 60))


def test_a_code_that_ran_out_gives_its_place_to_the_button(phone: FlaskClient, recipient_api: RecipientApi) -> None:
    recipient_api.code_seconds = -1

    page = ask_for_code(phone)

    assert 'name="code"' not in page
    assert "인증번호 다시 받기" in page


@pytest.mark.rule("ORD-26")
def test_a_lapsed_proof_asks_again(proven_phone: FlaskClient, recipient_api: RecipientApi) -> None:
    recipient_api.holds_proof = False

    page = proven_phone.get(PAGE).text

    assert "확인한 지 30분이 지났어요" in page
    assert NUMBER not in page


def test_a_proof_that_lapses_between_two_questions_asks_again(
    proven_phone: FlaskClient, recipient_api: RecipientApi
) -> None:
    recipient_api.refuses[COUPONS] = a_problem(404, "link_unknown")

    assert "인증번호 받기" in proven_phone.get(PAGE).text


def test_who_has_another_number_is_told_whom_to_ask(phone: FlaskClient) -> None:
    page = phone.get(PAGE).text

    assert "내 번호가 아니에요" in page
    assert "보내신 분께 알려 주세요" in page


@pytest.mark.rule("ORD-27")
def test_all_revoked_is_said_under_the_identity_check_before_proving(
    phone: FlaskClient, recipient_api: RecipientApi
) -> None:
    recipient_api.coupons = [a_revoked_coupon(1), a_revoked_coupon(2)]

    page = phone.get(PAGE).text

    assert page.index("본인 확인") < page.index("쿠폰을 모두 취소해 더 이상 사용할 수 없어요")
    assert "인증번호 받기" not in page


@pytest.mark.rule("ORD-27")
def test_all_revoked_shows_no_coupon_to_who_had_proven(proven_phone: FlaskClient, recipient_api: RecipientApi) -> None:
    recipient_api.coupons = [a_revoked_coupon()]

    page = proven_phone.get(PAGE).text

    assert "쿠폰을 모두 취소해 더 이상 사용할 수 없어요" in page
    assert "아메리카노" not in page


def test_coupons_that_are_not_issued_yet_are_being_prepared(phone: FlaskClient, recipient_api: RecipientApi) -> None:
    recipient_api.coupons = []

    page = phone.get(PAGE).text

    assert "쿠폰을 준비하고 있어요" in page
    assert "인증번호 받기" not in page
