"""After proving: message and tickets, and the exceptions among them (ORD-26, ORD-27)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib import resources

import pytest
from flask.testing import FlaskClient
from recipient_api import PAGE, RecipientApi, a_coupon, a_revoked_coupon

from coupon_web.domain.page import CARDS, DEFAULT_CARD

PAST = (datetime.now(UTC) - timedelta(days=1)).isoformat()


@pytest.mark.rule("ORD-26")
def test_a_coupon_has_message_barcode_number_expiry_notice_and_a_button_to_save_it(proven_phone: FlaskClient) -> None:
    page = proven_phone.get(PAGE).text

    assert "김하늘 님, 지난 한 해 함께해 주셔서 고맙습니다." in page
    assert "모모커피" in page
    assert "아메리카노 (ICE) Tall" in page
    assert 'aria-label="바코드 9001 1234 5678"' in page
    assert "유효기간" in page
    assert "다른 할인과 함께 쓸 수 없어요." in page
    assert f'href="{PAGE}/coupons/1.png"' in page
    assert "쿠폰 이미지 저장" in page
    assert 'src="/v1/images/9f/americano.png"' in page


@pytest.mark.rule("ORD-27")
def test_some_revoked_is_said_under_the_save_button_and_the_others_stay_usable(
    proven_phone: FlaskClient, recipient_api: RecipientApi
) -> None:
    recipient_api.coupons = [a_revoked_coupon(1, product_name="바닐라 라떼"), a_coupon(2)]

    page = proven_phone.get(PAGE).text

    assert page.index("쿠폰 이미지 저장") < page.index("쿠폰 1장은 보내신 분이 취소해 사용할 수 없어요.")
    assert page.count("쿠폰 이미지 저장") == 1
    assert "9001 1234 5678" in page
    assert page.index("취소해 사용할 수 없어요") < page.index("바닐라 라떼")
    assert "취소된 쿠폰" in page


@pytest.mark.parametrize(
    ("changed", "word"),
    [({"state": "used"}, "사용 완료"), ({"expires_at": PAST}, "기간 만료"), ({"state": "expired"}, "기간 만료")],
)
def test_a_coupon_that_no_shop_would_take_shows_no_barcode(
    proven_phone: FlaskClient, recipient_api: RecipientApi, changed: dict[str, str], word: str
) -> None:
    recipient_api.coupons = [a_coupon(1, **changed), a_coupon(2, number="77", barcode_value="77")]

    page = proven_phone.get(PAGE).text

    assert word in page
    assert "9001" not in page
    assert page.count("쿠폰 이미지 저장") == 1


def test_a_link_whose_coupons_all_expired_says_so(proven_phone: FlaskClient, recipient_api: RecipientApi) -> None:
    recipient_api.coupons = [a_coupon(1, expires_at=PAST), a_coupon(2, state="expired")]

    page = proven_phone.get(PAGE).text

    assert "쿠폰의 유효기간이 모두 지나 더 이상 사용할 수 없어요." in page
    assert "쿠폰 이미지 저장" not in page


def test_a_number_that_no_barcode_can_hold_is_shown_by_itself(
    proven_phone: FlaskClient, recipient_api: RecipientApi
) -> None:
    recipient_api.coupons = [a_coupon(number="가나다", barcode_value="가나다")]

    page = proven_phone.get(PAGE)

    assert page.status_code == 200
    assert "가나다" in page.text
    assert "바코드 " not in page.text.partition("<main>")[2].partition("</main>")[0]


def test_whatever_was_typed_by_the_orderer_is_text(proven_phone: FlaskClient, recipient_api: RecipientApi) -> None:
    hostile = '"><script>alert(1)</script>'
    recipient_api.coupons = [a_coupon(product_name=hostile, notice=hostile, brand_name=hostile, image_path=hostile)]

    page = proven_phone.get(PAGE).text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.rule("ORD-14")
def test_the_card_is_drawn_and_one_that_is_not_known_yet_becomes_the_first(
    proven_phone: FlaskClient, recipient_api: RecipientApi
) -> None:
    recipient_api.card = "season_winter"
    assert 'class="gift season-winter"' in proven_phone.get(PAGE).text
    recipient_api.card = '"><b>'
    assert 'class="gift basic"' in proven_phone.get(PAGE).text


@pytest.mark.rule("ORD-14")
def test_every_card_has_a_style_of_its_own() -> None:
    style = (resources.files("coupon_web.api") / "assets/coupon.css").read_text()
    assert [card for card in CARDS - {DEFAULT_CARD} if f".gift.{card.replace('_', '-')} {{" not in style] == []
