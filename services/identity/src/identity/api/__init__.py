"""The REST API: blueprints for members and operators, and the one map of errors to problems."""
