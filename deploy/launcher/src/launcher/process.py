"""One process: how it is started, when it is ready, and how it is stopped."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from launcher.account import Account
from launcher.words import LauncherError

OPEN_FILES_WANTED = 65_536
POLL_SECONDS = 0.1
LOG_LINES_SHOWN = 15


@dataclass(frozen=True, slots=True)
class ProcessSpec:
    """All that is needed to start a process again and again in the same way."""

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    directory: Path
    log: Path
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_timeout_seconds: float = 20.0
    ready: Callable[[], bool] | None = field(default=None, repr=False)
    ready_timeout_seconds: float = 60.0


class Process:
    """A started `ProcessSpec`; its output goes to the log file, its signals reach nobody else."""

    def __init__(self, spec: ProcessSpec) -> None:
        self.spec = spec
        self._popen: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The id of the running process, or None when it does not run."""
        return self._popen.pid if self._popen is not None and self._popen.poll() is None else None

    @property
    def exit_code(self) -> int | None:
        """How it ended, or None while it runs or before it was started."""
        return None if self._popen is None else self._popen.poll()

    def start(self, extra: Mapping[str, str] | None = None) -> None:
        """Start it and return at once; `extra` is added to its environment for this one life.

        Raises LauncherError when the program is not there.
        """
        account = self.spec.account
        self.spec.log.parent.mkdir(parents=True, exist_ok=True)
        with self.spec.log.open("ab") as log:
            try:
                self._popen = subprocess.Popen(
                    self.spec.argv,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    cwd=self.spec.directory,
                    env={**self.spec.environment, **(extra or {})},
                    # A session of its own: Ctrl-C at the terminal reaches only the launcher, which then stops in order.
                    start_new_session=True,
                    user=account.uid if account else None,
                    group=account.gid if account else None,
                    extra_groups=[] if account else None,
                )
            except OSError as failure:
                raise LauncherError(f"{self.spec.name} cannot be started: {failure}") from failure

    def is_ready(self) -> bool:
        """Whether it runs and answers its start check."""
        return self.pid is not None and (self.spec.ready is None or self.spec.ready())

    def wait_until_ready(self) -> None:
        """Wait for the start check. Raises LauncherError with the end of the log when it dies or takes too long."""
        wait_until_all_ready([self])

    def require_alive(self) -> None:
        """Raise LauncherError with the end of the log when it has died."""
        if self.pid is None:
            raise LauncherError(f"{self.spec.name} ended with {self.exit_code}.\n{self.last_words()}")

    def ask_to_stop(self) -> None:
        """Send the stop signal, if it runs."""
        if self._popen is not None and self._popen.poll() is None:
            self._popen.send_signal(self.spec.stop_signal)

    def wait_until_stopped(self) -> None:
        """Wait for its end; after `stop_timeout_seconds` it is killed with all that it started."""
        if self._popen is None:
            return
        try:
            self._popen.wait(self.spec.stop_timeout_seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self._popen.pid, signal.SIGKILL)
            self._popen.wait()

    def kill(self) -> None:
        """End it at once, with all that it started, and no chance to tidy up."""
        if self._popen is not None and self._popen.poll() is None:
            os.killpg(self._popen.pid, signal.SIGKILL)
            self._popen.wait()

    def stop(self) -> None:
        """Ask it to stop, and wait for it."""
        self.ask_to_stop()
        self.wait_until_stopped()

    def last_words(self) -> str:
        """The end of its log, with the log's path."""
        try:
            lines = self.spec.log.read_text(errors="replace").splitlines()[-LOG_LINES_SHOWN:]
        except OSError:
            lines = []
        return "\n".join([f"The end of {self.spec.log}:", *(f"  {line}" for line in lines)])


def wait_until_all_ready(processes: Sequence[Process], cancelled: Callable[[], bool] = lambda: False) -> None:
    """Wait for everybody's start check.

    Raises LauncherError as soon as one of them dies, when one takes too long, and when `cancelled` says so.
    """
    started = time.monotonic()
    waiting = list(processes)
    while waiting := [process for process in waiting if not process.is_ready()]:
        for process in processes:
            process.require_alive()
        if cancelled():
            raise LauncherError("Stopped while it was starting.")
        for process in waiting:
            if time.monotonic() - started > process.spec.ready_timeout_seconds:
                waited = f"{process.spec.ready_timeout_seconds:.0f} s"
                raise LauncherError(f"{process.spec.name} was not ready after {waited}.\n{process.last_words()}")
        time.sleep(POLL_SECONDS)
    for process in processes:
        process.require_alive()


def raise_open_files_limit() -> None:
    """Lift this process's limit of open files, and so its children's: a broker runs short under 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= OPEN_FILES_WANTED:
        return
    unlimited = hard == resource.RLIM_INFINITY or hard >= OPEN_FILES_WANTED
    wanted = OPEN_FILES_WANTED if unlimited or os.geteuid() == 0 else hard
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, wanted if not unlimited else hard))
    except (ValueError, OSError):
        # Not even root may lift it in some containers: what is allowed is taken.
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def base_environment() -> dict[str, str]:
    """What every child inherits of our environment: where programs are, and a locale that knows Hangul."""
    path = os.environ.get("PATH", "")
    return {
        "PATH": ":".join(part for part in (path, "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin") if part),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
    }
