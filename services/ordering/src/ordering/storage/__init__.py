"""This service's database: tables, repositories, migrations."""

from ordering.storage import copies, plan_tables, tables
from ordering.storage.schema import metadata

__all__ = ["copies", "metadata", "plan_tables", "tables"]
