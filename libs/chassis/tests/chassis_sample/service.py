"""A small service on the chassis, with everything that a real one has: what it keeps, its errors and its views."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import BigInteger, Column, DateTime, MetaData, Table, Text, Uuid, insert, select, tuple_

from chassis.access import caller, members, operators, public
from chassis.bodies import RequestBody
from chassis.clock import FixedClock
from chassis.database import Database
from chassis.idempotency import IdempotencyKeys, idempotency_key, keyed
from chassis.ids import new_id
from chassis.paging import PageQuery, page_of, read_cursor
from chassis.problems import NotFound, ProblemType
from chassis.uploads import read_upload

PICTURE_BYTES_MAX = 1_000
ALLOWED_GRAMS = 900_000

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


class Untold(Exception):
    """A domain error whose problem asks for an attribute that it does not have."""


PROBLEMS: dict[type[Exception], ProblemType] = {
    Untold: ProblemType("untold", 409, "{missing}", "{missing}"),
    TooHeavy: ProblemType(
        "too_heavy",
        409,
        "{allowed_grams:,}g까지만 가능합니다.",
        "At most {allowed_grams:,} g.",
        members=("weight_grams", "allowed_grams"),
    ),
}


@dataclass
class Failing:
    """What the failing view raises."""

    error: Exception | None = None


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
