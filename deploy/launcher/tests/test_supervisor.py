"""What the supervisor does about processes that die."""

import sys
from itertools import pairwise
from pathlib import Path

import pytest

from chassis.testing.plugin import eventually
from launcher.process import Process, ProcessSpec
from launcher.supervisor import Watch
from launcher.words import LauncherError


def a_process(tmp_path: Path, code: str) -> Process:
    return Process(
        ProcessSpec(
            name="wallet-worker",
            argv=(sys.executable, "-c", code),
            environment={},
            directory=tmp_path,
            log=tmp_path / "wallet-worker.log",
        )
    )


def test_a_dead_process_is_started_again_at_once(tmp_path: Path) -> None:
    process = a_process(tmp_path, "raise SystemExit(137)")
    process.start()
    eventually(lambda: process.exit_code == 137)
    watch = Watch([process])
    assert watch.step(now=100.0) == ["wallet-worker"]
    process.stop()
    assert watch.restarts == {"wallet-worker": 1}


def test_one_that_keeps_dying_is_started_less_and_less_often(tmp_path: Path) -> None:
    process = a_process(tmp_path, "raise SystemExit(1)")
    process.start()
    watch = Watch([process])
    starts = []
    for tenths in range(1_000, 2_000):
        eventually(lambda: process.pid is None)
        if watch.step(now=tenths / 10):
            starts.append(tenths / 10)
    pauses = [round(later - earlier) for earlier, later in pairwise(starts)]
    assert pauses == [1, 2, 4, 8, 16, 30, 30]


def test_a_process_that_does_not_start_says_its_last_words(tmp_path: Path) -> None:
    process = a_process(tmp_path, "print('no such setting: WALLET_API_PORT'); raise SystemExit(2)")
    process.start()
    eventually(lambda: process.exit_code is not None)
    with pytest.raises(LauncherError, match="no such setting: WALLET_API_PORT"):
        process.wait_until_ready()


def test_a_running_process_is_left_alone(tmp_path: Path) -> None:
    process = a_process(tmp_path, "import time; time.sleep(600)")
    process.start()
    assert Watch([process]).step(now=100.0) == []
    process.stop()
    assert process.exit_code == -15
