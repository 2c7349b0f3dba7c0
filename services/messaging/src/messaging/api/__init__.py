"""The REST API of messaging."""
