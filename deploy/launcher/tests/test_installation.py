"""From nothing to an environment."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from launcher import debian
from launcher.places import ROOT, checkout_id, projects
from launcher.words import LauncherError

REQUIREMENTS = [ROOT / "requirements" / "development.txt", ROOT / "requirements" / "runtime.txt"]


def test_the_first_steps_need_nothing_but_the_standard_library() -> None:
    code = f"import sys; sys.path.insert(0, {str(ROOT / 'deploy/launcher/src')!r}); import launcher.installation"
    # -I and -S: neither the environment's packages nor the caller's.
    assert subprocess.run([sys.executable, "-I", "-S", "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("file", REQUIREMENTS, ids=lambda file: file.stem)
def test_requirements_are_pinned_and_hashed_and_name_no_place_to_download_from(file: Path) -> None:
    text = file.read_text()
    assert "://" not in text
    assert "index-url" not in text
    requirements = text.replace("\\\n", " ").splitlines()
    assert len(requirements) > 50
    assert all("==" in line and "--hash=sha256:" in line for line in requirements)


def test_what_our_packages_ask_for_is_in_the_requirements() -> None:
    pinned = set(re.findall(r"^([a-z0-9-]+)==", REQUIREMENTS[0].read_text(), re.MULTILINE))
    ours = {_name(tomllib.loads(project.read_text())["project"]["name"]) for project in projects()}
    asked = {
        _name(requirement)
        for project in projects()
        for requirement in tomllib.loads(project.read_text())["project"]["dependencies"]
    }
    assert asked - ours <= pinned


def test_somebody_without_root_is_told_the_exact_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    line = "sudo apt-get update && sudo apt-get install --yes --no-install-recommends python3-venv postgresql"
    with pytest.raises(LauncherError, match=re.escape(line)):
        debian.install(["python3-venv", "postgresql"])


def test_another_system_than_debian_is_told_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(LauncherError, match="what Debian calls rabbitmq-server"):
        debian.install(["rabbitmq-server"])


def test_nothing_is_missing_where_servers_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian, "POSTGRES_PROGRAMS", "/nowhere/*")
    monkeypatch.setattr(debian, "RABBITMQ_PROGRAMS", "/nowhere/*")
    monkeypatch.setattr(debian, "BROWSER", {"chromium": "/nowhere/chromium"})
    monkeypatch.setattr(debian, "PRINTING", {"libpango-1.0-0": "/nowhere/*"})
    nothing = {"environment": False, "postgres": False, "rabbitmq": False, "fonts": False}
    assert debian.missing_packages(**nothing) == []
    assert debian.missing_packages(**{**nothing, "postgres": True}) == ["postgresql"]
    assert debian.missing_packages(**{**nothing, "rabbitmq": True}) == ["rabbitmq-server"]
    assert debian.missing_packages(**{**nothing, "browser": True}) == ["chromium"]
    assert debian.missing_packages(**{**nothing, "printing": True}) == ["libpango-1.0-0"]


def test_checkouts_of_the_same_name_are_told_apart() -> None:
    one, other = checkout_id(Path("/home/kim/coupbiz")), checkout_id(Path("/home/lee/coupbiz"))
    assert one.startswith("coupbiz-")
    assert one != other


def _name(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement)[0].lower().replace("_", "-").replace(".", "-")
