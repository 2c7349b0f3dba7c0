"""The database's migrations."""

from collections.abc import Callable


def test_the_migrated_database_and_the_tables_in_code_agree(check_migrations: Callable[[str], None]) -> None:
    check_migrations("identity")
