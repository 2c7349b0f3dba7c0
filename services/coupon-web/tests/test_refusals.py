"""What a recipient reads when there is nothing to show."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from recipient_api import CODES, COUPONS, LINE, PAGE, PROOF, RecipientApi, a_coupon, a_problem

from chassis.testing.wire import Behave, Exchange, WireServer, garbage, half_an_answer, says
from chassis.web import WsgiApp
from coupon_web.api import cookies


@pytest.mark.parametrize("token", ["x" * 24, "x", "x" * 5000, "쿠폰", "..%2f..", "a b"])
def test_a_link_that_leads_nowhere_is_told_without_saying_why(phone: FlaskClient, token: str) -> None:
    page = phone.get(f"/c/{token}")

    assert page.status_code == 404
    assert page.mimetype == "text/html"
    assert "쿠폰을 찾을 수 없어요" in page.text


def test_what_cannot_be_a_token_is_not_even_asked_for(phone: FlaskClient, recipient_api: RecipientApi) -> None:
    phone.get("/c/short")

    assert recipient_api.calls == []


@pytest.mark.parametrize(
    "behave", [garbage, half_an_answer, Exchange.reset, says(500), says(200, b"nothing"), says(404), says(200, b"[]")]
)
def test_a_page_says_that_the_coupon_is_safe_while_ordering_is_away(
    make_page: Callable[..., WsgiApp], behave: Behave
) -> None:
    with WireServer(behave) as ordering:
        page = make_page(ordering_url=ordering.url).api.test_client().get(PAGE)

    assert page.status_code == 503
    assert page.mimetype == "text/html"
    assert int(page.headers["Retry-After"]) > 0
    assert "쿠폰은 그대로 있으니" in page.text
    assert "다시 열기" in page.text


def test_a_coupon_of_a_state_that_the_page_does_not_know_is_not_guessed_at(
    proven_phone: FlaskClient, recipient_api: RecipientApi
) -> None:
    recipient_api.coupons = [a_coupon(state="lost")]

    assert proven_phone.get(PAGE).status_code == 503


@pytest.mark.parametrize("path", [LINE, COUPONS])
def test_the_gateways_own_limit_is_told_with_its_time(
    proven_phone: FlaskClient, recipient_api: RecipientApi, path: str
) -> None:
    recipient_api.refuses[path] = a_problem(429, "too_many", retry_after_seconds=7)

    page = proven_phone.get(PAGE)

    assert page.status_code == 429
    assert page.headers["Retry-After"] == "7"
    assert "7초 뒤에" in page.text


def test_a_code_is_not_asked_for_twice_when_the_answer_is_lost(
    make_page: Callable[..., WsgiApp], recipient_api: RecipientApi
) -> None:
    def lose_codes(exchange: Exchange) -> None:
        if exchange.target == CODES:
            recipient_api.calls.append((exchange.method, exchange.target, exchange.headers))
            exchange.reset()
        else:
            recipient_api.answer(exchange)

    with WireServer(lose_codes) as ordering:
        answered = make_page(ordering_url=ordering.url).api.test_client().post(f"{PAGE}/code")

    assert answered.status_code == 503
    assert len(recipient_api.asked(CODES)) == 1
    assert "다시 열기" not in answered.text


def test_a_form_larger_than_any_code_is_not_read(phone: FlaskClient, recipient_api: RecipientApi) -> None:
    answered = phone.post(f"{PAGE}/proof", data={"code": "1" * 20_000})

    assert answered.status_code == 413
    assert answered.mimetype == "text/html"
    assert recipient_api.calls == []


@pytest.mark.parametrize("value", ["", "\u200b", "x" * 3000, f"{PROOF}x"])
def test_a_proof_that_is_none_is_no_proof(phone: FlaskClient, value: str) -> None:
    phone.set_cookie(cookies.PROOF, value, path=PAGE)

    page = phone.get(PAGE)

    assert page.status_code == 200
    assert "인증번호" in page.text
