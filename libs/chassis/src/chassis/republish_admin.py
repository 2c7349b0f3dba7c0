"""Saying state again, asked for on the admin port."""

from collections.abc import Mapping

from flask_openapi3 import APIBlueprint
from pydantic import BaseModel

from chassis.access import operators
from chassis.database import Database
from chassis.operator_acts import OperatorActs
from chassis.problems import NotFound
from chassis.republish import Republish
from contracts.audit import Act

ROLES = frozenset({"support", "admin"})


class RepublishPath(BaseModel):
    """Which kind of state."""

    kind: str


class RepublishedOut(BaseModel):
    """How many events were said."""

    kind: str
    events: int


def republish_blueprint(database: Database, acts: OperatorActs, republishers: Mapping[str, Republish]) -> APIBlueprint:
    """The route: it answers when all of it stands in the outbox."""
    blueprint = APIBlueprint("republish", __name__)

    @blueprint.post("/admin/republish/<kind>", responses={200: RepublishedOut})
    @operators(roles=ROLES)
    def republish(path: RepublishPath) -> RepublishedOut:
        """Say the present state of this kind again, for copies that lost something."""
        if path.kind not in republishers:
            raise NotFound
        # Said beforehand: the state goes out in many transactions, and a half of them would be an act as well.
        with database.transaction() as session:
            acts.say(session, Act("state_republished", "state", path.kind))
        return RepublishedOut(kind=path.kind, events=republishers[path.kind].run())

    return blueprint
