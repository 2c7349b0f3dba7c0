"""Where things lie: the checkout, its environment, and its data."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from launcher.words import LauncherError

ROOT = Path(__file__).resolve().parents[4]
VENV = ROOT / ".venv"
LINK = ROOT / "var"
SHARED_DATA = Path("/var/lib/coupbiz")


def checkout_id(root: Path = ROOT) -> str:
    """A name of this checkout among others on the machine: its folder's name, and a digest of its path."""
    return f"{root.name}-{hashlib.sha256(str(root).encode()).hexdigest()[:8]}"


def projects() -> list[Path]:
    """The pyproject files of our own packages, libraries first."""
    patterns = ("libs/*/pyproject.toml", "services/*/pyproject.toml", "deploy/*/pyproject.toml")
    return [path for pattern in patterns for path in sorted(ROOT.glob(pattern))]


def data_folder() -> Path:
    """The folder of this checkout's data, made if it is not there.

    For root it lies in /var/lib/coupbiz, with the link `var` in the checkout: the servers' own user may not be able to
    enter the checkout. For anybody else it is `var` itself.
    """
    if os.geteuid() != 0:
        if LINK.is_symlink():
            raise LauncherError(f"{LINK} leads to data of root. Start as root, or remove the link to begin anew.")
        LINK.mkdir(mode=0o700, exist_ok=True)
        return LINK
    folder = SHARED_DATA / checkout_id()
    if LINK.is_dir() and not LINK.is_symlink():
        raise LauncherError(f"{LINK} holds data of {LINK.owner()}. Start as that user, or move the folder away.")
    folder.mkdir(parents=True, exist_ok=True)
    # The servers' user goes through both, and sees nothing of the second; whatever the caller's umask says.
    SHARED_DATA.chmod(0o755)
    folder.chmod(0o711)
    if not LINK.is_symlink() or LINK.readlink() != folder:
        LINK.unlink(missing_ok=True)
        LINK.symlink_to(folder)
    return folder


def neighbours() -> list[Path]:
    """The data folders of the other checkouts that this user could know of."""
    if os.geteuid() != 0:
        return []
    return [folder for folder in SHARED_DATA.glob("*") if folder.name != checkout_id()]
