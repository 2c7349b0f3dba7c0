"""`python -m launcher.guardian DATA PID`: clears a temporary suite away when the process that made it is gone."""

from __future__ import annotations

import os
import select
import shutil
import sys
from pathlib import Path

from launcher.strays import end_strays


def guard(data: Path, pid: int) -> None:
    """Wait for the end of process `pid`; then stop what is left of the suite in `data`, and remove the folder."""
    select.select([os.pidfd_open(pid)], [], [])
    if data.exists():
        end_strays(data)
        shutil.rmtree(data, ignore_errors=True)


if __name__ == "__main__":
    guard(Path(sys.argv[1]), int(sys.argv[2]))
