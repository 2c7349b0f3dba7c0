"""Mobile numbers as people write them (ADR-03)."""

import re
import unicodedata

_SEPARATORS = re.compile(r"[\s\-‐‑‒–—―−\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Also the marks of direction that phones and chats put unseen around a number that is copied from them."""
_WITHOUT_ZERO = re.compile(r"1(?:0\d{8}|[16789]\d{7,8})")
_MOBILE = re.compile(r"010\d{8}|01[16789]\d{7,8}")


def read_phone(given: str) -> str | None:
    """The digits of a mobile number; None for what is none.

    Hyphens and spaces go, +82 is as good as 0, and the leading 0 that a number cell lost comes back: 010 has 11 digits,
    011 and 016 to 019 have 10 or 11.
    """
    digits = _SEPARATORS.sub("", unicodedata.normalize("NFKC", given)).removeprefix("+82")
    if _WITHOUT_ZERO.fullmatch(digits):
        digits = f"0{digits}"
    return digits if _MOBILE.fullmatch(digits) and digits.isascii() else None
