"""Alembic's entry: runs this service's migrations on the connection that the chassis gives."""

from alembic import context

from chassis.migrations import run_env
from ordering.storage import metadata

run_env(context, metadata)
