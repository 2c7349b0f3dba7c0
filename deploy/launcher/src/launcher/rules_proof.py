"""Whether the tests of a rule hold its numbers: each number is changed by its setting, and a test has to fail."""

import importlib
import json
import os
import subprocess
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from launcher.services import PACKAGES
from launcher.steps import python
from launcher.words import say

TESTS_FAILED = 1
TIMEOUT_SECONDS = 300


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
    for number in rule_numbers():
        if number.rule_id not in rule_ids:
            continue
        folder = f"services/{number.package.replace('_', '-')}/"
        own = [test for test in tests.get(number.rule_id, ()) if test.startswith(folder)]
        noticed = bool(own) and _fails(root, own, number)
        say(f"{number.rule_id}  {number.variable}={number.value}  {'held' if noticed else 'NOT HELD by any test'}")
        if not noticed:
            unproved.append(number)
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


def _fails(root: Path, tests: Sequence[str], number: RuleNumber) -> bool:
    """Whether one of the tests fails under the changed number. A run that does not come to testing proves nothing."""
    run = subprocess.run(
        python("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests),
        cwd=root,
        env={**os.environ, number.variable: number.changed},
        capture_output=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    return run.returncode == TESTS_FAILED
