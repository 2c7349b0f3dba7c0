"""Every service's real application on a database of its own, and one caller of every kind."""

import importlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from every_route import Caller, Service

from chassis.database import Database
from chassis.testing.wire import Exchange, WireServer
from identity import main as identity
from identity.application.ports import Claims
from identity.application.signing_keys import published_keys
from identity.domain.login import SubjectKind
from identity.settings import Settings
from launcher.environment import environment_of
from launcher.keys import DevelopmentKeys
from launcher.services import WITH_DATABASE, port_names
from launcher.suite import Suite

MEMBER_ROLES = ("master", "sub")
OPERATOR_ROLES = ("support", "finance", "catalog", "admin")


@pytest.fixture
def services(
    service_database: Callable[[str], Database], broker_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Mapping[str, Service]]:
    """The services with a database, by package; tokens are identity's own, and its keys are served to the others."""
    databases = {package: service_database(package) for package in WITH_DATABASE}
    suite = _suite_of_nothing(tmp_path)
    with ExitStack() as stack:
        settings = _settings("identity", suite, databases["identity"], broker_url, monkeypatch)
        assert isinstance(settings, Settings)
        parts = identity.parts_of(settings)
        stack.callback(parts.database.dispose)
        callers = _callers(parts)
        with parts.begin() as uow:
            keys = json.dumps(published_keys(uow, parts.signer)).encode()

        def answer(exchange: Exchange) -> None:
            exchange.answer(200, keys)

        server = stack.enter_context(WireServer(answer))
        made = {}
        for package, database in databases.items():
            settings = _settings(package, suite, database, broker_url, monkeypatch, keys_url=server.url)
            app = importlib.import_module(f"{package}.main").create_api(settings)
            made[package] = Service(package, app, callers)
        yield made


def _settings(
    package: str,
    suite: Suite,
    database: Database,
    broker_url: str,
    monkeypatch: pytest.MonkeyPatch,
    *,
    keys_url: str = "http://127.0.0.1:9",
) -> Any:
    prefix = package.upper()
    environment = environment_of(package, suite) | {
        f"{prefix}_DATABASE_URL": database.engine.url.render_as_string(hide_password=False),
        f"{prefix}_BROKER_URL": broker_url,
        f"{prefix}_TOKEN_KEYS_URL": f"{keys_url}/.well-known/jwks.json",
    }
    # Without the sandbox's clock a service offers what it offers in production.
    environment.pop(f"{prefix}_CLOCK_URL", None)
    for name, value in environment.items():
        if name.startswith(prefix) and name not in os.environ:
            monkeypatch.setenv(name, value)
    monkeypatch.setenv(f"{prefix}_TOKEN_KEYS_URL", environment[f"{prefix}_TOKEN_KEYS_URL"])
    return importlib.import_module(f"{package}.main").settings()


def _callers(parts: identity.Parts) -> list[Caller]:
    """Nobody; master and sub-member of a company that has nothing; an operator of each role alone."""
    members = [Caller(role, "member", role, _token(parts, SubjectKind.MEMBER, role)) for role in MEMBER_ROLES]
    operators = [
        Caller(f"operator/{role}", "operator", role, _token(parts, SubjectKind.OPERATOR, role))
        for role in OPERATOR_ROLES
    ]
    return [Caller("nobody", None, None, None), *members, *operators]


def _token(parts: identity.Parts, kind: SubjectKind, role: str) -> str:
    at = datetime.now(UTC)
    claims = Claims(
        kind=kind,
        subject_id=uuid4(),
        tenant_id=uuid4() if kind is SubjectKind.MEMBER else None,
        roles=(role,),
        generation=1,
        tenant_generation=1 if kind is SubjectKind.MEMBER else 0,
        session_id=uuid4(),
    )
    with parts.begin() as uow:
        key = uow.signing_keys.active() or uow.signing_keys.add_first(parts.signer.new_key(at))
        return parts.signer.issue(key, claims, at)


def _suite_of_nothing(folder: Path) -> Suite:
    # Ports only have to differ: nothing listens there, and nobody outside is asked.
    ports = {name: 20_000 + number for number, name in enumerate(port_names())}
    return Suite(data=folder, ports=ports, keys=DevelopmentKeys(folder / "keys.json"))
