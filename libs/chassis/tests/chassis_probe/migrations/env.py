"""Alembic's environment of the probe."""

from alembic import context
from chassis_probe.tables import metadata

from chassis.migrations import run_env

run_env(context, metadata)
