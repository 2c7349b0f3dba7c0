"""Bars that read back as what they were made from."""

from __future__ import annotations

import string

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from coupon_web.api.barcodes import QUIET_MODULES, Barcode, barcode_of

PRINTABLE = string.ascii_letters + string.digits + "-/. *+$%"


def read(barcode: Barcode) -> list[str]:
    """What a scanner reads of the bars, drawn three pixels a module."""
    image = Image.new("L", (barcode.modules * 3, 60), 255)
    draw = ImageDraw.Draw(image)
    for bar in barcode.bars:
        draw.rectangle((bar.start * 3, 0, (bar.start + bar.width) * 3 - 1, 59), fill=0)
    return [found.text for found in zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.Code128)]


@given(
    st.one_of(
        st.text(string.digits, min_size=6, max_size=24),
        st.text(string.digits, min_size=4, max_size=20).map(lambda digits: f"99{digits}"),
        st.text(PRINTABLE, min_size=6, max_size=20).map(lambda text: f"A{text.strip()}Z"),
    )
)
def test_every_number_reads_back_as_itself(number: str) -> None:
    barcode = barcode_of(number)

    assert barcode is not None
    assert read(barcode) == [number]


@pytest.mark.parametrize("number", ["99", "9999", "990000000000", "100000000099"])
def test_a_leading_99_is_not_lost(number: str) -> None:
    barcode = barcode_of(number)

    assert barcode is not None
    # Start, check and stop are 35 modules with the quiet zones' 20 beside them; two digits are 11.
    assert barcode.modules == 35 + 2 * QUIET_MODULES + 11 * (len(number) // 2)


def test_what_code_128_cannot_hold_has_no_bars() -> None:
    assert barcode_of("가나다") is None


def test_bars_are_whole_pixels_wide_on_the_narrowest_phones() -> None:
    barcode = barcode_of("900112345678")

    assert barcode is not None
    assert barcode.width_px == 2 * barcode.modules
    assert barcode.width_px <= 300
