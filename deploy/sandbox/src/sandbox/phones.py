"""What a phone's number means: the scripted behaviour of 010-9001 to 010-9013, and odds for the rest."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

SCRIPTED = re.compile(r"^010(90(?:0[1-9]|1[0-4]))\d{4}$")
ALWAYS_WELL = re.compile(r"^0100000\d{4}$")
MOBILE = re.compile(r"^01[016789]\d{7,8}$")
CODE = re.compile(r"(?<!\d)(\d{6})(?!\d)")


def digits(phone: str) -> str:
    """The number without hyphens and blanks."""
    return re.sub(r"[\s-]", "", phone)


def is_mobile(phone: str) -> bool:
    """Whether this can be a Korean mobile number."""
    return MOBILE.match(digits(phone)) is not None


def pattern_of(phone: str, key: str, odds: Mapping[str, float]) -> str:
    """The pattern ("9001" …) by which this recipient is treated, or "" for well.

    A number of the scripted range says it itself, 010-0000 is always well, and any other number falls into a
    pattern with that pattern's percentage in `odds`, decided by the hash of the caller's own key: the same
    key meets the same fate in every run.
    """
    number = digits(phone)
    if scripted := SCRIPTED.match(number):
        return scripted.group(1)
    if not odds or ALWAYS_WELL.match(number):
        return ""
    drawn = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) / 2**32 * 100
    for pattern, percent in sorted(odds.items()):
        drawn -= percent
        if drawn < 0:
            return pattern
    return ""


def code_in(text: str) -> str | None:
    """The six digits standing alone in a text, the last if there are several."""
    found = CODE.findall(text)
    return found[-1] if found else None
