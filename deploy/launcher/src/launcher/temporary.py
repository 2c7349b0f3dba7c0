"""A whole suite for tests and measurements: own data, ports and servers, supervised, gone at the end."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from launcher.process import Process, raise_open_files_limit
from launcher.stack import Stack
from launcher.suite import Suite, open_suite
from launcher.supervisor import WATCH_SECONDS, Watch

RESTART_DELAY_MAX_SECONDS = 0.5
"""Tests have processes die again and again, and mean it."""


class RunningSuite:
    """A suite that runs; what dies is started again, unless it is held down on purpose."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._watch = Watch(stack.processes, delay_max_seconds=RESTART_DELAY_MAX_SECONDS)
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._keep_up, name="watch", daemon=True)
        self._thread.start()

    @property
    def suite(self) -> Suite:
        """Its addresses, keys and data."""
        return self._stack.suite

    def restarts(self, name: str) -> int:
        """How often the process of that name (`wallet-worker`) was started again."""
        return self._watch.restarts[name]

    def kill(self, name: str) -> None:
        """End a process without a warning (SIGKILL); it is started again at once."""
        with self._lock:
            self._stack.process(name).kill()

    def hold_down(self, name: str) -> None:
        """Stop a process (gently), and leave it stopped until `let_up`: the broker away, a worker off."""
        with self._lock:
            self._watch.held.add(name)
            self._stack.process(name).stop()

    def let_up(self, name: str) -> None:
        """Start a held process again, and wait until it answers."""
        with self._lock:
            process = self._stack.process(name)
            process.start()
            self._watch.held.discard(name)
        process.wait_until_ready()

    def restart_with(self, name: str, extra: Mapping[str, str]) -> None:
        """Start a process anew with more in its environment, for that one life: a crash point, say."""
        with self._lock:
            process = self._stack.process(name)
            process.stop()
            process.start(extra)
        process.wait_until_ready()

    def process(self, name: str) -> Process:
        """The process of that name. Raises KeyError."""
        return self._stack.process(name)

    def end(self) -> None:
        """No more starting again."""
        self._ended.set()
        self._thread.join()

    def _keep_up(self) -> None:
        while not self._ended.wait(WATCH_SECONDS):
            with self._lock:
                self._watch.step(time.monotonic())


@contextmanager
def temporary_suite(
    only: Collection[str] | None = None,
    extra: Mapping[str, Mapping[str, str]] | None = None,
    say: Callable[[str], None] = lambda _line: None,
) -> Iterator[RunningSuite]:
    """Start a suite (or parts of it), with `extra` environment by process name; stop and remove it at the end.

    It is cleared away also when this process is killed. Raises LauncherError when it does not start.
    """
    raise_open_files_limit()
    data = Path(tempfile.mkdtemp(prefix="coupbiz-suite-"))
    data.chmod(0o711)  # The servers' own user goes through it, and sees nothing of it.
    guardian = _guardian(data)
    stack = Stack(open_suite(data, durable=False), only=only, extra=extra or {})
    try:
        stack.start(say)
        running = RunningSuite(stack)
        try:
            yield running
        finally:
            running.end()
    finally:
        stack.stop(say)
        shutil.rmtree(data, ignore_errors=True)
        guardian.kill()
        guardian.wait()


def _guardian(data: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-m", "launcher.guardian", str(data), str(os.getpid())]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
