"""A picture of a PIN: Code 128, set C (pairs of digits), as PNG."""

from __future__ import annotations

import struct
import zlib

# Widths of bars and spaces of the symbols 0 to 105, as the standard lists them.
SYMBOLS = (  # noqa: SIM905 - a hundred short words read better as words.
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 "
    "123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 "
    "232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 "
    "313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 "
    "111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 "
    "111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 "
    "114311 411113 411311 113141 114131 311141 411131 211412 211214 211232"
).split()
START_C = 105
STOP = "2331112"
QUIET_MODULES = 10
MODULE_PIXELS = 2
HEIGHT_PIXELS = 80


def barcode_png(digits: str) -> bytes:
    """A PNG that scanners read as these digits; their number must be even."""
    values = [START_C, *(int(digits[place : place + 2]) for place in range(0, len(digits), 2))]
    check = (values[0] + sum(place * value for place, value in enumerate(values))) % 103
    widths = "".join([SYMBOLS[value] for value in [*values, check]]) + STOP
    bars = "".join(("\x00", "\xff")[place % 2] * int(width) for place, width in enumerate(widths))
    modules = "\xff" * QUIET_MODULES + bars + "\xff" * QUIET_MODULES
    row = b"\0" + b"".join(module.encode("latin-1") * MODULE_PIXELS for module in modules)
    width_pixels = len(modules) * MODULE_PIXELS
    header = struct.pack(">IIBBBBB", width_pixels, HEIGHT_PIXELS, 8, 0, 0, 0, 0)
    rows = zlib.compress(row * HEIGHT_PIXELS)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
