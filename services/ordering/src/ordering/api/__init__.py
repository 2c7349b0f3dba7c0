"""REST: pydantic in, pydantic out, and the one map of errors to problems."""
