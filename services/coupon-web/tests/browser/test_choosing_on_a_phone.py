"""Choosing on a phone: one look at the list, one question, one final pick (ORD-26, ORD-27, ORD-28)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from recipient_api import CHOICE, CODE, RecipientApi, a_choice


@pytest.mark.rule("ORD-14")
@pytest.mark.rule("ORD-27")
@pytest.mark.rule("ORD-28")
@pytest.mark.parametrize("scripts", [True, False], indirect=True)
def test_a_recipient_picks_one_product_after_being_asked_and_sees_its_coupon(
    page: Page, address: str, recipient_api: RecipientApi, look: Callable[[str], None]
) -> None:
    recipient_api.card = "birthday_party"
    recipient_api.choices = [
        a_choice(1),
        a_choice(2, product_name="바닐라 라떼"),
        a_choice(3, product_name="조각 케이크", can_be_picked=False),
    ]
    recipient_api.coupons = []
    page.goto(address)
    page.get_by_role("button", name="인증번호 받기").tap()
    page.get_by_label("문자로 받은 인증번호 6자리").fill(CODE)
    page.get_by_role("button", name="확인").tap()
    expect(page.get_by_role("heading", name="받고 싶은 상품을 하나 골라 주세요")).to_be_visible()
    expect(page.get_by_role("link", name="이 상품 고르기")).to_have_count(2)
    expect(page.get_by_text("판매가 중지된 상품은 고를 수 없어요.")).to_be_visible()
    look("choosing")
    page.get_by_role("article", name="바닐라 라떼").get_by_role("link", name="이 상품 고르기").tap()
    assert recipient_api.asked(CHOICE) == []
    look("confirming")
    page.locator("form button").first.tap()
    expect(page.get_by_role("link", name="쿠폰 이미지 저장")).to_have_count(1)
    expect(page.get_by_role("heading", name="바닐라 라떼")).to_be_visible()
    assert len(recipient_api.asked(CHOICE)) == 1
    look("chosen")
