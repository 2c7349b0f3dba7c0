"""Choosing on the page: list, confirmation, done; works without scripts (ORD-26 … ORD-28)."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from recipient_api import CHOICE, PAGE, RecipientApi, a_choice

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def choosing(recipient_api: RecipientApi) -> RecipientApi:
    """A line that may pick an americano or a latte."""
    recipient_api.coupons = []
    recipient_api.choices = [a_choice(1), a_choice(2, product_name="바닐라 라떼")]
    return recipient_api


def pick(phone: FlaskClient, item_no: int, headers: dict[str, str] | None = None):
    return phone.post(f"{PAGE}/choices/{item_no}", headers=SAME_ORIGIN if headers is None else headers)


@pytest.mark.rule("ORD-26")
def test_the_products_are_listed_with_a_way_to_pick_each_and_the_last_day(
    choosing: RecipientApi, proven_phone: FlaskClient
) -> None:
    page = proven_phone.get(PAGE).text

    assert page.count("이 상품 고르기") == 2
    assert f'href="{PAGE}/choices/2"' in page
    assert "바닐라 라떼" in page
    assert "2026년 12월 9일까지 고르지 않으면 보내신 분이 정한 상품이 발행돼요." in page
    assert "<script" not in page


@pytest.mark.rule("ORD-28")
def test_a_pick_is_confirmed_first_and_looking_at_that_page_picks_nothing(
    choosing: RecipientApi, proven_phone: FlaskClient
) -> None:
    page = proven_phone.get(f"{PAGE}/choices/2")

    assert page.status_code == 200
    assert "고른 뒤에는 다른 상품으로 바꿀 수 없어요." in page.text
    assert f'action="{PAGE}/choices/2"' in page.text
    assert choosing.asked(CHOICE) == []


@pytest.mark.rule("ORD-26")
def test_a_confirmed_pick_leads_to_its_coupon(choosing: RecipientApi, proven_phone: FlaskClient) -> None:
    answer = pick(proven_phone, 2)

    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    page = proven_phone.get(PAGE).text
    assert "바닐라 라떼" in page
    assert "쿠폰 이미지 저장" in page
    assert "이 상품 고르기" not in page


@pytest.mark.rule("ORD-28")
def test_pressing_twice_picks_once_and_shows_what_was_picked(choosing: RecipientApi, proven_phone: FlaskClient) -> None:
    answers = [pick(proven_phone, 1), pick(proven_phone, 2)]

    assert [one.status_code for one in answers] == [303, 303]
    assert "아메리카노" in proven_phone.get(PAGE).text
    assert "바닐라 라떼" not in proven_phone.get(PAGE).text


@pytest.mark.rule("ORD-27")
def test_a_stopped_product_is_shown_without_a_way_to_pick_it(choosing: RecipientApi, proven_phone: FlaskClient) -> None:
    choosing.choices[0]["can_be_picked"] = False

    page = proven_phone.get(PAGE).text

    assert page.count("이 상품 고르기") == 1
    assert "판매 중지" in page
    assert "판매가 중지된 상품은 고를 수 없어요." in page
    assert proven_phone.get(f"{PAGE}/choices/1").status_code == 303


@pytest.mark.rule("ORD-28")
def test_a_product_that_stopped_after_the_list_was_opened_lets_pick_another(
    choosing: RecipientApi, proven_phone: FlaskClient
) -> None:
    choosing.choices[0]["can_be_picked"] = False

    answer = pick(proven_phone, 1)

    assert answer.status_code == 409
    assert "방금 고른 상품은 판매가 중지됐어요. 다른 상품을 골라 주세요." in answer.text
    assert answer.text.count("이 상품 고르기") == 1


@pytest.mark.rule("ORD-27")
def test_when_all_are_stopped_the_page_says_so(choosing: RecipientApi, proven_phone: FlaskClient) -> None:
    for choice in choosing.choices:
        choice["can_be_picked"] = False

    page = proven_phone.get(PAGE).text

    assert "지금은 고를 수 있는 상품이 없어요." in page
    assert "이 상품 고르기" not in page


@pytest.mark.parametrize(
    ("state", "said"), [("preparing", "쿠폰을 준비하고 있어요."), ("closed", "쿠폰을 발행하지 못했어요.")]
)
def test_what_is_being_issued_and_what_was_not_are_said(
    recipient_api: RecipientApi, proven_phone: FlaskClient, state: str, said: str
) -> None:
    recipient_api.coupons, recipient_api.state = [], state

    assert said in proven_phone.get(PAGE).text


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
def test_another_sites_page_picks_nothing(
    choosing: RecipientApi, proven_phone: FlaskClient, headers: dict[str, str]
) -> None:
    assert pick(proven_phone, 1, headers).status_code == 403
    assert choosing.asked(CHOICE) == []


@pytest.mark.rule("ORD-26")
def test_who_has_not_proven_the_number_is_led_to_the_check(choosing: RecipientApi, phone: FlaskClient) -> None:
    assert "본인 확인" in phone.get(PAGE).text
    for answer in (phone.get(f"{PAGE}/choices/1"), pick(phone, 1)):
        assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
