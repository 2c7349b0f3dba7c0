"""Every table of this service, for migrations and their check."""

from wallet.storage import refund_tables, tables

metadata = tables.metadata

__all__ = ["metadata", "refund_tables"]
