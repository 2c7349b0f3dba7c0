"""What every service with a database offers to operators about its plumbing."""

from collections.abc import Mapping

from flask_openapi3 import APIBlueprint

from chassis.database import Database
from chassis.dead_letters_admin import SayActed, dead_letters_blueprint
from chassis.outbox_admin import outbox_blueprint
from chassis.republish import Republish
from chassis.republish_admin import republish_blueprint


def plumbing_blueprints(
    database: Database, *, republishers: Mapping[str, Republish] | None = None, say_acted: SayActed | None = None
) -> tuple[APIBlueprint, ...]:
    """`/admin/outbox`, `/admin/parked-events`, `/admin/dead-letters…` and `/admin/republish/<kind>`."""
    return (
        outbox_blueprint(database),
        dead_letters_blueprint(database, say_acted),
        republish_blueprint(republishers or {}),
    )
