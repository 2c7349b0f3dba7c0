"""Arming crash points of a running suite, and seeing processes die of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from fnmatch import fnmatch
from pathlib import Path

from chassis.crash import DIED
from chassis.testing.events import eventually

STANDSTILL_SECONDS = 180
AGAIN_AFTER_SECONDS = 20
ACTS_IN_VAIN_MAX = 6


class CrashPoints:
    """Every declared point by its process; each is armed by a file of its name, which who dies of it renames."""

    def __init__(self, folder: Path, declared: Mapping[str, Sequence[str]]) -> None:
        self._folder = folder
        self.declared = sorted({point for points in declared.values() for point in points})
        self.armings: Counter[str] = Counter()
        """How often each point was armed."""

    def arm(self, *patterns: str) -> None:
        """Arm every point that fits a pattern, as file names are matched. Raises LookupError when one fits none."""
        for pattern in patterns:
            found = [point for point in self.declared if fnmatch(point, pattern)]
            if not found:
                raise LookupError(pattern)
            for point in found:
                if not (self._folder / point).exists():
                    self.armings[point] += 1
                (self._folder / point).touch()

    @property
    def armed(self) -> list[str]:
        """The points that nobody has passed since they were armed."""
        return sorted(file.name for file in self._folder.iterdir() if file.suffix != DIED)

    @property
    def walked(self) -> list[str]:
        """The points at which some process died."""
        return sorted(file.name.removesuffix(DIED) for file in self._folder.iterdir() if file.suffix == DIED)

    @property
    def missed(self) -> list[str]:
        """The declared points at which no process ever died."""
        return sorted(set(self.declared) - set(self.walked))

    def see_all_die(self, standstill_seconds: float = STANDSTILL_SECONDS) -> None:
        """Wait until nothing is armed any more, as long as processes go on dying: a busy machine takes its time.

        Raises AssertionError naming what nobody passed, when nobody died for so long.
        """
        while armed := self.armed:
            self._see_one_die(armed, standstill_seconds)

    def _see_one_die(self, armed: Sequence[str], timeout_seconds: float) -> None:
        def look() -> bool:
            assert self.armed != armed, f"still armed: {armed}"
            return True

        eventually(look, timeout_seconds)

    def act_until_all_died(self, act: Callable[[], object]) -> None:
        """Do something that passes the armed points, again and again, until a process has died at each.

        It is done again when nobody died of it for a while, and given up when that happened too often in a row.
        """
        in_vain = 0
        while armed := self.armed:
            if in_vain == ACTS_IN_VAIN_MAX:
                raise AssertionError(f"still armed: {armed}")
            act()
            with suppress(AssertionError):
                self.see_all_die(AGAIN_AFTER_SECONDS)
            in_vain = in_vain + 1 if self.armed == armed else 0
