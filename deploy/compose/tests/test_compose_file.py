"""docker-compose.yml, read as compose reads it, held against what the processes ask for."""

import importlib
import os
import re
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from launcher.services import PACKAGES, SERVICES, WITH_DATABASE
from sandbox.settings import read_settings

ROOT = Path(__file__).parents[3]
FILE = ROOT / "docker-compose.yml"
SERVERS = {"postgres", "rabbitmq"}
ONE_SHOT = {f"{package}-migrate" for package in WITH_DATABASE}
PUBLISHED = {"gateway", "sandbox"}


def _substituted(text: str) -> str:
    """With the defaults of the variables, as for somebody who sets none."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text)


COMPOSE: Mapping[str, Any] = yaml.safe_load(_substituted(FILE.read_text(encoding="utf-8")))
CONTAINERS: Mapping[str, Any] = COMPOSE["services"]


@pytest.fixture(scope="module")
def secrets_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compose") / "secrets"
    subprocess.run([sys.executable, ROOT / "deploy" / "compose" / "make-secrets", folder], check=True)
    return folder


def _environment(name: str, secrets_folder: Path) -> dict[str, str]:
    container = CONTAINERS[name]
    environment: dict[str, str] = dict(container.get("environment", {}))
    for file in container.get("env_file", []):
        lines = (secrets_folder / Path(file).name).read_text(encoding="utf-8").splitlines()
        environment |= dict(line.split("=", 1) for line in lines)
    return environment


def _container_of(package: str, role: str) -> str:
    return f"{package}-{role}" if package in WITH_DATABASE else package.replace("_", "-")


def test_every_process_of_every_service_has_a_container() -> None:
    expected = {_container_of(service.package, role) for service in SERVICES for role in service.roles}
    assert set(CONTAINERS) == expected | ONE_SHOT | SERVERS | {"sandbox"}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_service_in_a_container_finds_all_that_it_asks_for(
    package: str, secrets_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", _environment(_container_of(package, "api"), secrets_folder))
    settings = importlib.import_module(f"{package}.main").settings()
    assert (str(settings.bind_host), settings.api_port, settings.admin_port) == ("0.0.0.0", 8000, 8001)  # noqa: S104 - inside its container
    assert [str(network) for network in settings.trusted_proxies] == ["172.31.250.10/32", "172.31.250.11/32"]


def test_the_sandbox_knows_the_credentials_that_the_services_use(secrets_folder: Path) -> None:
    credentials = read_settings(_environment("sandbox", secrets_folder)).credentials
    wallet = _environment("wallet-api", secrets_folder)
    messaging = _environment("messaging-worker", secrets_folder)
    ordering = _environment("ordering-worker", secrets_folder)
    assert credentials.payment_secret_key == wallet["WALLET_PAYMENT_SECRET_KEY"]
    assert credentials.message_account == messaging["MESSAGING_PROVIDER_ACCOUNT"]
    assert credentials.message_password == messaging["MESSAGING_PROVIDER_PASSWORD"]
    assert credentials.supplier_auth_token == ordering["ORDERING_SUPPLIER_AUTH_TOKEN"]


def test_a_service_reaches_its_own_database_alone(secrets_folder: Path) -> None:
    passwords = _environment("postgres", secrets_folder)
    for package in WITH_DATABASE:
        password = passwords[f"{package.upper()}_PASSWORD"]
        url = _environment(f"{package}-api", secrets_folder)[f"{package.upper()}_DATABASE_URL"]
        assert url == f"postgresql://{package}:{password}@postgres:5432/{package}"
        assert len({*passwords.values()}) == len(passwords)


def test_no_secret_is_in_the_file_and_only_their_owner_reads_them(secrets_folder: Path) -> None:
    text = FILE.read_text(encoding="utf-8")
    files = list(secrets_folder.glob("*.env"))
    assert len(files) == 9
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        for line in file.read_text(encoding="utf-8").splitlines():
            assert line.split("=", 1)[1] not in text
    assert stat.S_IMODE(secrets_folder.stat().st_mode) == 0o700


def test_making_the_secrets_again_changes_none(secrets_folder: Path) -> None:
    before = {file.name: file.read_bytes() for file in secrets_folder.iterdir()}
    subprocess.run([sys.executable, ROOT / "deploy" / "compose" / "make-secrets", secrets_folder], check=True)
    assert {file.name: file.read_bytes() for file in secrets_folder.iterdir()} == before


def test_only_the_gateway_and_the_sandbox_are_reached_from_outside_and_from_this_machine_alone() -> None:
    published = {name: container["ports"] for name, container in CONTAINERS.items() if "ports" in container}
    assert set(published) == PUBLISHED
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)
    assert {name for name, container in CONTAINERS.items() if "outside" in container["networks"]} == PUBLISHED
    assert all(COMPOSE["networks"][name]["internal"] for name in ("inside", "servers"))


@pytest.mark.parametrize("name", sorted(set(CONTAINERS) - ONE_SHOT))
def test_what_runs_on_is_asked_for_its_health_and_started_again(name: str) -> None:
    container = CONTAINERS[name]
    assert container["restart"] == "unless-stopped"
    assert container["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}


@pytest.mark.parametrize("name", sorted(CONTAINERS))
def test_a_container_has_bounds(name: str) -> None:
    container = CONTAINERS[name]
    assert {"mem_limit", "cpus", "pids_limit"} <= set(container)
    assert "no-new-privileges:true" in container["security_opt"]
    if name not in SERVERS:
        assert container["read_only"]
        assert container["cap_drop"] == ["ALL"]


@pytest.mark.parametrize("name", sorted(CONTAINERS))
def test_an_image_names_its_version(name: str) -> None:
    tag = CONTAINERS[name]["image"].partition(":")[2]
    assert tag not in {"", "latest"}


def test_processes_of_a_service_wait_for_its_migrations() -> None:
    for package in WITH_DATABASE:
        for role in ("api", "worker", "relay"):
            needed = CONTAINERS[f"{package}-{role}"]["depends_on"]
            assert needed[f"{package}-migrate"]["condition"] == "service_completed_successfully"
            assert needed["rabbitmq"]["condition"] == "service_healthy"
