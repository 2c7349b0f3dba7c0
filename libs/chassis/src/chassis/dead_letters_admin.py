"""Dead letters on the admin port: see, replay once, discard."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask_openapi3 import APIBlueprint
from pydantic import AwareDatetime, BaseModel
from sqlalchemy.engine import Row
from sqlalchemy.orm import Session

from chassis import dead_letters
from chassis.access import operators
from chassis.database import Database
from chassis.masking import shown
from chassis.operator_acts import OperatorActs
from chassis.paging import PageQuery, page_of, read_cursor
from contracts.audit import Act

ROLES = frozenset({"support", "admin"})


class DeadLetterPath(BaseModel):
    """Which letter."""

    dead_letter_id: UUID


class DeadLetterOut(BaseModel):
    """A message that could not be applied. `message` has its values masked, and is absent when it cannot be read."""

    dead_letter_id: UUID
    queue: str
    message_id: UUID
    type: str | None
    message: dict[str, Any] | None
    body_bytes: int
    error: str
    attempts: int
    died_at: AwareDatetime


class DeadLettersOut(BaseModel):
    """A page of them, oldest first."""

    items: list[DeadLetterOut]
    next_cursor: str | None


class SettledOut(BaseModel):
    """What became of a letter."""

    dead_letter_id: UUID
    state: str


def dead_letters_blueprint(database: Database, acts: OperatorActs) -> APIBlueprint:
    """The routes of a service's dead letters."""
    blueprint = APIBlueprint("dead_letters", __name__)

    @blueprint.get("/admin/dead-letters", responses={200: DeadLettersOut})
    @operators(roles=ROLES)
    def waiting(query: PageQuery) -> DeadLettersOut:
        """What waits for somebody to replay or discard it."""
        after = read_cursor(query.cursor, UUID)
        with database.transaction() as session:
            rows = dead_letters.waiting(session, after=after[0] if after else None, limit=query.limit + 1)
        items, next_cursor = page_of(rows, query.limit, key=lambda row: (row.id,), show=_shown)
        return DeadLettersOut(items=items, next_cursor=next_cursor)

    @blueprint.post("/admin/dead-letters/<uuid:dead_letter_id>/replay", responses={200: SettledOut})
    @operators(roles=ROLES)
    def replay(path: DeadLetterPath) -> SettledOut:
        """Send it once more to the queue that it died in."""
        return settle(path, dead_letters.replay, "replayed")

    @blueprint.post("/admin/dead-letters/<uuid:dead_letter_id>/discard", responses={200: SettledOut})
    @operators(roles=ROLES)
    def discard(path: DeadLetterPath) -> SettledOut:
        """Give it up."""
        return settle(path, dead_letters.discard, "discarded")

    def settle(path: DeadLetterPath, act: Callable[[Session, UUID], None], state: str) -> SettledOut:
        with database.transaction() as session:
            act(session, path.dead_letter_id)
            acts.say(session, Act(f"dead_letter_{state}", "dead_letter", str(path.dead_letter_id)))
        return SettledOut(dead_letter_id=path.dead_letter_id, state=state)

    return blueprint


def _shown(row: Row[Any]) -> DeadLetterOut:
    return DeadLetterOut(
        dead_letter_id=row.id,
        queue=row.queue,
        message_id=row.message_id,
        type=row.type,
        message=shown(row.body),
        body_bytes=len(row.body),
        error=row.error,
        attempts=row.attempts,
        died_at=row.died_at,
    )
