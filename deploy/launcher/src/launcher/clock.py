"""`./coupbiz clock [show | advance DURATION]`: the one clock of the sandbox and all services (SCH-03).

Advancing goes from due time to due time, and waits at each until nothing in the suite moves any more.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from chassis.clock import SEOUL
from chassis.stepping import NotAtRestError, Patience, advance
from launcher.journey.outside import Outside
from launcher.journey.rest import Refused
from launcher.resting import sources_of
from launcher.suite import Suite, suite_of_checkout
from launcher.words import LauncherError, say

STEP_TIMEOUT_SECONDS = 90.0
_SECONDS_BY_UNIT = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_DURATION = re.compile(r"(?:\d+[dhms])+")
_CONFLICT = 409


def main(arguments: Sequence[str]) -> int:
    """Show the time, or move it on."""
    parser = argparse.ArgumentParser(prog="./coupbiz clock")
    parser.add_argument("act", nargs="?", choices=["show", "advance"], default="show")
    parser.add_argument("duration", nargs="?", help="such as 90m, 80h, 3d or 2d12h")
    asked = parser.parse_args(arguments)
    if (asked.act == "advance") != (asked.duration is not None):
        raise LauncherError("./coupbiz clock [show | advance DURATION], with a duration such as 90m, 80h or 2d12h")
    suite = suite_of_checkout()
    if asked.act == "advance":
        stood_at = advance_suite(suite, duration_of(asked.duration))
        say(f"Stood at {len(stood_at)} times, and came to rest at each.")
    _show(Outside(suite.sandbox_url).now())
    return 0


def duration_of(text: str) -> timedelta:
    """The duration that `2d12h` means. Raises LauncherError."""
    if not _DURATION.fullmatch(text):
        raise LauncherError(f"{text} is no duration; such as 90m, 80h, 3d or 2d12h is.")
    parts = re.findall(r"(\d+)([dhms])", text)
    try:
        return timedelta(seconds=sum(int(number) * _SECONDS_BY_UNIT[unit] for number, unit in parts))
    except OverflowError:
        raise LauncherError(f"{text} is too far.") from None


def advance_suite(
    suite: Suite, duration: timedelta, *, step_timeout_seconds: float = STEP_TIMEOUT_SECONDS
) -> list[datetime]:
    """Move the clock on, by way of everything that is due until then; the times it stood at.

    Raises LauncherError naming what did not come to rest; the clock stays there.
    """
    outside = Outside(suite.sandbox_url)

    def move(to: datetime) -> None:
        try:
            outside.control("POST", "/clock", {"now": to.isoformat()})
        except Refused as refused:
            if refused.status != _CONFLICT:
                raise  # It has passed that time by itself: there is nothing to move.

    try:
        return advance(
            outside.now() + duration,
            sources=sources_of(suite),
            move=move,
            patience=Patience(timeout_seconds=step_timeout_seconds),
        )
    except NotAtRestError as restless:
        raise LauncherError(f"The suite is {restless}") from restless


def _show(now: datetime) -> None:
    say(f"{now.astimezone(SEOUL):%Y-%m-%d %H:%M:%S} in Seoul, {now.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC")
