"""`./coupbiz test [PART …] [--long]`: all tests, or the parts unit, integration, e2e, or a package's name.

Servers come by themselves (launcher.servers.ladder); nothing is left running.
"""

from __future__ import annotations

import argparse
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from launcher.places import ROOT, projects
from launcher.steps import Step, python, run_all
from launcher.words import LauncherError, say

PARALLEL = ("-n", "2", "--dist", "loadfile")
E2E = ("tests/e2e", "tests/reliability")
"""Each brings a suite of its own up, so each gets a run of its own."""
ALSO_AGAINST_A_GIVEN_SUITE = ("tests/e2e",)
"""A suite that the environment names (docker compose) is not the tests' to kill and to start again."""
SUITE_VARIABLE = "COUPBIZ_GATEWAY_URL"
KINDS = {
    "unit": "not integration and not e2e",
    "integration": "integration and not e2e",
    "e2e": "e2e",
}


def main(arguments: Sequence[str]) -> int:
    """Run the parts, then say what was left out and why. Returns 1 when any test failed."""
    parser = argparse.ArgumentParser(prog="./coupbiz test")
    parser.add_argument("part", nargs="*", help="unit, integration, e2e, or a package's name; everything without one")
    parser.add_argument("--long", action="store_true", help="also the tests that take more than a minute each")
    options, for_pytest = parser.parse_known_args(arguments)
    code = run_all(_steps(options.part, long=options.long, for_pytest=for_pytest))
    if not options.long:
        _say_what_was_left_out()
    return code


def _steps(parts: Sequence[str], *, long: bool, for_pytest: Sequence[str]) -> list[Step]:
    if not parts:
        # The suite as a whole is started for the e2e tests: they have the machine for themselves.
        everything_else = _step("unit and integration", "not e2e", ".", long=long, options=(*PARALLEL, *for_pytest))
        return [everything_else, *_e2e(long=long, for_pytest=for_pytest)]
    return [step for part in parts for step in _part(part, long=long, for_pytest=for_pytest)]


def _e2e(*, long: bool, for_pytest: Sequence[str]) -> list[Step]:
    paths = ALSO_AGAINST_A_GIVEN_SUITE if SUITE_VARIABLE in os.environ else E2E
    return [_step(path, KINDS["e2e"], path, long=long, options=for_pytest) for path in paths]


def _part(part: str, *, long: bool, for_pytest: Sequence[str]) -> list[Step]:
    if part == "e2e":
        return _e2e(long=long, for_pytest=for_pytest)
    if part in KINDS:
        return [_step(part, KINDS[part], ".", long=long, options=(*PARALLEL, *for_pytest))]
    folders = package_folders()
    folder = folders.get(part.replace("-", "_"))
    if folder is None:
        raise LauncherError(f"{part} is no part. There are: {', '.join((*KINDS, *folders))}")
    return [_step(part, "not e2e", str(folder.relative_to(ROOT)), long=long, options=(*PARALLEL, *for_pytest))]


def _step(name: str, marks: str, path: str, *, long: bool, options: Sequence[str]) -> Step:
    chosen = marks if long else f"({marks}) and not long"
    paths = [] if path == "." else [path]
    return Step(f"{name} tests", python("-m", "pytest", "-m", chosen, *options, *paths))


def package_folders() -> dict[str, Path]:
    """The folder of each package of ours, by its import name."""
    found = {}
    for project in projects():
        for package in (project.parent / "src").glob("*/__init__.py"):
            found[package.parent.name] = project.parent
    return found


def _say_what_was_left_out() -> None:
    listed = subprocess.run(
        python("-m", "pytest", "--collect-only", "-q", "-m", "long"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    tests = [line for line in listed.stdout.splitlines() if "::" in line]
    if tests:
        say(f"\nNot run: {len(tests)} tests of more than a minute each (./coupbiz test --long runs them too):")
        for test in tests:
            say(f"  {test}")
    if SUITE_VARIABLE in os.environ:
        say("Not run: tests/reliability, which kills and starts a suite of its own; this one was given.")
    else:
        say("Not run here: the same end-to-end tests against docker compose (docs/operating.md says how).")
