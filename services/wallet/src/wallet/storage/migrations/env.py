"""Alembic's entry: this service's tables on the connection that the chassis gives."""

from alembic import context

from chassis.migrations import run_env
from wallet.storage.schema import metadata

run_env(context, metadata)
