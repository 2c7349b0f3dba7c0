"""A small service on the chassis, with everything that a real one has: a database, members, operators, keys."""

from __future__ import annotations

import json
import os
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from flask.testing import FlaskClient
from flask_openapi3 import APIBlueprint
from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey
from psycopg import sql
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import BigInteger, Column, DateTime, MetaData, Table, Text, Uuid, insert, select, text, tuple_

from chassis import tables
from chassis.access import caller, members, operators, public
from chassis.bodies import RequestBody
from chassis.clock import FixedClock
from chassis.database import Database
from chassis.idempotency import IdempotencyKeys, idempotency_key, keyed
from chassis.ids import new_id
from chassis.paging import PageQuery, page_of, read_cursor
from chassis.problems import NotFound, ProblemType
from chassis.settings import Environment, ServiceSettings
from chassis.tokens import AUDIENCE, ISSUER, Authenticator
from chassis.uploads import read_upload
from chassis.web import WsgiApp, create_app

PICTURE_BYTES_MAX = 1_000
BODY_BYTES_MAX = 20_000
ALLOWED_GRAMS = 900_000
API_PORT, ADMIN_PORT = 21_001, 21_002

sample = MetaData()
things = Table(
    "things",
    sample,
    Column("id", Uuid, primary_key=True),
    Column("label", Text, nullable=False),
    Column("weight_grams", BigInteger, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
)


class Making(RequestBody):
    """What a thing is made of."""

    label: str = Field(min_length=1, max_length=40)
    weight_grams: int = Field(ge=1, le=1_000_000)
    tags: tuple[str, ...] = Field(default=(), max_length=10)
    parent_id: UUID | None = None


class Thing(BaseModel):
    """A thing."""

    thing_id: UUID
    label: str
    weight_grams: int
    made_at: datetime


class Things(BaseModel):
    """A page of things."""

    items: list[Thing]
    next_cursor: str | None


class ThingPath(BaseModel):
    """The thing meant."""

    thing_id: UUID


class SecretPath(BaseModel):
    """A secret in an address, as links and webhooks have one."""

    secret: str


class PictureForm(BaseModel):
    """Marks the view as one that reads a multipart form."""

    model_config = ConfigDict(extra="allow")

    caption: str = ""


class Picture(BaseModel):
    """What arrived."""

    file_name: str
    size_bytes: int


class TooHeavy(Exception):
    """A domain error."""

    def __init__(self, weight_grams: int, allowed_grams: int) -> None:
        super().__init__(weight_grams)
        self.weight_grams, self.allowed_grams = weight_grams, allowed_grams


PROBLEMS = {
    TooHeavy: ProblemType(
        "too_heavy",
        409,
        "{allowed_grams:,}g까지만 가능합니다.",
        "At most {allowed_grams:,} g.",
        members=("weight_grams", "allowed_grams"),
    )
}


@dataclass
class Failing:
    """What the failing view raises."""

    error: Exception | None = None


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


@dataclass
class Issuer:
    """The identity service as others see it: tokens, and an address with the public keys."""

    clock: FixedClock
    url: str = ""
    keys: list[OKPKey] = field(default_factory=list)
    reads: int = 0
    is_away: bool = False

    def add_key(self, key_id: str) -> OKPKey:
        self.keys.append(OKPKey.generate_key("Ed25519", {"kid": key_id}))
        return self.keys[-1]

    def document(self) -> dict[str, Any]:
        return dict(KeySet(list(self.keys)).as_dict(private=False))

    def token(self, *, key: OKPKey | None = None, header: dict[str, Any] | None = None, **claims: Any) -> str:
        key = key or self.keys[-1]
        now = int(self.clock.now().timestamp())
        content: dict[str, Any] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(uuid4()),
            "tid": str(uuid4()),
            "kind": "member",
            "roles": ["maker"],
            "gen": 1,
            "tgen": 1,
            "iat": now,
            "exp": now + 600,
            "jti": uuid4().hex,
        } | claims
        content = {name: value for name, value in content.items() if value is not None}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return jwt.encode({"alg": "EdDSA", "kid": key.kid} | (header or {}), content, key, algorithms=["EdDSA"])

    def headers(self, **claims: Any) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(**claims)}"}


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
    made.add_key("first")

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


