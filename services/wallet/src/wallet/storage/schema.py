"""Every table of this service, for migrations and their check."""

from wallet.storage import cancellation_tables, invoice_tables, payment_tables, refund_tables, tables, watch_tables

metadata = tables.metadata

__all__ = ["cancellation_tables", "invoice_tables", "metadata", "payment_tables", "refund_tables", "watch_tables"]
