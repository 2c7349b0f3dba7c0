"""What every service with a database offers to operators about its plumbing."""

from collections.abc import Mapping

from flask_openapi3 import APIBlueprint

from chassis.clock import Clock
from chassis.database import Database
from chassis.dead_letters_admin import dead_letters_blueprint
from chassis.operator_acts import OperatorActs
from chassis.outbox_admin import outbox_blueprint
from chassis.republish import Republish
from chassis.republish_admin import republish_blueprint


def plumbing_blueprints(
    database: Database, *, producer: str, clock: Clock, republishers: Mapping[str, Republish] | None = None
) -> tuple[APIBlueprint, ...]:
    """`/admin/outbox`, `/admin/parked-events`, `/admin/dead-letters…` and `/admin/republish/<kind>`.

    What operators do there is said for the audit log under the service's name, `producer`.
    """
    acts = OperatorActs(producer, clock)
    return (
        outbox_blueprint(database),
        dead_letters_blueprint(database, acts),
        republish_blueprint(database, acts, republishers or {}),
    )
