"""How the launcher speaks: short lines to a person, and failures that say what to do next."""

from __future__ import annotations

import sys


class LauncherError(Exception):
    """Something that the person at the keyboard can mend; the message says how."""


def say(line: str) -> None:
    """Print one line of progress at once, also into a pipe."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
