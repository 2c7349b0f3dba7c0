"""Message templates, deliveries, mail."""
