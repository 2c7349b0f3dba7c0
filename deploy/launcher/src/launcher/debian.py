"""Debian packages that the suite needs: which are missing, and how they come without starting a server of their own.

Standard library only: this runs before the environment exists.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from launcher.words import LauncherError, say

POSTGRES_PROGRAMS = "/usr/lib/postgresql/*/bin/postgres"
HANGUL_FONTS = "/usr/share/fonts/truetype/nanum/NanumBarunGothic.ttf"
PRINTING = {
    "libpango-1.0-0": "/usr/lib/*/libpango-1.0.so.0",
    "libpangoft2-1.0-0": "/usr/lib/*/libpangoft2-1.0.so.0",
    "libharfbuzz-subset0": "/usr/lib/*/libharfbuzz-subset.so.0",
}
"""What printing documents loads, by package."""
RABBITMQ_PROGRAMS = "/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server"
POLICY = Path("/usr/sbin/policy-rc.d")
NO_CLUSTER = Path("/etc/postgresql-common/createcluster.d/coupbiz.conf")
BROWSER = {"chromium": "/usr/bin/chromium", "libatomic1": "/usr/lib/*/libatomic.so.1"}
"""The browser, and what the program that drives it loads, by package."""
LOCK_TIMEOUT_SECONDS = 600
UPDATE_TRIES_MAX = 20
UPDATE_RETRY_SECONDS = 15.0


def missing_packages(
    *, environment: bool, postgres: bool, rabbitmq: bool, fonts: bool, browser: bool = False, printing: bool = False
) -> list[str]:
    """The packages to install for what is wanted: pip's own maker, servers, Hangul fonts, a browser, printing."""
    missing = []
    if environment and importlib.util.find_spec("ensurepip") is None:
        missing.append("python3-venv")
    if postgres and not _any(POSTGRES_PROGRAMS):
        missing.append("postgresql")
    if rabbitmq and not _any(RABBITMQ_PROGRAMS):
        missing.append("rabbitmq-server")
    if fonts and not _any(HANGUL_FONTS):
        missing.append("fonts-nanum")
    wanted = (BROWSER if browser else {}) | (PRINTING if printing else {})
    return missing + [package for package, file in wanted.items() if not _any(file)]


def install(packages: Sequence[str]) -> None:
    """Install `packages` as root; anybody else, and every other system, gets told what to do (LauncherError)."""
    if not packages:
        return
    names = " ".join(packages)
    if shutil.which("apt-get") is None:
        raise LauncherError(f"Please install what Debian calls {names}; this system has no apt-get to do it here.")
    if os.geteuid() != 0:
        raise LauncherError(
            "Some of Debian's packages are missing, and installing them needs root. Please run\n\n"
            f"  sudo apt-get update && sudo apt-get install --yes --no-install-recommends {names}\n\n"
            "and start again. (Servers that this starts are not used here; you may stop and disable them.)"
        )
    say(f"Installing Debian's packages {names} …")
    with _no_server_starts():
        _update()
        _apt("install", "--yes", "--no-install-recommends", *packages)
    if "rabbitmq-server" in packages:
        _disable("rabbitmq-server")


def _any(pattern: str) -> bool:
    return next(Path("/").glob(pattern.lstrip("/")), None) is not None


def _update() -> None:
    # Unlike the lock of dpkg, that of the package lists is not waited for by apt itself.
    for attempt in range(1, UPDATE_TRIES_MAX + 1):
        try:
            _apt("update")
        except LauncherError as failure:
            if "lock" not in str(failure) or attempt == UPDATE_TRIES_MAX:
                raise
            say("  Another package manager is at work; waiting …")
            time.sleep(UPDATE_RETRY_SECONDS)
        else:
            return


def _apt(*arguments: str) -> None:
    options = ("-q", "-o", f"DPkg::Lock::Timeout={LOCK_TIMEOUT_SECONDS}", "-o", "Dpkg::Use-Pty=0")
    configuration = ("-o", "Dpkg::Options::=--force-confdef", "-o", "Dpkg::Options::=--force-confold")
    done = subprocess.run(
        ["apt-get", *options, *configuration, *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        ending = "\n".join(done.stdout.splitlines()[-15:])
        raise LauncherError(f"apt-get {' '.join(arguments)} failed:\n{ending}")


@contextmanager
def _no_server_starts() -> Iterator[None]:
    """Packages' servers are neither started nor, for PostgreSQL, given a cluster that would start with the machine."""
    kept = POLICY.with_name("policy-rc.d.before-coupbiz")
    if POLICY.exists() and not kept.exists():
        POLICY.rename(kept)
    POLICY.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
    POLICY.chmod(0o755)
    made = [folder for folder in (NO_CLUSTER.parent, NO_CLUSTER.parents[1]) if not folder.exists()]
    NO_CLUSTER.parent.mkdir(parents=True, exist_ok=True)
    NO_CLUSTER.write_text("create_main_cluster = false\n", encoding="ascii")
    try:
        yield
    finally:
        NO_CLUSTER.unlink(missing_ok=True)
        for folder in made:
            if not any(folder.iterdir()):
                folder.rmdir()
        POLICY.unlink(missing_ok=True)
        if kept.exists():
            kept.rename(POLICY)


def _disable(service: str) -> None:
    # Only what was installed a moment ago: a server that the machine already had is left as it is.
    for command in (["systemctl", "disable", "--quiet", service], ["update-rc.d", service, "disable"]):
        if shutil.which(command[0]):
            subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
            return


def interpreter() -> str:
    """The Python that the environment is made from: the one outside, when we already run inside an environment."""
    return getattr(sys, "_base_executable", None) or sys.executable
