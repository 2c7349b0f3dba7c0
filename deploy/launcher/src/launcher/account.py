"""The system user of the servers: PostgreSQL refuses to run as root, and so should a broker."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from launcher.words import LauncherError

NAME = "coupbiz"


@dataclass(frozen=True, slots=True)
class Account:
    """An unprivileged user of the machine, by whose ids the servers run."""

    name: str
    uid: int
    gid: int

    def own(self, path: Path) -> None:
        """Hand `path` (itself, not what is in it) to this user, closed to everybody else."""
        path.chmod(0o700 if path.is_dir() else 0o600)
        os.chown(path, self.uid, self.gid)


def server_account() -> Account | None:
    """The user that servers are started as: nobody else than the caller, unless the caller is root.

    Root gets the system user `coupbiz`, made at the first time. Raises LauncherError when it cannot be made.
    """
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        _create()
        entry = pwd.getpwnam(NAME)
    return Account(name=NAME, uid=entry.pw_uid, gid=entry.pw_gid)


def _create() -> None:
    options = ("--system", "--user-group", "--no-create-home", "--home-dir=/nonexistent", "--shell=/usr/sbin/nologin")
    made = subprocess.run(
        ["/usr/sbin/useradd", *options, NAME],
        capture_output=True,
        text=True,
        check=False,
    )
    # Another checkout may have made the same user a moment ago: useradd then ends with 9.
    if made.returncode not in {0, 9}:
        raise LauncherError(f"The system user {NAME} could not be made: {made.stderr.strip()}")
