"""`./coupbiz requirements [--upgrade]`: write the hashed requirements anew from the packages' own declarations.

The files name versions and hashes for Python 3.11 to 3.13 and no index: from where packages come is the business of
the machine that installs them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from launcher.places import ROOT, VENV, projects
from launcher.words import LauncherError, say

FOLDER = ROOT / "requirements"
DEVELOPMENT = FOLDER / "development.txt"
RUNTIME = FOLDER / "runtime.txt"
BUILD = FOLDER / "build.in"
WORKSPACE_DEPENDENCIES = ("contracts", "chassis")
GROUPS = ("--group", "dev", "--group", "bench")
"""What a checkout has beyond the services' own packages."""
INDEX_VARIABLES = ("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS")


def main(arguments: Sequence[str]) -> int:
    """Write both files; versions stay as they are unless `--upgrade` is given."""
    uv = shutil.which("uv", path=f"{VENV / 'bin'}:{os.environ.get('PATH', '')}")
    if uv is None:
        raise LauncherError(f"uv is needed to resolve versions: {VENV}/bin/python -m pip install uv")
    packages = [str(path.relative_to(ROOT)) for path in projects()]
    upgrade = ["--upgrade"] if "--upgrade" in arguments else []
    build = str(BUILD.relative_to(ROOT))
    _compile(uv, DEVELOPMENT, [*packages, build, "--all-extras", *GROUPS, *upgrade])
    _compile(uv, RUNTIME, [*packages, build, "--constraints", str(DEVELOPMENT.relative_to(ROOT))])
    return 0


def _compile(uv: str, target: Path, arguments: Sequence[str]) -> None:
    options = ("--universal", "--python-version=3.11", "--generate-hashes", "--no-header", "--no-annotate")
    ours = [part for name in WORKSPACE_DEPENDENCIES for part in ("--no-emit-package", name)]
    relative = str(target.relative_to(ROOT))
    say(f"Resolving {relative} …")
    done = subprocess.run(
        [uv, "pip", "compile", "--quiet", *options, "--no-emit-index-url", *ours, "-o", relative, *arguments],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name not in INDEX_VARIABLES},
        check=False,
    )
    if done.returncode != 0:
        raise LauncherError(f"uv could not resolve {relative}.")
