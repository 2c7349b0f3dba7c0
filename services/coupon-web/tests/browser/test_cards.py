"""Letters on the cards, measured in the picture: gradients and the drawing lie under them (WCAG AA)."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page
from recipient_api import RecipientApi

from coupon_web.domain.page import CARDS

CONTRAST_MIN = 4.5
"""WCAG AA for text of ordinary size."""
LONGEST_TITLE = "임직원여러분께드리는연말감사선물"
"""Sixteen letters, the most that a title has (ORD-07)."""
WHITE = (255, 255, 255)

LINES = """(card) => {
  const corner = card.getBoundingClientRect();
  const lines = [];
  for (const text of card.querySelectorAll("p, h1")) {
    const range = document.createRange();
    range.selectNodeContents(text);
    const color = getComputedStyle(text).color.match(/[\\d.]+/g).map(Number).slice(0, 3);
    for (const box of range.getClientRects())
      lines.push({color, box: [box.left - corner.left, box.top - corner.top, box.right - corner.left,
        box.bottom - corner.top]});
  }
  return lines;
}"""
HIDDEN = """(card) => { for (const text of card.querySelectorAll("p, h1")) text.style.color = "transparent"; }"""


def luminance(color: tuple[int, ...]) -> float:
    """The relative luminance of a colour, as WCAG defines it."""
    channels = [part / 255 for part in color]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """The contrast of two colours, as WCAG defines it."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.rule("ORD-14", "ORD-26")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("card", sorted(CARDS))
def test_every_line_stands_out_from_whatever_of_its_card_lies_under_it(
    page: Page, address: str, recipient_api: RecipientApi, card: str, scheme: Any, look: Callable[[str], None]
) -> None:
    recipient_api.card = card
    recipient_api.send_title = LONGEST_TITLE
    page.emulate_media(color_scheme=scheme)
    page.goto(address)
    gift = page.locator(".gift")
    look(f"card-{card}-{scheme}")
    lines = gift.evaluate(LINES)
    assert len(lines) >= 4, "title, its second line, what arrived and how many"
    gift.evaluate(HIDDEN)
    with Image.open(io.BytesIO(gift.screenshot())) as shot:
        ground = shot.convert("RGB")
    scale = ground.width / gift.evaluate("(card) => card.getBoundingClientRect().width")
    for line in lines:
        box = tuple(round(edge * scale) for edge in line["box"])
        colors = ground.crop(box).getcolors(maxcolors=box[2] * box[3])
        faintest = min(contrast(tuple(line["color"]), color) for _, color in colors)
        assert faintest >= CONTRAST_MIN, (line, faintest)


def test_the_measure_is_that_of_the_guideline() -> None:
    assert contrast(WHITE, (0, 0, 0)) == pytest.approx(21)
    assert contrast(WHITE, (118, 118, 118)) == pytest.approx(4.54, abs=0.01)
