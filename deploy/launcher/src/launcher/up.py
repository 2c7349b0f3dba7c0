"""`./coupbiz up [--detach] [--no-demo] [--only PACKAGE …]`: everything from nothing, shown as it goes.

A supervisor of its own does the work, whether somebody watches or not; this command follows what it says.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from launcher.commands import load
from launcher.places import ROOT
from launcher.runstate import Phase, RunFolder, RunState
from launcher.services import PACKAGES, SANDBOX
from launcher.status import show_addresses
from launcher.suite import Suite, keep_servers, suite_of_checkout
from launcher.words import LauncherError, say

POLL_SECONDS = 0.1


def main(arguments: Sequence[str]) -> int:
    """Bring the suite up; stay with it until Ctrl-C, or leave it running with `--detach`."""
    options = _parser().parse_args(arguments)
    suite = suite_of_checkout()
    folder = RunFolder(suite.run)
    if folder.is_taken():
        say("The suite is already running.")
        _require_ready(folder)
        show_addresses(suite)
        return 0
    keep_servers(suite)
    say(f"Data: {suite.data}")
    supervisor = _start_supervisor(folder, options.only)
    try:
        return _follow(suite, folder, supervisor, options)
    except BaseException:
        # Whatever ends this command before the suite is up and left alone (Ctrl-C too) takes the suite down with it.
        _stop(folder, supervisor)
        raise


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./coupbiz up")
    parser.add_argument("--detach", action="store_true", help="leave it running, and return")
    parser.add_argument("--no-demo", dest="demo", action="store_false", help="neither demo data nor demonstration")
    parser.add_argument(
        "--only", nargs="+", default=[], choices=[SANDBOX, *PACKAGES], help="start only these parts (and the servers)"
    )
    return parser


def _follow(suite: Suite, folder: RunFolder, supervisor: subprocess.Popen[bytes], options: argparse.Namespace) -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with folder.progress.open(encoding="utf-8") as progress:
        state = _wait_while_starting(folder, supervisor, progress)
    if state is None or state.phase is not Phase.READY:
        supervisor.wait()
        raise LauncherError((state.message if state else "") or f"The supervisor ended; see {folder.progress}")
    code = 0
    if options.demo and not options.only:
        code = _demonstrate(suite)
    show_addresses(suite)
    if options.detach:
        say("It goes on running; ./coupbiz down stops it.")
        return code
    say("It runs until Ctrl-C.")
    supervisor.wait()
    return code or int(supervisor.returncode != 0)


def _start_supervisor(folder: RunFolder, only: Sequence[str]) -> subprocess.Popen[bytes]:
    with folder.progress.open("wb") as progress:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "launcher", "supervise", *only],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=progress,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _wait_while_starting(folder: RunFolder, supervisor: subprocess.Popen[bytes], progress: IO[str]) -> RunState | None:
    while True:
        ended = supervisor.poll() is not None
        for line in _lines(progress):
            say(f"  {line}")
        state = folder.read()
        ours = state is not None and state.supervisor_pid == supervisor.pid
        if ended or (ours and state is not None and state.phase is not Phase.STARTING):
            return state if ours else None
        time.sleep(POLL_SECONDS)


def _lines(progress: IO[str]) -> Iterator[str]:
    while line := progress.readline():
        yield line.rstrip("\n")


def _demonstrate(suite: Suite) -> int:
    """Seed, and run the main job once: at the first time only, for it leaves an order behind."""
    done = suite.data / "demonstrated"
    if done.exists():
        say("The demo data are there already; ./coupbiz demo runs the main job again.")
        return 0
    try:
        code = load("demo")([])
    except LauncherError as failure:
        # The suite stays up: what went wrong is to be looked at.
        say(f"\nThe demonstration failed: {failure}")
        return 1
    if code == 0:
        done.touch()
    return code


def _require_ready(folder: RunFolder) -> None:
    state = folder.read()
    if state is not None and state.phase is not Phase.READY:
        raise LauncherError(f"It is {state.phase.value}; {folder.progress} tells more.")


def _stop(folder: RunFolder, supervisor: subprocess.Popen[bytes]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    shown = _size(folder.progress)
    if supervisor.poll() is None:
        os.kill(supervisor.pid, signal.SIGTERM)
        say("\nStopping …")
    supervisor.wait()
    with folder.progress.open(encoding="utf-8") as progress:
        progress.seek(shown)
        for line in _lines(progress):
            say(f"  {line}")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
