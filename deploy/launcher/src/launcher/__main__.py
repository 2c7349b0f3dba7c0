"""`./coupbiz COMMAND`: each command is a module of its own, loaded when it is asked for."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence

from launcher.commands import COMMANDS, INTERNAL, load
from launcher.words import LauncherError, say


def main(argv: Sequence[str]) -> int:
    """Run one command; its exit code is ours."""
    if not argv or argv[0] in {"help", "-h", "--help"}:
        _show_commands()
        return 0
    name, *arguments = argv
    if name not in COMMANDS and name not in INTERNAL:
        _show_commands()
        say(f"\n{name} is none of them.")
        return 2
    try:
        return load(name)(arguments)
    except LauncherError as failure:
        say(f"\n{failure}")
        return 1
    except BrokenPipeError:
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _show_commands() -> None:
    say("./coupbiz COMMAND")
    for name, (_, purpose) in COMMANDS.items():
        say(f"  {name:<13} {purpose}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
