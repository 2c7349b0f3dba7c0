"""Every table of this service, for migrations and their check."""

from wallet.storage import cancellation_tables, refund_tables, tables

metadata = tables.metadata

__all__ = ["cancellation_tables", "metadata", "refund_tables"]
