"""Commands run one after the other, each shown, all judged at the end."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from launcher.places import ROOT
from launcher.words import say

BINARIES = Path(sys.prefix) / "bin"


@dataclass(frozen=True, slots=True)
class Step:
    """A command with the name that it is reported under."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


def python(*arguments: str) -> list[str]:
    """A command of the environment's own Python."""
    return [sys.executable, *arguments]


def tool(name: str, *arguments: str) -> list[str]:
    """A command of a program that the environment has."""
    return [str(BINARIES / name), *arguments]


def run_all(steps: Iterable[Step]) -> int:
    """Run every step, also after one that failed; tells the outcome of each. Returns 1 when any failed."""
    outcomes = []
    for step in steps:
        say(f"\n── {step.name}")
        started = time.monotonic()
        done = subprocess.run(
            list(step.command),
            cwd=ROOT,
            env={**os.environ, **step.environment, "PATH": f"{BINARIES}:{os.environ.get('PATH', '')}"},
            stdin=subprocess.DEVNULL,
            check=False,
        )
        outcomes.append((step.name, done.returncode, time.monotonic() - started))
    say("")
    for name, code, seconds in outcomes:
        say(f"  {'ok' if code == 0 else f'FAILED ({code})':<11} {seconds:6.1f} s  {name}")
    return int(any(code for _, code, _ in outcomes))
