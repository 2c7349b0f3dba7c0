"""The commands by name. Each is a module of its own, loaded when it is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence

# The command, its module's name, and what it does; `main(arguments) -> exit code` is what a module offers.
COMMANDS = {
    "up": ("launcher.up", "bring everything up, seed the demo, show the main job once, and stay up [--detach]"),
    "down": ("launcher.down", "stop it; the data stay"),
    "reset": ("launcher.reset", "stop it and forget the data [--yes]"),
    "ps": ("launcher.status", "the processes and the addresses to open"),
    "logs": ("launcher.logs", "the processes' logs [NAME …] [--follow]"),
    "demo": ("launcher.demo", "run the main job once, step by step"),
    "audit": ("launcher.audit", "nothing lost, nothing twice: the sandbox's journals against our databases"),
    "clock": ("launcher.clock", "the time of sandbox and services [show | advance DURATION, such as 80h]"),
    "republish": ("launcher.republish", "have a service say its present state again: SERVICE KIND"),
    "test": ("launcher.testing", "run all tests, or parts: unit, integration, e2e, a package's name"),
    "check": ("launcher.check", "the fast gate: lint, types, imports, schemas, unit tests"),
    "rules": ("launcher.rules", "each rule with its tests [AREA …] [--prove]"),
    "bench": ("launcher.benches", "measure [NAME]"),
    "docs": ("launcher.docs", "write the generated documents anew"),
    "requirements": ("launcher.requirements", "resolve the hashed requirements anew [--upgrade]"),
}
INTERNAL = {"supervise": "launcher.supervisor"}


def load(name: str) -> Callable[[Sequence[str]], int]:
    """The function behind a command."""
    module = COMMANDS[name][0] if name in COMMANDS else INTERNAL[name]
    run: Callable[[Sequence[str]], int] = importlib.import_module(module).main
    return run
