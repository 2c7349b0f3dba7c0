"""The checkout's own environment: made at the first command, brought up to date when its requirements change.

Standard library only: this runs before the environment exists.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from launcher import debian
from launcher.places import ROOT, VENV, projects
from launcher.words import LauncherError, say

REQUIREMENTS = ROOT / "requirements" / "development.txt"
STAMP = VENV / "coupbiz-stamp.json"
LOCK = ROOT / ".coupbiz" / "installation.lock"
PYTHON = VENV / "bin" / "python"
DOCKER_SOCKET = Path("/var/run/docker.sock")
# A command that needs servers, and the variables by which each server may be named instead.
SERVERS_OF = {
    "up": ("COUPBIZ_POSTGRES_URL", "COUPBIZ_AMQP_URL"),
    "test": ("COUPBIZ_TEST_POSTGRES_URL", "COUPBIZ_TEST_AMQP_URL"),
}
# A command whose doings include pictures or printed documents with Hangul in them.
FONTS_FOR = frozenset({"up", "test", "check", "demo", "bench"})


def enter(arguments: Sequence[str]) -> NoReturn:
    """Make what the command needs, then become `python -m launcher` of the checkout's environment."""
    try:
        LOCK.parent.mkdir(exist_ok=True)
        with LOCK.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            debian.install(_missing_packages(arguments[0] if arguments else ""))
            bring_up_to_date()
    except PermissionError as failure:
        sys.exit(f"{failure.filename} cannot be written: the checkout belongs to somebody else.")
    except LauncherError as failure:
        sys.exit(str(failure))
    except KeyboardInterrupt:
        sys.exit(130)
    # -P: a folder of the caller's that happens to be called like a module must not be taken for it.
    command = [str(PYTHON), "-P", "-m", "launcher", *arguments]
    os.execve(command[0], command, {**os.environ, "PYTHONUTF8": "1"})  # noqa: S606 — becomes the command.


def bring_up_to_date() -> None:
    """Install what changed since the last time; nothing at all, in milliseconds, when nothing did."""
    wanted = _wanted()
    found = _found()
    if found == wanted:
        return
    started = time.monotonic()
    if not _works():
        say(f"Making the environment {VENV} …")
        shutil.rmtree(VENV, ignore_errors=True)
        _run([debian.interpreter(), "-m", "venv", str(VENV)])
    STAMP.unlink(missing_ok=True)
    if found.get("requirements") != wanted["requirements"]:
        say(f"Installing the packages of {REQUIREMENTS.relative_to(ROOT)}, checked by their hashes (a minute or two) …")
        _pip("install", "--require-hashes", "--no-deps", "--requirement", str(REQUIREMENTS))
    say("Installing the suite's own packages …")
    ours = [part for project in projects() for part in ("--editable", str(project.parent))]
    _pip("install", "--no-deps", "--no-build-isolation", *ours)
    STAMP.write_text(json.dumps(wanted), encoding="utf-8")
    say(f"The environment is ready ({time.monotonic() - started:.0f} s).")


def _missing_packages(command: str) -> list[str]:
    variables = SERVERS_OF.get(command, ())
    served = [bool(os.environ.get(name)) for name in variables]
    if command == "test" and _docker_answers():
        served = [True, True]
    postgres, rabbitmq = (not named for named in served) if served else (False, False)
    environment = not _works()
    fonts = command in FONTS_FOR
    browser = command == "test"
    needed = debian.missing_packages(
        environment=environment, postgres=postgres, rabbitmq=rabbitmq, fonts=fonts, browser=browser, printing=fonts
    )
    if needed and os.geteuid() != 0:
        # Whoever has to ask for root asks once: the line names all that any command will need.
        return debian.missing_packages(
            environment=environment, postgres=True, rabbitmq=True, fonts=True, browser=browser, printing=True
        )
    return needed


def _wanted() -> dict[str, str]:
    workspace = hashlib.sha256()
    for project in projects():
        workspace.update(str(project).encode() + b"\0" + project.read_bytes())
    return {
        "requirements": hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest(),
        "workspace": workspace.hexdigest(),
    }


def _found() -> dict[str, str]:
    try:
        found = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(value) for name, value in found.items()} if _works() else {}


def _works() -> bool:
    """Whether the environment is there and its interpreter still starts (it leads outside, and may be gone)."""
    if not PYTHON.exists():
        return False
    asked = subprocess.run(
        [str(PYTHON), "-c", "import sys, pip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))"],
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return asked.returncode == 0


def _pip(*arguments: str) -> None:
    quiet = ("-qq", "--no-input", "--disable-pip-version-check", "--root-user-action=ignore")
    _run([str(PYTHON), "-m", "pip", arguments[0], *quiet, *arguments[1:]])


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        raise LauncherError(f"{' '.join(command[:4])} … failed (see above).")


def _docker_answers() -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as engine:
        engine.settimeout(2)
        try:
            engine.connect(str(DOCKER_SOCKET))
        except OSError:
            return False
        return True
