"""A gateway before services that answer with what they got: real sockets on both sides of them."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey

sys.path.insert(0, str(Path(__file__).parent))

from gateway_services import DOORS, JWKS_PATH, Service, serving

from chassis.tokens import AUDIENCE, ISSUER
from chassis.web import WsgiApp
from gateway.main import create_api
from gateway.settings import Settings

KEY_ID = "test-gateway"
PORTS = {"api_port": 22_001, "admin_port": 22_002}


@pytest.fixture(scope="session")
def signing_key() -> OKPKey:
    """The key that the identity service signs with."""
    return OKPKey.generate_key("Ed25519", parameters={"kid": KEY_ID})


@pytest.fixture(scope="session")
def running_services(signing_key: OKPKey) -> Iterator[dict[str, tuple[Service, str]]]:
    """Every port of every service, with its address."""
    keys = dict(KeySet([signing_key]).as_dict(private=False))
    with ExitStack() as stack:
        services = {name: Service(name, keys) for name in DOORS}
        yield {name: (service, stack.enter_context(serving(service))) for name, service in services.items()}


@pytest.fixture
def services(running_services: dict[str, tuple[Service, str]]) -> dict[str, Service]:
    """The services, with nothing received yet."""
    for service, _ in running_services.values():
        service.requests.clear()
        service.answer = None
    return {name: service for name, (service, _) in running_services.items()}


@pytest.fixture(scope="session")
def addresses(running_services: dict[str, tuple[Service, str]]) -> dict[str, Any]:
    """The settings of a gateway before the services."""
    urls = {f"{name}_url": url for name, (_, url) in running_services.items()}
    return {**PORTS, **urls, "environment": "test", "token_keys_url": urls["identity_url"] + JWKS_PATH}


@pytest.fixture
def gateway(addresses: dict[str, Any], services: dict[str, Service]) -> Callable[..., WsgiApp]:
    """Makes a gateway; names of settings change it."""
    del services
    return lambda **changed: create_api(Settings(**{**addresses, **changed}))


@pytest.fixture
def client(gateway: Callable[..., WsgiApp]) -> FlaskClient:
    """A client of a gateway as it comes."""
    return gateway().api.test_client()


@pytest.fixture
def token(signing_key: OKPKey) -> Callable[..., str]:
    """Makes the value of `Authorization`; what is given changes the claims."""

    def make(kind: str = "member", *, key: OKPKey = signing_key, subject_id: UUID | None = None, **changed: Any) -> str:
        now = datetime.now(UTC)
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(subject_id or uuid4()),
            "tid": str(uuid4()) if kind == "member" else None,
            "kind": kind,
            "roles": ["master"] if kind == "member" else ["admin"],
            "gen": 1,
            "tgen": 1,
            "iat": int(now.timestamp()),
            "exp": int((now + timedelta(minutes=5)).timestamp()),
            "jti": str(uuid4()),
        } | changed
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return "Bearer " + jwt.encode({"alg": "EdDSA", "kid": KEY_ID}, claims, key, algorithms=["EdDSA"])

    return make