def things_blueprint(database: Database, clock: FixedClock) -> APIBlueprint:
    blueprint = APIBlueprint("things", __name__)

    @blueprint.post("/v1/things", responses={201: Thing})
    @members(roles={"maker"})
    @keyed
    def make_thing(body: Making) -> tuple[Thing, int]:
        """Make a thing, once a key."""
        if body.weight_grams > ALLOWED_GRAMS:
            raise TooHeavy(body.weight_grams, ALLOWED_GRAMS)
        with database.transaction() as session:

            def create() -> UUID:
                thing_id = new_id()
                session.execute(
                    insert(things).values(
                        id=thing_id, label=body.label, weight_grams=body.weight_grams, made_at=clock.now()
                    )
                )
                return thing_id

            once = IdempotencyKeys(session, clock).once(
                scope=str(caller().tenant_id), key=idempotency_key(), operation="make thing", body=body, create=create
            )
            row = session.execute(select(things).where(things.c.id == once.resource_id)).one()
            return shown(row), 201

    @blueprint.get("/v1/things/<thing_id>", responses={200: Thing})
    @members
    def show_thing(path: ThingPath) -> Thing:
        """Show a thing."""
        with database.transaction() as session:
            row = session.execute(select(things).where(things.c.id == path.thing_id)).one_or_none()
        if row is None:
            raise NotFound
        return shown(row)

    @blueprint.get("/v1/things", responses={200: Things})
    @members
    def list_things(query: PageQuery) -> Things:
        """List things, oldest first."""
        key = read_cursor(query.cursor, datetime, UUID)
        rows = select(things).order_by(things.c.made_at, things.c.id).limit(query.limit + 1)
        if key is not None:
            rows = rows.where(tuple_(things.c.made_at, things.c.id) > tuple_(*key))
        with database.transaction() as session:
            found = session.execute(rows).all()
        items, next_cursor = page_of(found, query.limit, key=lambda row: (row.made_at, row.id), show=shown)
        return Things(items=items, next_cursor=next_cursor)

    @blueprint.put("/v1/things/<uuid:thing_id>/picture", responses={200: Picture})
    @members
    def put_picture(path: ThingPath, form: PictureForm) -> Picture:
        """Read a picture."""
        upload = read_upload("file", bytes_max=PICTURE_BYTES_MAX)
        return Picture(file_name=upload.file_name, size_bytes=len(upload.content))

    return blueprint


def failing_blueprint(failing: Failing) -> APIBlueprint:
    blueprint = APIBlueprint("failing", __name__)

    @blueprint.post("/v1/failures/<secret>")
    @public
    def fail(path: SecretPath, body: Making) -> Thing:
        """Fail as the test says."""
        if failing.error is not None:
            raise failing.error
        return Thing(
            thing_id=new_id(), label=body.label, weight_grams=1, made_at=datetime.fromtimestamp(0).astimezone()
        )

    return blueprint


def admin_blueprint() -> APIBlueprint:
    blueprint = APIBlueprint("admin things", __name__)

    @blueprint.get("/admin/things", responses={200: Things})
    @operators(roles={"catalog", "admin"})
    def list_all_things() -> Things:
        """List what there is."""
        return Things(items=[], next_cursor=None)

    return blueprint


def shown(row: Any) -> Thing:
    return Thing(thing_id=row.id, label=row.label, weight_grams=row.weight_grams, made_at=row.made_at)


@pytest.fixture
def make(service: Sample) -> Callable[..., Any]:
    """POST a thing as a member."""
    headers = service.issuer.headers()

    def post(key: str = "key-1", **body: Any) -> Any:
        content = {"label": "가위", "weight_grams": 100} | body
        return service.api.post("/v1/things", json=content, headers=headers | {"Idempotency-Key": key})

    return post
