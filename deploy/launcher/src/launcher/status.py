"""`./coupbiz ps`: the processes and the addresses to open."""

from __future__ import annotations

from collections.abc import Sequence

from launcher.runstate import Phase, RunFolder
from launcher.suite import Suite, suite_of_checkout
from launcher.words import say


def main(_arguments: Sequence[str]) -> int:
    """Show how things stand; exit code 0 only when everything runs."""
    suite = suite_of_checkout()
    folder = RunFolder(suite.run)
    state = folder.read()
    if state is None or not folder.is_taken():
        say("Nothing is running; ./coupbiz up starts it.")
        return 1
    say(f"{state.phase.value}; supervised by process {state.supervisor_pid}; data in {suite.data}")
    for line in state.processes:
        running = f"pid {line.pid}" if line.pid else "being started again"
        restarted = f", started again {line.restarts} times" if line.restarts else ""
        say(f"  {line.name:<20} {running}{restarted}")
    show_addresses(suite)
    return 0 if state.phase is Phase.READY and all(line.pid for line in state.processes) else 1


def show_addresses(suite: Suite) -> None:
    """What a person can open."""
    say(f"  API, one door for everything   {suite.gateway_url}/v1")
    say(f"  Description of the API         {suite.gateway_url}/openapi.json")
    say(f"  Mailbox of the sandbox         {suite.sandbox_url}/mailbox")
    say(f"  Phones of the sandbox          {suite.sandbox_url}/phone")
