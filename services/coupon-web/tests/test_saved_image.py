"""[쿠폰 이미지 저장]: the whole card as a picture that a till can read (ORD-26)."""

from __future__ import annotations

import io

import pytest
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image
from recipient_api import NUMBER, PAGE, RecipientApi, a_coupon, a_revoked_coupon

SAVED = f"{PAGE}/coupons/1.png"


def read_barcode(content: bytes) -> list[tuple[str, str]]:
    """Format and text of each barcode in a picture."""
    with Image.open(io.BytesIO(content)) as image:
        return [(str(found.format), found.text) for found in zxingcpp.read_barcodes(image)]


@pytest.mark.rule("ORD-26")
@pytest.mark.parametrize("number", [NUMBER, "1234567890123456", "AB12-3456-CD78-90EF", "9" * 24])
def test_the_barcode_of_a_saved_coupon_reads_as_its_number(
    proven_phone: FlaskClient, recipient_api: RecipientApi, number: str
) -> None:
    recipient_api.coupons = [a_coupon(number=number, barcode_value=number)]

    saved = proven_phone.get(SAVED)

    assert saved.status_code == 200
    assert saved.mimetype == "image/png"
    assert read_barcode(saved.data) == [("Code 128", number)]


def test_a_saved_coupon_is_named_after_its_product(proven_phone: FlaskClient, recipient_api: RecipientApi) -> None:
    recipient_api.coupons = [a_coupon(brand_name="모모", product_name='라떼/"L"\r\n')]

    disposition = proven_phone.get(SAVED).headers["Content-Disposition"]

    assert disposition.startswith("attachment; filename=\"coupon-1.png\"; filename*=UTF-8''%EB%AA%A8%EB%AA%A8%20")
    assert "\n" not in disposition
    assert "%2F" not in disposition


def test_a_coupon_is_saved_at_a_width_that_phones_show_sharply(proven_phone: FlaskClient) -> None:
    with Image.open(io.BytesIO(proven_phone.get(SAVED).data)) as image:
        assert image.width == 1080


@pytest.mark.parametrize("picture", [None, b"not a picture", b"\x89PNG\r\n\x1a\nbroken"])
def test_a_coupon_is_saved_without_its_picture_when_that_is_not_to_be_had(
    proven_phone: FlaskClient, recipient_api: RecipientApi, picture: bytes | None
) -> None:
    recipient_api.picture = picture

    assert read_barcode(proven_phone.get(SAVED).data) == [("Code 128", NUMBER)]


def test_a_picture_that_unpacks_to_a_giant_is_left_out(proven_phone: FlaskClient, recipient_api: RecipientApi) -> None:
    packed = io.BytesIO()
    Image.new("1", (9000, 9000)).save(packed, "PNG")
    recipient_api.picture = packed.getvalue()

    assert read_barcode(proven_phone.get(SAVED).data) == [("Code 128", NUMBER)]


def test_the_longest_texts_fit(proven_phone: FlaskClient, recipient_api: RecipientApi) -> None:
    recipient_api.coupons = [
        a_coupon(product_name="아주 긴 상품 이름 " * 30, brand_name="가" * 200, notice="안내 " * 3000)
    ]

    saved = proven_phone.get(SAVED)

    assert read_barcode(saved.data) == [("Code 128", NUMBER)]
    with Image.open(io.BytesIO(saved.data)) as image:
        assert image.height < 2600


@pytest.mark.rule("ORD-26")
def test_who_has_not_proven_the_number_gets_back_to_the_check(phone: FlaskClient) -> None:
    answered = phone.get(SAVED)

    assert (answered.status_code, answered.headers["Location"]) == (303, PAGE)


@pytest.mark.rule("ORD-27")
@pytest.mark.parametrize("coupon", [a_revoked_coupon(), a_coupon(state="used"), a_coupon(2)])
def test_what_cannot_be_used_cannot_be_saved(
    proven_phone: FlaskClient, recipient_api: RecipientApi, coupon: dict[str, object]
) -> None:
    recipient_api.coupons = [coupon]

    answered = proven_phone.get(SAVED)

    assert answered.status_code == 404
    assert "쓸 수 있는 쿠폰이 아니에요" in answered.text
