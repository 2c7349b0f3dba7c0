"""`./coupbiz down`: stop the suite in order; its data are there at the next `up`."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Sequence
from contextlib import suppress

from launcher.runstate import RunFolder
from launcher.strays import end_strays
from launcher.suite import Suite, suite_of_checkout
from launcher.words import LauncherError, say

STOP_TIMEOUT_SECONDS = 180.0


def main(_arguments: Sequence[str]) -> int:
    """Stop it, and whatever an earlier run left behind."""
    suite = suite_of_checkout()
    if stop(suite):
        say("Stopped. The data stay; ./coupbiz up goes on from there, ./coupbiz reset forgets them.")
    else:
        say("Nothing is running.")
    return 0


def stop(suite: Suite) -> bool:
    """Stop the suite and wait for its end; False when nothing ran. Raises LauncherError when it does not end."""
    folder = RunFolder(suite.run)
    state = folder.read()
    if not folder.is_taken() or state is None:
        return end_strays(suite.data) > 0
    with suppress(ProcessLookupError):
        supervisor = os.pidfd_open(state.supervisor_pid)
        signal.pidfd_send_signal(supervisor, signal.SIGTERM)
        say("Stopping …")
        ended, _, _ = select.select([supervisor], [], [], STOP_TIMEOUT_SECONDS)
        os.close(supervisor)
        if not ended:
            raise LauncherError(f"The supervisor {state.supervisor_pid} does not end; {folder.progress} tells more.")
    return True
