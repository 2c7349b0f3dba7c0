"""The migrated database is what the code says."""

from collections.abc import Callable


def test_migrations_and_tables_agree(check_migrations: Callable[[str], None]) -> None:
    check_migrations("messaging")
