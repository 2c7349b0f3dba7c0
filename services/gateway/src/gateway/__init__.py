"""The one door: composes the REST API."""
