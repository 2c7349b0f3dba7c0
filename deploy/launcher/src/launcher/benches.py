"""`./coupbiz bench [NAME]`: measure; each measurement is a program of its own in `bench/`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from launcher.places import ROOT
from launcher.words import LauncherError, say

FOLDER = ROOT / "bench"


def main(arguments: Sequence[str]) -> int:
    """Run one measurement with the rest of the arguments, or name them all."""
    programs = {path.stem: path for path in sorted(FOLDER.glob("*.py")) if not path.stem.startswith("_")}
    if not arguments:
        say(f"./coupbiz bench NAME, with a name of: {', '.join(programs) or 'none yet'}")
        return 0
    program = programs.get(arguments[0])
    if program is None:
        raise LauncherError(f"There is no measurement {arguments[0]}. There are: {', '.join(programs) or 'none'}")
    sys.stdout.flush()
    os.chdir(ROOT)
    # It becomes the measurement: what interrupts it reaches the one who has to stop what was started for it.
    return os.execv(sys.executable, [sys.executable, str(program), *arguments[1:]])  # noqa: S606
