"""Event in, use case out: one module a source."""
