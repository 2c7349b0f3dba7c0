"""Databases for tests: one migrated template a service and process, and a clone of it for every test."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from psycopg import Connection, connect, sql

from chassis.database import Database, database_url
from chassis.migrations import Migrations

_PASSWORD = "local"  # noqa: S105 - of roles on a server that serves tests alone
_ROLES_LOCK = 70_001
"""Advisory lock: several test processes make the same roles of one server."""


class TestDatabases:
    """The databases of one test process on a server that a superuser's URL names."""

    __test__ = False

    def __init__(self, server_url: str, worker: str) -> None:
        self._server_url = server_url
        self._worker = worker
        self._templates: dict[str, str] = {}
        self._clones = 0

    def template(self, migrations: Migrations) -> str:
        """The name of the service's migrated database; made at the first asking."""
        service = migrations.package
        if service not in self._templates:
            name = f"test_{service}_{os.getpid()}_{self._worker}"
            self._create_roles(service)
            self._create(name, owner=f"{service}_owner")
            self._grant(name, service)
            migrations.upgrade(self.url(name, f"{service}_owner"))
            self._templates[service] = name
        return self._templates[service]

    @contextmanager
    def clone(self, migrations: Migrations) -> Iterator[str]:
        """A new database, copied from the template, dropped at the end; its name."""
        template = self.template(migrations)
        self._clones += 1
        name = f"{template}_{self._clones}"
        self._create(name, owner=f"{migrations.package}_owner", template=template)
        try:
            yield name
        finally:
            self.drop(name)

    def drop(self, name: str) -> None:
        """Drop a database, whoever is connected."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def drop_templates(self) -> None:
        """Drop what `template` made."""
        for name in self._templates.values():
            self.drop(name)
        self._templates.clear()

    def url(self, name: str, role: str) -> str:
        """The URL of a database for a role."""
        url = database_url(self._server_url).set(database=name, username=role, password=_PASSWORD)
        return url.render_as_string(hide_password=False)

    def _create_roles(self, service: str) -> None:
        with self._connect() as connection, connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(%s)", [_ROLES_LOCK])
            for role in (service, f"{service}_owner"):
                known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
                if known is None:
                    statement = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
                    connection.execute(statement.format(sql.Identifier(role), sql.Literal(_PASSWORD)))

    def _create(self, name: str, *, owner: str, template: str = "template0") -> None:
        self._run(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(owner), sql.Identifier(template)
            )
        )

    def _grant(self, name: str, service: str) -> None:
        """What the installation gives a service's two roles, here as there."""
        owner, runtime = sql.Identifier(f"{service}_owner"), sql.Identifier(service)
        with self._connect(name) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            connection.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(owner))
            connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(runtime))
            defaults = sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public GRANT {} TO {}")
            tables, sequences = sql.SQL("SELECT, INSERT, UPDATE, DELETE ON TABLES"), sql.SQL("USAGE ON SEQUENCES")
            for privileges in (tables, sequences):
                connection.execute(defaults.format(owner, privileges, runtime))

    def _run(self, statement: sql.Composed) -> None:
        with self._connect() as connection:
            connection.execute(statement)

    def _connect(self, name: str | None = None) -> Connection:
        url = database_url(self._server_url)
        named = url if name is None else url.set(database=name)
        return connect(named.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True)


def runtime_database(databases: TestDatabases, name: str, service: str) -> Database:
    """The database as the service's run-time role sees it."""
    return Database(databases.url(name, service), application_name=f"{service} test")
