"""The picture of a coupon that a recipient saves and shows at the till, as PNG."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont, ImageOps

from coupon_web.api.barcodes import Barcode, barcode_of
from coupon_web.domain.coupon import Coupon, grouped, korean_date

WIDTH = 1080
MARGIN = 48
PADDING = 64
INNER = WIDTH - 2 * (MARGIN + PADDING)
PICTURE = 520
BAR_HEIGHT = 240
SPACE = 44
MODULE_MAX = 7
NOTICE_LINES_MAX = 14
PICTURE_PIXELS_MAX = 40_000_000
"""A larger picture is left out: unpacked, it would take more memory than a saved coupon is worth."""

CANVAS = "#ECE9FB"
PAPER = "#FFFFFF"
INK = "#191F28"
QUIET_INK = "#4E5968"
BRAND = "#5B3FD6"
RULE = "#D5D9E0"


@dataclass(frozen=True, slots=True)
class Fonts:
    """The font files of a picture's text; Hangul has to be in them."""

    regular: Path
    bold: Path


@dataclass(frozen=True, slots=True)
class _Text:
    """Lines of one size; `y` grows by `step` a line."""

    lines: tuple[str, ...]
    font: ImageFont.FreeTypeFont
    color: str
    step: int
    space_before: int
    centered: bool = True

    @property
    def height(self) -> int:
        return self.space_before + self.step * len(self.lines) if self.lines else 0


class CouponImages:
    """Draws coupons."""

    def __init__(self, fonts: Fonts, *, brand_name: str) -> None:
        self._brand_name = brand_name
        self._regular = {size: ImageFont.truetype(fonts.regular, size) for size in (28, 32, 36)}
        self._bold = {size: ImageFont.truetype(fonts.bold, size) for size in (36, 40, 52, 56)}

    def draw(self, coupon: Coupon, *, send_title: str, picture: bytes | None) -> bytes:
        """The PNG of a coupon that can be used; `picture` is the product's, in any format that is unpacked safely."""
        barcode = barcode_of(coupon.barcode_value or "")
        shown = _unpacked(picture)
        above = self._above(coupon, send_title)
        below = self._below(coupon)
        height = 2 * MARGIN + 2 * PADDING + _height(above) + _height(below) + 2 * SPACE + (BAR_HEIGHT if barcode else 0)
        height += PICTURE + SPACE if shown else 0

        image = Image.new("RGB", (WIDTH, height), CANVAS)
        draw = ImageDraw.Draw(image)
        draw.rounded_rectangle((MARGIN, MARGIN, WIDTH - MARGIN, height - MARGIN), radius=40, fill=PAPER)
        y = MARGIN + PADDING
        if shown:
            image.paste(shown, ((WIDTH - PICTURE) // 2, y), _rounded(PICTURE))
            y += PICTURE + SPACE
        y = _write(draw, above, y)
        y = _perforate(draw, y + SPACE)
        y = _draw_bars(draw, barcode, y + SPACE)
        _write(draw, below, y)
        packed = io.BytesIO()
        image.save(packed, "PNG", optimize=True)
        return packed.getvalue()

    def _above(self, coupon: Coupon, send_title: str) -> list[_Text]:
        return [
            self._text(send_title, self._bold[36], BRAND, space_before=0, lines_max=2),
            self._text(coupon.brand_name, self._regular[36], QUIET_INK, space_before=28, lines_max=1),
            self._text(coupon.product_name, self._bold[52], INK, space_before=8, lines_max=3),
        ]

    def _below(self, coupon: Coupon) -> list[_Text]:
        until = f"{korean_date(coupon.expires_on)}까지" if coupon.expires_on else ""
        return [
            self._text(grouped(coupon.number or ""), self._bold[56], INK, space_before=20, lines_max=2),
            self._text(until, self._bold[40], BRAND, space_before=24, lines_max=1),
            self._text(
                coupon.notice, self._regular[28], QUIET_INK, space_before=36, lines_max=NOTICE_LINES_MAX, centered=False
            ),
            self._text(self._brand_name, self._regular[32], QUIET_INK, space_before=36, lines_max=1),
        ]

    def _text(
        self,
        text: str,
        font: ImageFont.FreeTypeFont,
        color: str,
        *,
        space_before: int,
        lines_max: int,
        centered: bool = True,
    ) -> _Text:
        lines = tuple(_wrapped(text, font))
        if len(lines) > lines_max:
            lines = (*lines[: lines_max - 1], _shortened(lines[lines_max - 1], font))
        return _Text(lines, font, color, int(font.size * 1.45), space_before, centered)


def _unpacked(picture: bytes | None) -> Image.Image | None:
    """The product's picture, cut to a square; None when it is none, or too large."""
    if not picture:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(picture), formats=("PNG", "JPEG", "WEBP", "GIF")) as opened:
                if opened.width * opened.height > PICTURE_PIXELS_MAX:
                    return None
                square = ImageOps.fit(opened.convert("RGBA"), (PICTURE, PICTURE))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None
    paper = Image.new("RGBA", square.size, PAPER)
    return Image.alpha_composite(paper, square).convert("RGB")


def _rounded(side: int) -> Image.Image:
    mask = Image.new("L", (side, side), 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, side - 1, side - 1), radius=32, fill=255)
    return mask


def _wrapped(text: str, font: ImageFont.FreeTypeFont) -> Iterator[str]:
    """Lines that fit, broken between words, and within a word that is too long by itself."""
    for paragraph in text.splitlines():
        line = ""
        for word in paragraph.split():
            joined = f"{line} {word}" if line else word
            if font.getlength(joined) <= INNER:
                line = joined
                continue
            if line:
                yield line
            line = ""
            for character in word:
                if line and font.getlength(line + character) > INNER:
                    yield line
                    line = ""
                line += character
        if line:
            yield line


def _shortened(line: str, font: ImageFont.FreeTypeFont) -> str:
    while line and font.getlength(f"{line}…") > INNER:
        line = line[:-1]
    return f"{line}…"


def _height(texts: list[_Text]) -> int:
    return sum(text.height for text in texts)


def _write(draw: ImageDraw.ImageDraw, texts: list[_Text], y: int) -> int:
    for text in texts:
        if not text.lines:
            continue
        y += text.space_before
        for line in text.lines:
            x = (WIDTH - text.font.getlength(line)) / 2 if text.centered else MARGIN + PADDING
            draw.text((x, y), line, font=text.font, fill=text.color)
            y += text.step
    return y


def _perforate(draw: ImageDraw.ImageDraw, y: int) -> int:
    """The line between what it is and what the till reads."""
    for x in range(MARGIN + 40, WIDTH - MARGIN - 40, 24):
        draw.line((x, y, x + 12, y), fill=RULE, width=3)
    for x in (MARGIN, WIDTH - MARGIN):
        draw.ellipse((x - 22, y - 22, x + 22, y + 22), fill=CANVAS)
    return y


def _draw_bars(draw: ImageDraw.ImageDraw, barcode: Barcode | None, y: int) -> int:
    if barcode is None:
        return y
    module = max(1, min(MODULE_MAX, (WIDTH - 2 * MARGIN) // barcode.modules))
    left = (WIDTH - module * barcode.modules) // 2
    for bar in barcode.bars:
        start = left + bar.start * module
        draw.rectangle((start, y, start + bar.width * module - 1, y + BAR_HEIGHT - 1), fill="#000000")
    return y + BAR_HEIGHT
