"""The sample service on a real database, and an issuer of tokens whose keys are served over HTTP."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from chassis_sample.issuer import TokenIssuer
from chassis_sample.service import PROBLEMS, Failing, admin_blueprint, failing_blueprint, sample, things_blueprint
from flask.testing import FlaskClient
from psycopg import sql
from sqlalchemy import text

from chassis import tables
from chassis.clock import FixedClock
from chassis.database import Database
from chassis.settings import Environment, ServiceSettings
from chassis.tokens import Authenticator
from chassis.web import WsgiApp, create_app

BODY_BYTES_MAX = 20_000
API_PORT, ADMIN_PORT = 21_001, 21_002


@dataclass
class Issuer(TokenIssuer):
    """The identity service as others see it: also an address with its keys, which may be away."""

    url: str = ""
    reads: int = 0
    is_away: bool = False

    def token(self, **claims: Any) -> str:
        return super().token(**{"roles": ["maker"]} | claims)


@dataclass
class Sample:
    """The service, and what tests turn."""

    app: WsgiApp
    database: Database
    clock: FixedClock
    failing: Failing
    issuer: Issuer

    @property
    def api(self) -> FlaskClient:
        return self.app.api.test_client()

    @property
    def admin(self) -> FlaskClient:
        return self.app.admin.test_client()


@pytest.fixture(scope="session")
def sample_database(postgres_server: str) -> Iterator[Database]:
    """A database of this test process with the chassis's tables and the sample's."""
    name = f"test_web_{os.getpid()}_{uuid4().hex[:8]}"
    with psycopg.connect(postgres_server, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        parts = psycopg.conninfo.conninfo_to_dict(postgres_server)
        url = f"postgresql://{parts['user']}:{parts.get('password', '')}@{parts['host']}:{parts['port']}/{name}"
        made = Database(url, application_name="test of the web", pool_size=5)
        tables.metadata.create_all(made.engine, tables=[tables.idempotency_keys, tables.session_floors])
        sample.create_all(made.engine)
        yield made
        made.dispose()
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def database(sample_database: Database) -> Iterator[Database]:
    """The same database, emptied after the test."""
    yield sample_database
    with sample_database.transaction() as session:
        session.execute(text("TRUNCATE things, idempotency_keys, session_floors"))


@pytest.fixture
def issuer(fixed_clock: FixedClock) -> Iterator[Issuer]:
    """An issuer whose keys are served over HTTP."""
    made = Issuer(fixed_clock)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.reads += 1
            body = json.dumps(made.document()).encode()
            self.send_response(503 if made.is_away else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_port}/.well-known/jwks.json"
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def settings(issuer: Issuer) -> ServiceSettings:
    """The settings of the sample."""
    return ServiceSettings(
        environment=Environment.TEST,
        api_port=API_PORT,
        admin_port=ADMIN_PORT,
        token_keys_url=issuer.url,
        trusted_proxies="10.0.0.0/8",  # type: ignore[arg-type]
    )


@pytest.fixture
def service(database: Database, issuer: Issuer, fixed_clock: FixedClock, settings: ServiceSettings) -> Sample:
    """The sample service on a real database."""
    failing = Failing()
    app = create_app(
        service="sample",
        database=database,
        clock=fixed_clock,
        api_blueprints=[things_blueprint(database, fixed_clock), failing_blueprint(failing)],
        admin_blueprints=[admin_blueprint()],
        problems=PROBLEMS,
        authenticator=Authenticator(issuer.url, database, clock=fixed_clock),
        settings=settings,
        body_bytes_max=BODY_BYTES_MAX,
    )
    return Sample(app, database, fixed_clock, failing, issuer)


@pytest.fixture
def make(service: Sample) -> Callable[..., Any]:
    """POST a thing as a member."""
    headers = service.issuer.headers()

    def post(key: str = "key-1", **body: Any) -> Any:
        content = {"label": "가위", "weight_grams": 100} | body
        return service.api.post("/v1/things", json=content, headers=headers | {"Idempotency-Key": key})

    return post
