"""What an earlier run left behind."""

import subprocess
import sys
from pathlib import Path

from chassis.testing.plugin import eventually
from launcher.environment import MARK
from launcher.strays import end_strays, stray_pids


def a_sleeper(data: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], env={MARK: str(data)})


def test_processes_of_this_suite_are_found_and_ended_and_no_others(tmp_path: Path) -> None:
    ours, a_neighbours = a_sleeper(tmp_path / "ours"), a_sleeper(tmp_path / "ours-too")
    eventually(lambda: stray_pids(tmp_path / "ours") == [ours.pid])
    assert end_strays(tmp_path / "ours") == 1
    assert ours.wait(10) == -15
    assert a_neighbours.poll() is None
    a_neighbours.kill()
    a_neighbours.wait(10)


def test_nothing_is_left_of_a_suite_that_never_ran(tmp_path: Path) -> None:
    assert end_strays(tmp_path) == 0
