"""This service's database: tables, repositories, migrations."""

from ordering.storage import copies, issuing_months, plan_tables, revocation_tables, statements, tables
from ordering.storage.schema import metadata

__all__ = ["copies", "issuing_months", "metadata", "plan_tables", "revocation_tables", "statements", "tables"]
