"""Alembic, driven from code: each service carries its migrations in its package and its own version table."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr
from sqlalchemy import Connection, MetaData, create_engine, text

from chassis import tables
from chassis.database import database_url
from chassis.plumbing import plumbing_v1

if TYPE_CHECKING:
    # Alembic takes a third of a second to import, and every process of a service imports this module.
    from alembic.config import Config

__all__ = ["Migrations", "plumbing_v1", "run_env"]

_LOCK_TIMEOUT_SECONDS = 5
"""A migration that waits longer for a lock would hold up the service's own work behind it."""


@dataclass(frozen=True)
class Migrations:
    """The migrations of one service's database."""

    package: str
    script_location: Path
    metadata: Sequence[MetaData] = ()
    version_table: str = "alembic_version"

    def upgrade(self, url: SecretStr | str, revision: str = "head") -> None:
        """Bring the database up to a revision; several callers at once wait for each other."""
        from alembic import command

        with _Migrating(url) as connection:
            command.upgrade(self._config(connection), revision)
            connection.commit()

    def downgrade(self, url: SecretStr | str, revision: str) -> None:
        """Take the database back to a revision."""
        from alembic import command

        with _Migrating(url) as connection:
            command.downgrade(self._config(connection), revision)
            connection.commit()

    def check(self, url: SecretStr | str) -> None:
        """Raise alembic's `CommandError` when the migrated database and the tables in code differ."""
        from alembic import command

        with _Migrating(url) as connection:
            command.check(self._config(connection))

    def _config(self, connection: Connection) -> "Config":
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(self.script_location).replace("%", "%%"))
        config.set_main_option("version_path_separator", "os")
        config.attributes["connection"] = connection
        config.attributes["metadata"] = tuple(self.metadata)
        config.attributes["version_table"] = self.version_table
        return config


class _Migrating:
    """One connection of the owner role that holds the migration lock while it is open."""

    def __init__(self, url: SecretStr | str) -> None:
        self._engine = create_engine(database_url(url), hide_parameters=True)

    def __enter__(self) -> Connection:
        self._connection = self._engine.connect()
        self._connection.execute(text("SELECT pg_advisory_lock(hashtext('chassis.migrations'))"))
        self._connection.execute(text(f"SET lock_timeout = '{_LOCK_TIMEOUT_SECONDS}s'"))
        self._connection.commit()
        return self._connection

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._engine.dispose()


def run_env(context: Any, metadata: MetaData) -> None:
    """The body of a service's `env.py`: run the migrations on the connection that `Migrations` gave."""
    config = context.config
    context.configure(
        connection=config.attributes["connection"],
        target_metadata=_distinct((tables.metadata, metadata, *config.attributes["metadata"])),
        version_table=config.attributes["version_table"],
        transaction_per_migration=True,
        compare_type=True,
        compare_server_default=False,
    )
    with context.begin_transaction():
        context.run_migrations()


def _distinct(metadata: Sequence[MetaData]) -> list[MetaData]:
    return list({id(each): each for each in metadata}.values())
