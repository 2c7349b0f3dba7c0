"""Where a test run's servers come from: named by the environment, else containers, else private processes.

One server of a kind serves all workers of a run. The first test that needs it has it started; the run's end stops it.
"""

from __future__ import annotations

import fcntl
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from launcher.words import LauncherError

ADDRESS_VARIABLES = {"postgres": "COUPBIZ_TEST_POSTGRES_URL", "rabbitmq": "COUPBIZ_TEST_AMQP_URL"}
RUN_FOLDER_VARIABLE = "COUPBIZ_TEST_RUN_FOLDER"
RUN_PID_VARIABLE = "COUPBIZ_TEST_RUN_PID"
START_TIMEOUT_SECONDS = 180.0
STOP_TIMEOUT_SECONDS = 90.0
POLL_SECONDS = 0.05
INSTALL_LINE = "apt-get install --no-install-recommends postgresql rabbitmq-server"


def begin_run() -> None:
    """Called once in the process that leads a test run; its workers inherit what it sets."""
    os.environ[RUN_FOLDER_VARIABLE] = tempfile.mkdtemp(prefix="coupbiz-test-run-")
    os.environ[RUN_PID_VARIABLE] = str(os.getpid())


def server_for_tests(kind: str) -> str:
    """The address of the run's server of `kind` (`postgres`, `rabbitmq`), started if this is the first need of it.

    It is also exported, for what tests start. Raises LauncherError with the install line when there is no server.
    """
    variable = ADDRESS_VARIABLES[kind]
    given = os.environ.get(variable)
    if given:
        return given
    folder = Path(os.environ[RUN_FOLDER_VARIABLE])
    with (folder / f"{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / f"{kind}.pid").exists():
            _start_keeper(kind, folder)
        address = _address(kind, folder)
    os.environ[variable] = address
    return address


def end_run() -> None:
    """Stop the servers that this run started, and wait for their end."""
    folder = Path(os.environ.pop(RUN_FOLDER_VARIABLE))
    for pid_file in folder.glob("*.pid"):
        with suppress(ProcessLookupError):
            keeper = os.pidfd_open(int(pid_file.read_text(encoding="ascii")))
            signal.pidfd_send_signal(keeper, signal.SIGTERM)
            select.select([keeper], [], [], STOP_TIMEOUT_SECONDS)
            os.close(keeper)
    shutil.rmtree(folder, ignore_errors=True)


def _start_keeper(kind: str, folder: Path) -> None:
    """Start it, and wait until it has told an address or a failure. The lock is held: nobody else starts one."""
    with (folder / f"{kind}.log").open("wb") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-P", "-m", "launcher.servers.keeper", kind, str(folder), os.environ[RUN_PID_VARIABLE]],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    (folder / f"{kind}.pid").write_text(str(keeper.pid), encoding="ascii")
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while not (folder / f"{kind}.address").exists() and keeper.poll() is None and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)


def _address(kind: str, folder: Path) -> str:
    address, failure = folder / f"{kind}.address", folder / f"{kind}.failure"
    if address.exists():
        return address.read_text(encoding="utf-8")
    said = failure if failure.exists() else folder / f"{kind}.log"
    raise LauncherError(
        f"No {kind} for the tests: {said.read_text(encoding='utf-8', errors='replace')}\n"
        f"Name one by {ADDRESS_VARIABLES[kind]}, or start a Docker engine, or install the servers:\n"
        f"  {INSTALL_LINE}"
    )
