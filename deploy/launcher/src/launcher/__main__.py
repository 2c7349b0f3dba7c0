"""`./coupbiz COMMAND`: each command is a module of its own, loaded when it is asked for."""

from __future__ import annotations

import importlib
import signal
import sys
from collections.abc import Callable, Sequence

from launcher.words import LauncherError, say

# The command, its module's name, and what it does; `main(arguments) -> exit code` is what a module offers.
COMMANDS = {
    "up": ("launcher.up", "bring everything up, seed the demo, show the main job once, and stay up [--detach]"),
    "down": ("launcher.down", "stop it; the data stay"),
    "reset": ("launcher.reset", "stop it and forget the data [--yes]"),
    "ps": ("launcher.status", "the processes and the addresses to open"),
    "logs": ("launcher.logs", "the processes' logs [NAME …] [--follow]"),
    "demo": ("launcher.demo", "run the main job once, step by step"),
    "audit": ("launcher.audit", "nothing lost, nothing twice: the sandbox's journals against our databases"),
    "republish": ("launcher.republish", "have a service say its present state again: SERVICE KIND"),
    "test": ("launcher.testing", "run all tests, or parts: unit, integration, e2e, a package's name"),
    "check": ("launcher.check", "the fast gate: lint, types, imports, schemas, unit tests"),
    "rules": ("launcher.rules", "each rule with its tests [AREA …] [--prove]"),
    "bench": ("launcher.benches", "measure [NAME]"),
    "docs": ("launcher.docs", "write the generated documents anew"),
    "requirements": ("launcher.requirements", "resolve the hashed requirements anew [--upgrade]"),
}
INTERNAL = {"supervise": "launcher.supervisor"}


def main(argv: Sequence[str]) -> int:
    """Run one command; its exit code is ours."""
    if not argv or argv[0] in {"help", "-h", "--help"}:
        _show_commands()
        return 0
    name, *arguments = argv
    module = COMMANDS[name][0] if name in COMMANDS else INTERNAL.get(name)
    if module is None:
        _show_commands()
        say(f"\n{name} is none of them.")
        return 2
    try:
        run: Callable[[Sequence[str]], int] = importlib.import_module(module).main
        return run(arguments)
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
