"""The OpenAPI documents: one of the whole public API as the gateway serves it, and one of each service for operators.

`python -m launcher.api_docs write|check`. Each service says its own documents in a process of its own, under the
environment that a suite would give it; nothing is connected to, and no server need run.
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from launcher.api_merging import admin_document, merged
from launcher.environment import environment_of
from launcher.keys import DevelopmentKeys
from launcher.places import ROOT
from launcher.services import SERVICES, port_names
from launcher.suite import Suite
from launcher.words import LauncherError, say

FOLDER = ROOT / "docs/api"
PACKAGED = ROOT / "services/gateway/src/gateway/api/openapi.json"
"""The copy that the gateway carries and serves."""
GATEWAY = "gateway"
PAGES = "coupon_web"
"""Answers people with pages, and has no API."""
AT_ONCE = 2
TIMEOUT_SECONDS = 120

Document = dict[str, Any]


def documents() -> dict[Path, str]:
    """Every generated file with the text that it should have. Raises LauncherError naming a service that cannot say."""
    packages = [service.package for service in SERVICES if service.package != PAGES]
    with tempfile.TemporaryDirectory(prefix="coupbiz-docs-") as folder, ThreadPoolExecutor(AT_ONCE) as pool:
        suite = _suite_of_nothing(Path(folder))
        # One after the other: keys are made as they are asked for.
        environments = [environment_of(package, suite) for package in packages]
        said = pool.map(_said_by, packages, environments, [suite.data] * len(packages))
        both = dict(zip(packages, said, strict=True))
    public = as_text(merged({package: own["api"] for package, own in both.items()}))
    operators = {
        FOLDER / f"admin-{package}.json": as_text(admin_document(package, own["admin"]))
        for package, own in both.items()
    }
    return {FOLDER / "openapi.json": public, PACKAGED: public, **operators}


def as_text(document: Document) -> str:
    """A document as it is committed."""
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def say_own(package: str) -> None:
    """Print both documents of one service: what each process started here does."""
    main = importlib.import_module(f"{package}.main")
    app = main.create_api(main.settings())
    sys.stdout.write(json.dumps({"api": app.api.api_doc, "admin": app.admin.api_doc}))


def _said_by(package: str, environment: dict[str, str], folder: Path) -> dict[str, Document]:
    # Without the sandbox's clock a service offers what it offers in production.
    environment.pop(f"{package.upper()}_CLOCK_URL", None)
    done = subprocess.run(
        [sys.executable, "-P", "-m", "launcher.api_docs", "say", package],
        env=environment,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise LauncherError(f"{package} cannot say its API:\n{done.stderr.strip()}")
    said: dict[str, Document] = json.loads(done.stdout)
    return said


def _suite_of_nothing(folder: Path) -> Suite:
    # Ports only have to differ: no document contains one, and nothing listens.
    ports = {name: 20_000 + number for number, name in enumerate(port_names())}
    return Suite(data=folder, ports=ports, keys=DevelopmentKeys(folder / "keys.json"))


def main(arguments: Sequence[str]) -> int:
    """Write the documents, or check that they are written; the exit code."""
    if len(arguments) == 2 and arguments[0] == "say":
        say_own(arguments[1])
        return 0
    if list(arguments) not in (["write"], ["check"]):
        say(str(__doc__))
        return 2
    try:
        texts = documents()
    except LauncherError as failure:
        say(str(failure))
        return 1
    if arguments[0] == "check":
        late = [path for path, text in texts.items() if not path.exists() or path.read_text("utf-8") != text]
        for path in late:
            say(f"stale: {path.relative_to(ROOT)}; run ./coupbiz docs")
        return 1 if late else 0
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
