"""`python -m launcher supervise`: one process that starts a suite, starts again what dies, and stops it in order."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Collection, Sequence
from types import FrameType

from launcher.process import Process, raise_open_files_limit
from launcher.runstate import Phase, ProcessLine, RunFolder
from launcher.stack import Stack
from launcher.strays import end_strays
from launcher.suite import Suite, suite_of_checkout
from launcher.words import LauncherError, say

WATCH_SECONDS = 0.5
RESTART_DELAY_MAX_SECONDS = 30.0
QUIET_AGAIN_SECONDS = 60.0
LOG_BYTES_MAX = 20_000_000


class Watch:
    """Starts again what has died: at once at first, later after a delay that doubles, until it lives a minute."""

    def __init__(self, processes: Sequence[Process], *, delay_max_seconds: float = RESTART_DELAY_MAX_SECONDS) -> None:
        self._processes = processes
        self._delay_max_seconds = delay_max_seconds
        self.restarts = {process.spec.name: 0 for process in processes}
        self._in_a_row = dict.fromkeys(self.restarts, 0)
        self._next_try = dict.fromkeys(self.restarts, 0.0)
        self.held: set[str] = set()
        """The names of those that are meant to be down."""

    def step(self, now: float) -> list[str]:
        """Look once, at the monotonic time `now`; returns the names of what was started again."""
        again = []
        for process in self._processes:
            name = process.spec.name
            if process.pid is not None:
                if now - self._next_try[name] > QUIET_AGAIN_SECONDS:
                    self._in_a_row[name] = 0
                continue
            if name in self.held or now < self._next_try[name]:
                continue
            process.start()
            self._in_a_row[name] += 1
            self.restarts[name] += 1
            self._next_try[name] = now + min(2.0 ** (self._in_a_row[name] - 1), self._delay_max_seconds)
            again.append(name)
        return again

    def lines(self) -> list[ProcessLine]:
        """How each process stands."""
        return [ProcessLine(p.spec.name, p.pid, self.restarts[p.spec.name]) for p in self._processes]


def main(arguments: Sequence[str]) -> int:
    """Supervise this checkout's suite until SIGTERM; `arguments` narrow what is started."""
    return supervise(suite_of_checkout(), only=frozenset(arguments) or None)


def supervise(suite: Suite, *, only: Collection[str] | None) -> int:
    """Start, watch until SIGTERM or SIGINT, stop. Returns 1 when the start failed."""
    folder = RunFolder(suite.run)
    lock = folder.take()
    if lock is None:
        raise LauncherError("The suite is already running.")
    told = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        told.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with lock:
        raise_open_files_limit()
        _shorten_logs(suite)
        folder.write(os.getpid(), Phase.STARTING, "", [])
        if strays := end_strays(suite.data):
            say(f"Stopped {strays} processes that an earlier run had left.")
        stack = Stack(suite, only=only, cancelled=told.is_set)
        try:
            stack.start(say)
        except LauncherError as failure:
            stack.stop(say)
            phase = Phase.STOPPED if told.is_set() else Phase.FAILED
            folder.write(os.getpid(), phase, str(failure), [])
            return int(phase is Phase.FAILED)
        _watch(folder, stack, told)
        folder.write(os.getpid(), Phase.STOPPING, "", Watch(stack.processes).lines())
        stack.stop(say)
        folder.write(os.getpid(), Phase.STOPPED, "", [])
    return 0


def _watch(folder: RunFolder, stack: Stack, told: threading.Event) -> None:
    watch = Watch(stack.processes)
    folder.write(os.getpid(), Phase.READY, "", watch.lines())
    while not told.wait(WATCH_SECONDS):
        if again := watch.step(time.monotonic()):
            say(f"Started again: {', '.join(again)}")
            folder.write(os.getpid(), Phase.READY, "", watch.lines())


def _shorten_logs(suite: Suite) -> None:
    suite.logs.mkdir(parents=True, exist_ok=True)
    for log in suite.logs.glob("*.log"):
        if log.stat().st_size > LOG_BYTES_MAX:
            log.rename(log.with_suffix(".log.1"))
