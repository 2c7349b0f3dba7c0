"""Alembic's entry: runs this service's migrations on the connection that the chassis gives."""

from alembic import context

import identity.storage.affair_tables
import identity.storage.login_tables  # noqa: F401 - they add their tables to the metadata
from chassis.migrations import run_env
from identity.storage.tables import metadata

run_env(context, metadata)
