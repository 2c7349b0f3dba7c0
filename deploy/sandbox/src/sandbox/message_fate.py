"""What becomes of an accepted message: which results are reported, when, and whether the phone got it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

DELIVERED = {"KAT": "7000", "MMS": "6600", "LMS": "6600", "SMS": "4100"}
LOST = {"KAT": "7318", "MMS": "6606", "LMS": "6606", "SMS": "4410"}
MEDIA_BY_TYPE = {"at": "KAT", "ai": "KAT", "sms": "SMS", "lms": "LMS", "mms": "MMS"}
CERTAIN_AFTER_SECONDS = 2.0
VARIABLE = re.compile(r"#\{[^}]*\}")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One reported result. `kakao_result` is the cause when a fallback was sent instead."""

    media: str
    result: str
    kakao_result: str = ""
    delay_seconds: float = 0.0

    @property
    def delivered(self) -> bool:
        """Whether the phone has it."""
        return self.result == DELIVERED[self.media]


@dataclass(frozen=True, slots=True)
class Fate:
    """What is reported, in order, how many times each, and the channel by which the phone got it, if it did."""

    outcomes: list[Outcome]
    copies: int = 1
    arrives_by: str | None = None
    arrives_after_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Template:
    """An approved alimtalk template: its text with #{variables}, and its buttons by name and type."""

    templatecode: str
    content: str
    buttons: list[dict[str, Any]] = field(default_factory=list)

    def objection(self, message: str, buttons: list[dict[str, Any]]) -> str | None:
        """The result code by which this message is not of this template, or None."""
        parts = [re.escape(part) for part in VARIABLE.split(self.content)]
        if not re.fullmatch(".*?".join(parts), message, re.DOTALL):
            return "7204"
        wanted = [(button.get("name"), button.get("type")) for button in self.buttons]
        given = [(button.get("name"), button.get("type")) for button in buttons]
        return None if wanted == given else "7327"


def fate_of(pattern: str, kind: str, fallback: str | None, objection: str | None, late_seconds: float) -> Fate:
    """The fate of a message of this wire type for a recipient of this pattern.

    `fallback` is the medium sent when alimtalk fails, `objection` the result by which the template refuses.
    """
    media = MEDIA_BY_TYPE[kind]
    cause = objection or ("7318" if pattern in {"9001", "9002"} else "")
    if media == "KAT" and cause:
        return _fallen_back(cause, fallback, well=pattern != "9002")
    if pattern == "9002":
        return Fate([Outcome(media, LOST[media])])
    return _arriving(pattern, media, late_seconds)


def _arriving(pattern: str, media: str, late_seconds: float) -> Fate:
    """The fate of a message that the phone gets, whatever is told of it."""
    well = Outcome(media, DELIVERED[media])
    if pattern == "9004":
        return Fate([], arrives_by=media)
    if pattern == "9005":
        late = replace(well, delay_seconds=late_seconds)
        return Fate([late], arrives_by=media, arrives_after_seconds=late_seconds)
    if pattern == "9010" and media == "KAT":
        outcomes = [Outcome(media, "7305"), replace(well, delay_seconds=CERTAIN_AFTER_SECONDS)]
        return Fate(outcomes, arrives_by=media)
    return Fate([well], copies=3 if pattern == "9006" else 1, arrives_by=media)


def _fallen_back(cause: str, fallback: str | None, *, well: bool) -> Fate:
    if fallback is None:
        return Fate([Outcome("KAT", cause)])
    if well:
        return Fate([Outcome(fallback, DELIVERED[fallback], cause)], arrives_by=fallback)
    return Fate([Outcome(fallback, LOST[fallback], cause)])
