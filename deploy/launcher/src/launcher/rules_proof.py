"""Whether the tests of a rule hold its numbers: each number is changed by its setting, and a test has to fail."""

import importlib
import json
import os
import re
import subprocess
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from launcher.servers import ladder
from launcher.services import PACKAGES
from launcher.steps import python
from launcher.words import say

TESTS_FAILED = 1
FAILED = re.compile(r"^FAILED (?P<test>\S+::.+?)(?: - .*)?$", re.MULTILINE)
TIMEOUT_SECONDS = 900


@dataclass(frozen=True)
class RuleNumber:
    """A setting that holds a number of a rule."""

    rule_id: str
    package: str
    variable: str
    value: int | float

    @property
    def changed(self) -> str:
        """Another value, as the environment gives it."""
        return json.dumps(self.value + 1)


def prove(root: Path, tests: Mapping[str, Sequence[str]], rule_ids: Collection[str]) -> int:
    """Change each number of these rules, one at a time; 1 when a number's change went unnoticed."""
    unproved: list[RuleNumber] = []
    ladder.begin_run()
    try:
        for kind in ladder.ADDRESS_VARIABLES:
            ladder.server_for_tests(kind)  # One of each for all runs, to whom it is exported.
        for number in rule_numbers():
            if number.rule_id not in rule_ids:
                continue
            folder = f"services/{number.package.replace('_', '-')}/"
            own = [test for test in tests.get(number.rule_id, ()) if test.startswith(folder)]
            holder = holding_test(root, own, number)
            say(f"{number.rule_id}  {number.variable}={number.value}  {holder or 'NOT HELD by any test'}")
            if holder is None:
                unproved.append(number)
    finally:
        ladder.end_run()
    say(f"{len(unproved)} numbers could not be proved." if unproved else "Every number is held by a test of its rule.")
    return 1 if unproved else 0


def rule_numbers() -> Iterator[RuleNumber]:
    """Every number of a rule that is a setting of a service."""
    for package in PACKAGES:
        settings: type[BaseModel] = importlib.import_module(f"{package}.settings").Settings
        prefix = str(settings.model_config.get("env_prefix", ""))
        for name, field in settings.model_fields.items():
            extra = field.json_schema_extra
            rule_id = extra.get("rule") if isinstance(extra, dict) else None
            if isinstance(rule_id, str) and type(field.default) in {int, float}:
                yield RuleNumber(rule_id, package, f"{prefix}{name.upper()}", field.default)


def holding_test(root: Path, tests: Sequence[str], number: RuleNumber) -> str | None:
    """The first of the tests that fails under the changed number and passes under the true one; None without one.

    A run that does not come to testing proves nothing.
    """
    if not tests:
        return None
    changed = _run(root, tests, {number.variable: number.changed})
    if changed.returncode != TESTS_FAILED or (failed := FAILED.search(changed.stdout)) is None:
        return None
    test = failed["test"]
    return test if _run(root, [test], {}).returncode == 0 else None


def _run(root: Path, tests: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        python("-m", "pytest", "-q", "-x", "--tb=no", "-rf", "-p", "no:cacheprovider", *tests),
        cwd=root,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
