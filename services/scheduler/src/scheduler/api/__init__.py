"""The REST API of scheduler."""
