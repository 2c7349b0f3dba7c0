"""A whole suite for a test run: its own data, its own ports, watched as in production, gone afterwards."""

import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from launcher.demo import Places
from launcher.process import raise_open_files_limit
from launcher.showcase.operator import operator_of
from launcher.stack import Stack
from launcher.suite import Suite, open_suite
from launcher.supervisor import Watch

WATCH_SECONDS = 0.2
ENTERED_BY_THE_SERVERS_USER = 0o711


@dataclass
class Trial:
    """A running suite of a test."""

    suite: Suite
    stack: Stack
    watch: Watch
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def places(self) -> Places:
        """Where it is, and who its operator is."""
        suite = self.suite
        return Places(suite.gateway_url, suite.sandbox_url, operator_of(suite), suite.postgres_url)

    def step(self) -> None:
        """Start again what died."""
        with self._lock:
            self.watch.step(time.monotonic())

    @contextmanager
    def held_down(self, *names: str) -> Iterator[None]:
        """Processes that are down for the length of the block."""
        with self._lock:
            self.watch.held |= set(names)
        for name in names:
            self.stack.process(name).stop()
        try:
            yield
        finally:
            with self._lock:
                self.watch.held -= set(names)


@contextmanager
def trial_suite(say: Callable[[str], None], *, extra: Mapping[str, Mapping[str, str]] | None = None) -> Iterator[Trial]:
    """A suite from nothing; `extra` adds lines to the environment of a process, by its name."""
    data = Path(tempfile.mkdtemp(prefix="coupbiz-trial-"))
    data.chmod(ENTERED_BY_THE_SERVERS_USER)
    raise_open_files_limit()
    stack = Stack(open_suite(data, durable=False), extra=extra or {})
    over = threading.Event()
    try:
        stack.start(say)
        trial = Trial(stack.suite, stack, Watch(stack.processes))
        watcher = threading.Thread(target=_keep_watch, args=(trial, over), daemon=True)
        watcher.start()
        yield trial
        over.set()
        watcher.join()
    finally:
        over.set()
        stack.stop(say)
        shutil.rmtree(data, ignore_errors=True)


def _keep_watch(trial: Trial, over: threading.Event) -> None:
    while not over.wait(WATCH_SECONDS):
        trial.step()
