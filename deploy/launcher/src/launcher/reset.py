"""`./coupbiz reset [--yes]`: stop the suite and forget its data, keys and ports."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence

from launcher import places
from launcher.down import stop
from launcher.provision import forget
from launcher.services import WITH_DATABASE
from launcher.suite import suite_of_checkout
from launcher.words import LauncherError, say


def main(arguments: Sequence[str]) -> int:
    """Ask first when a person sits there; links that were sent lead nowhere afterwards."""
    suite = suite_of_checkout()
    if "--yes" not in arguments:
        if not sys.stdin.isatty():
            raise LauncherError("This forgets all data of this checkout's suite. To mean it: ./coupbiz reset --yes")
        if input(f"Forget everything in {suite.data}? [y/N] ").strip().lower() not in {"y", "yes"}:
            return 1
    stop(suite)
    if suite.postgres_given:
        forget(suite, WITH_DATABASE)
    shutil.rmtree(suite.data)
    if places.LINK.is_symlink():
        places.LINK.unlink()
    say("Forgotten.")
    return 0
