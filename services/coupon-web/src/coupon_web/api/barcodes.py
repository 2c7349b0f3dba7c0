"""Code 128 barcodes: the bars that phones show and pictures hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from barcode.charsets import code128
from barcode.codex import Code128
from barcode.errors import BarcodeError

QUIET_MODULES = 10
"""The white that the symbology asks for on either side."""
SCREEN_WIDTH_PX = 300
"""What the narrowest phones have room for."""
MODULE_PX_MAX = 3


@dataclass(frozen=True, slots=True)
class Bar:
    """A black bar, in modules from the left edge (quiet zone included)."""

    start: int
    width: int


@dataclass(frozen=True, slots=True)
class Barcode:
    """A barcode's bars; `modules` is its whole width."""

    bars: tuple[Bar, ...]
    modules: int

    @property
    def width_px(self) -> int:
        """The width on a screen: a whole number of pixels a module, so that no bar is blurred."""
        return self.modules * max(1, min(MODULE_PX_MAX, SCREEN_WIDTH_PX // self.modules))

    @property
    def path(self) -> str:
        """The bars as the `d` of an SVG path of height 1."""
        return "".join(f"M{bar.start} 0h{bar.width}v1h-{bar.width}z" for bar in self.bars)


class _WholeCode128(Code128):  # type: ignore[misc]
    """The library's encoder, which takes a number's leading 99 for a change of character set and leaves it out."""

    def _try_to_optimize(self, encoded: list[int]) -> list[int]:
        if encoded[:2] == [code128.START_CODES["C"], 99]:
            return encoded
        optimized: list[int] = super()._try_to_optimize(encoded)
        return optimized


def barcode_of(value: str) -> Barcode | None:
    """The Code 128 of a value; None when that cannot hold it, so that the number alone has to do."""
    try:
        (line,) = _WholeCode128(value).build()
    except BarcodeError:
        return None
    return Barcode(tuple(_bars(line)), len(line) + 2 * QUIET_MODULES)


def _bars(line: str) -> Iterator[Bar]:
    start = QUIET_MODULES
    for module, run in groupby(line):
        width = len(list(run))
        if module == "1":
            yield Bar(start, width)
        start += width
