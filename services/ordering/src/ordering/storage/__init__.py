"""This service's database: tables, repositories, migrations."""

from ordering.storage import copies, tables
from ordering.storage.schema import metadata

__all__ = ["copies", "metadata", "tables"]
