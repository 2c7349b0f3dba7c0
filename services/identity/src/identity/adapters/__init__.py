"""The outside world: the tax office; and the cryptography that the use cases ask for through ports."""
