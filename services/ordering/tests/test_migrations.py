"""The migrations and the tables in code are one."""

from collections.abc import Callable


def test_the_migrated_database_is_what_the_code_thinks(check_migrations: Callable[[str], None]) -> None:
    check_migrations("ordering")
