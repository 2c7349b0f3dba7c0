"""`./coupbiz republish SERVICE KIND`: a service says its present state again, in bounded batches."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

from launcher.environment import environment_of
from launcher.services import WITH_DATABASE
from launcher.suite import suite_of_checkout
from launcher.words import LauncherError


def main(arguments: Sequence[str]) -> int:
    """Run the service's own command in its environment; the service names its kinds when KIND is none of them."""
    if len(arguments) != 2 or arguments[0] not in WITH_DATABASE:
        raise LauncherError(f"./coupbiz republish SERVICE KIND, with a service of {', '.join(WITH_DATABASE)}")
    package, kind = arguments
    suite = suite_of_checkout()
    command = [sys.executable, "-P", "-m", package, "republish", kind]
    return subprocess.run(command, env=environment_of(package, suite), cwd=suite.data, check=False).returncode
