"""What the other commands can know of a running suite: who supervises it, in which phase, and its processes."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO


class Phase(StrEnum):
    """Where a start or stop stands."""

    STARTING = "starting"
    READY = "ready"
    FAILED = "failed"
    STOPPING = "stopping"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class ProcessLine:
    """One process as `ps` shows it; `pid` is None while it does not run."""

    name: str
    pid: int | None
    restarts: int


@dataclass(frozen=True, slots=True)
class RunState:
    """The supervisor's own account, written at every change."""

    supervisor_pid: int
    phase: Phase
    message: str
    processes: tuple[ProcessLine, ...]


class RunFolder:
    """The files by which a supervisor and the commands beside it understand each other."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def progress(self) -> Path:
        """What the supervisor says while it starts and stops, line by line."""
        return self._folder / "progress.log"

    def take(self) -> IO[str] | None:
        """Become the one supervisor: the lock, held while the file is open; None when another one holds it."""
        lock = (self._folder / "lock").open("w", encoding="ascii")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return None
        return lock

    def is_taken(self) -> bool:
        """Whether a supervisor lives. (Its process id alone would not tell: ids are used again.)"""
        lock = self.take()
        if lock is None:
            return True
        lock.close()
        return False

    def write(self, pid: int, phase: Phase, message: str, processes: Sequence[ProcessLine]) -> None:
        """Put down how things stand."""
        state = asdict(RunState(pid, phase, message, tuple(processes)))
        written = self._folder / "state.new"
        written.write_text(json.dumps(state), encoding="utf-8")
        written.rename(self._folder / "state.json")

    def read(self) -> RunState | None:
        """How things stood last; None before the first start."""
        try:
            raw = json.loads((self._folder / "state.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        lines = tuple(ProcessLine(**line) for line in raw["processes"])
        return RunState(raw["supervisor_pid"], Phase(raw["phase"]), raw["message"], lines)
