"""Named points at which a test can kill the process, so that every gap between two side effects is hit on purpose.

`COUPBIZ_CRASH_AT=name` kills at the point's first passing, `name:3` at its third. With `COUPBIZ_CRASH_ONCE_FILE` the
process dies only if the file is not there, and leaves it behind: the process that is started again lives.

With `COUPBIZ_CRASH_FOLDER` points are armed and disarmed while everything runs: a file in the folder under a point's
name kills whoever passes the point first, and is renamed by it (`DIED`) at its last moment.
"""

import os
import threading
from collections import Counter
from pathlib import Path

EXIT_CODE = 137
"""What a shell reports of a process that was killed by SIGKILL."""

FOLDER_VARIABLE = "COUPBIZ_CRASH_FOLDER"
DIED = ".died"
"""What is appended to the name of an armed point's file by the process that dies of it."""

_declared: set[str] = set()
_passed: Counter[str] = Counter()
_lock = threading.Lock()


class UndeclaredPointError(LookupError):
    """A point was passed that nobody declared, so no test would ever walk it."""


def declare_points(*names: str) -> None:
    """Make points known; done when consumers, relays and loops are built. Declaring again changes nothing."""
    with _lock:
        _declared.update(names)


def points() -> tuple[str, ...]:
    """Every point declared in this process, in order of name."""
    with _lock:
        return tuple(sorted(_declared))


def point(name: str) -> None:
    """Do nothing, unless the environment says to die here. Raises `UndeclaredPointError`."""
    if name not in _declared:
        raise UndeclaredPointError(name)
    folder = os.environ.get(FOLDER_VARIABLE)
    if folder is not None:
        with _lock:  # Else one death could be taken for two: of the points that two threads passed at once.
            if _disarms(Path(folder) / name):
                os._exit(EXIT_CODE)
    wanted = os.environ.get("COUPBIZ_CRASH_AT")
    if wanted is None:
        return
    wanted_name, _, nth = wanted.partition(":")
    if wanted_name != name:
        return
    with _lock:
        _passed[name] += 1
        if _passed[name] != int(nth or 1):
            return
    if _is_first_death(name):
        os._exit(EXIT_CODE)


def _disarms(file: Path) -> bool:
    try:
        file.rename(file.with_name(file.name + DIED))
    except FileNotFoundError:
        return False
    return True


def _is_first_death(name: str) -> bool:
    once_file = os.environ.get("COUPBIZ_CRASH_ONCE_FILE")
    if once_file is None:
        return True
    try:
        with Path(once_file).open("x") as file:
            file.write(name)
    except FileExistsError:
        return False
    return True
