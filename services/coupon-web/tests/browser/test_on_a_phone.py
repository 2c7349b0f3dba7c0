"""A recipient's way through the page on a phone, with and without scripts."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect
from recipient_api import CODE, NUMBER, RecipientApi, a_coupon, a_revoked_coupon

BUTTON_HEIGHT_MIN = 44
"""What a thumb needs, in CSS pixels."""

CONTRAST_MIN = 4.5
"""WCAG AA for text of ordinary size."""

CONTRASTS = """() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const found = [];
  for (const element of document.querySelectorAll("main *, footer, header")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.checkVisibility() || element.closest(".gift") || element.matches(":disabled")) continue;
    let ground = element;
    while (ground && (rgb(getComputedStyle(ground).backgroundColor)[3] ?? 1) === 0) ground = ground.parentElement;
    const [a, b] = [rgb(getComputedStyle(element).color), rgb(getComputedStyle(ground).backgroundColor)].map(light);
    found.push([element.textContent.trim().slice(0, 30), (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)]);
  }
  return found;
}"""


def prove(page: Page, address: str) -> None:
    """Open the link, ask for a code, type it."""
    page.goto(address)
    page.get_by_role("button", name="인증번호 받기").tap()
    page.get_by_label("문자로 받은 인증번호 6자리").fill(CODE)
    page.get_by_role("button", name="확인").tap()
    expect(page.get_by_role("heading", name="아메리카노 (ICE) Tall").first).to_be_visible()


def scanned(content: bytes) -> list[str]:
    """What a scanner reads of a picture."""
    with Image.open(io.BytesIO(content)) as image:
        return [found.text for found in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.Code128)]


@pytest.mark.rule("ORD-26")
@pytest.mark.parametrize("scripts", [True, False], indirect=True)
def test_a_recipient_proves_the_number_and_the_till_scans_the_coupon(page: Page, address: str) -> None:
    prove(page, address)

    assert page.url == address
    assert scanned(page.screenshot(full_page=True)) == [NUMBER]


@pytest.mark.rule("ORD-26")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("number", [NUMBER, "AB12-3456-CD78", "9" * 20])
def test_every_kind_of_number_scans_from_the_screen_by_day_and_by_night(
    page: Page, address: str, recipient_api: RecipientApi, scheme: Any, number: str
) -> None:
    recipient_api.coupons = [a_coupon(number=number, barcode_value=number)]
    page.emulate_media(color_scheme=scheme)
    prove(page, address)

    assert scanned(page.screenshot(full_page=True)) == [number]


@pytest.mark.rule("ORD-26")
def test_the_save_button_saves_a_picture_that_scans(page: Page, address: str) -> None:
    prove(page, address)

    with page.expect_download() as saving:
        page.get_by_role("link", name="쿠폰 이미지 저장").tap()

    assert saving.value.suggested_filename == "모모커피 아메리카노 (ICE) Tall.png"
    assert scanned(saving.value.path().read_bytes()) == [NUMBER]


@pytest.mark.rule("IDN-05")
def test_another_code_can_be_asked_for_when_the_countdown_has_ended(
    page: Page, address: str, recipient_api: RecipientApi
) -> None:
    recipient_api.resend_seconds = 60
    page.clock.install()
    page.goto(address)
    page.get_by_role("button", name="인증번호 받기").tap()
    again = page.get_by_role("button", name="인증번호 다시 받기")
    expect(again).to_be_disabled()

    page.clock.run_for(61_000)

    expect(again).to_be_enabled()


@pytest.mark.rule("IDN-05")
def test_a_wrong_code_is_told_beside_its_field(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="인증번호 받기").tap()
    page.get_by_label("문자로 받은 인증번호 6자리").fill("000000")
    page.get_by_role("button", name="확인").tap()

    expect(page.get_by_role("alert")).to_contain_text("4번 더 입력할 수 있어요")
    expect(page.get_by_label("문자로 받은 인증번호 6자리")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_state_can_be_read_and_touched_and_asks_no_other_host(
    page: Page, address: str, recipient_api: RecipientApi, scheme: Any, look: Callable[[str], None]
) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.emulate_media(color_scheme=scheme)
    recipient_api.coupons = [a_coupon(1), a_coupon(2, state="used"), a_revoked_coupon(3)]

    page.goto(address)
    assert_readable(page)
    look(f"proving-{scheme}")
    page.get_by_role("button", name="인증번호 받기").tap()
    page.get_by_label("문자로 받은 인증번호 6자리").wait_for()
    assert_readable(page)
    look(f"code-{scheme}")
    page.get_by_label("문자로 받은 인증번호 6자리").fill(CODE)
    page.get_by_role("button", name="확인").tap()
    page.get_by_text("이용 안내").tap()
    assert_readable(page)
    look(f"coupons-{scheme}")
    recipient_api.coupons = [a_revoked_coupon(1)]
    page.reload()
    assert_readable(page)
    look(f"revoked-{scheme}")

    host = address.partition("/c/")[0]
    assert [url for url in asked if not url.startswith(host)] == []
    assert complaints == []


def assert_readable(page: Page) -> None:
    """Nothing sticks out, thumbs hit the buttons, and every text stands out from its ground."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    touched = page.locator("button:visible, a.button:visible, summary:visible, input:visible").all()
    assert touched or "취소" in page.inner_text("main")
    for target in touched:
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= BUTTON_HEIGHT_MIN
    faint = [(text, ratio) for text, ratio in page.evaluate(CONTRASTS) if ratio < CONTRAST_MIN]
    assert faint == []
