"""`./coupbiz logs [NAME …] [--follow]`: the processes' logs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence

from launcher.suite import suite_of_checkout
from launcher.words import LauncherError

LINES_SHOWN = "40"


def main(arguments: Sequence[str]) -> int:
    """Show the end of each log whose name begins with NAME (all without one); `--follow` goes on showing."""
    names = [argument for argument in arguments if not argument.startswith("-")]
    every = sorted(suite_of_checkout().logs.glob("*.log"))
    logs = [log for log in every if not names or any(log.stem.startswith(name) for name in names)]
    if not logs:
        known = ", ".join(log.stem for log in every) or "none yet"
        raise LauncherError(f"There is no such log. There are: {known}")
    follow = ["-F"] if {"-f", "--follow"} & set(arguments) else []
    tail = shutil.which("tail") or "/usr/bin/tail"
    os.execv(tail, [tail, "-n", LINES_SHOWN, *follow, *(str(log) for log in logs)])  # noqa: S606 — becomes tail.
