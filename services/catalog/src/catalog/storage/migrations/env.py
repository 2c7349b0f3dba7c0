"""Alembic's entry: runs this service's migrations on the connection that the chassis gives."""

from alembic import context

from catalog.storage.tables import metadata
from chassis.migrations import run_env

run_env(context, metadata)
