"""The migrated database is the one that the code thinks of."""

from collections.abc import Callable


def test_the_migrations_make_the_tables_that_the_code_names(check_migrations: Callable[[str], None]) -> None:
    check_migrations("wallet")
