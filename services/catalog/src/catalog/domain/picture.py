"""Pictures are kept in several sizes, so that no list loads more than it shows."""

from typing import Literal

PictureFormat = Literal["JPEG", "PNG"]
WIDTHS = (160, 320, 640)
"""Widths in pixels: lists, cards, a product's page. A picture that is narrower is never blown up."""
PIXELS_MAX = 25_000_000
"""A file of two megabytes can unpack to far more than a process has."""


def name_of_width(image_name: str, width: int) -> str:
    """The name of a picture's size: `digest.png` → `digest-320.png`."""
    stem, _, ending = image_name.rpartition(".")
    return f"{stem}-{width}.{ending}"
