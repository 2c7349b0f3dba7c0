"""Processes of a suite whose supervisor is gone (killed, or the machine ran out of memory)."""

from __future__ import annotations

import os
import select
import signal
from contextlib import suppress
from pathlib import Path

from launcher.environment import MARK

PROCESSES = Path("/proc")
STOP_TIMEOUT_SECONDS = 30.0


def stray_pids(data: Path) -> list[int]:
    """The processes that carry the mark of the suite with this data, without the children of one that does."""
    mark = f"{MARK}={data}".encode()
    marked: dict[int, int] = {}
    for folder in PROCESSES.glob("[0-9]*"):
        with suppress(OSError):
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                # The name in brackets may hold anything; state and parent come after it.
                marked[int(folder.name)] = int((folder / "stat").read_text("utf-8").rpartition(")")[2].split()[1])
    return [pid for pid, parent in marked.items() if parent not in marked and pid != os.getpid()]


def end_strays(data: Path) -> int:
    """Stop what is left of an earlier run, gently at first; returns how many processes there were."""
    pids = stray_pids(data)
    _signal_and_wait(pids, None)
    _signal_and_wait(stray_pids(data), signal.SIGKILL)
    return len(pids)


def _signal_and_wait(pids: list[int], number: signal.Signals | None) -> None:
    handles = []
    for pid in pids:
        with suppress(ProcessLookupError):
            handle = os.pidfd_open(pid)
            signal.pidfd_send_signal(handle, number or _gentle(pid))
            handles.append(handle)
    for handle in handles:
        select.select([handle], [], [], STOP_TIMEOUT_SECONDS)
        os.close(handle)


def _gentle(pid: int) -> signal.Signals:
    # PostgreSQL waits for its clients on SIGTERM, and rolls them back on SIGINT.
    program = (PROCESSES / str(pid) / "cmdline").read_bytes().split(b"\0")[0]
    return signal.SIGINT if program.endswith(b"/postgres") else signal.SIGTERM
