"""A service's own database and its two roles: the owner, who migrates, and the run-time role, who may not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString

import psycopg
from psycopg import sql

from launcher.suite import Suite

CONNECT_TIMEOUT_SECONDS = 5


def provision(suite: Suite, packages: Sequence[str]) -> None:
    """Make or bring up to date the database and roles of each service. Safe to run again at any time."""
    with psycopg.connect(suite.postgres_url, autocommit=True, connect_timeout=CONNECT_TIMEOUT_SECONDS) as server:
        for package in packages:
            for role in (f"{package}_owner", package):
                _role(server, role, suite.keys.password(f"database:{role}"))
            _database(server, package)
    for package in packages:
        url = psycopg.conninfo.make_conninfo(suite.postgres_url, dbname=package)
        with psycopg.connect(url, autocommit=True, connect_timeout=CONNECT_TIMEOUT_SECONDS) as database:
            _rights(database, package)


def forget(suite: Suite, packages: Sequence[str]) -> None:
    """Drop the databases and roles of each service."""
    with psycopg.connect(suite.postgres_url, autocommit=True, connect_timeout=CONNECT_TIMEOUT_SECONDS) as server:
        for package in packages:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(package)))
            for role in (f"{package}_owner", package):
                server.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


def _role(server: psycopg.Connection[tuple[object, ...]], role: str, password: str) -> None:
    exists = server.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
    statement = "ALTER ROLE {} LOGIN PASSWORD {}" if exists else "CREATE ROLE {} LOGIN PASSWORD {}"
    server.execute(sql.SQL(statement).format(sql.Identifier(role), sql.Literal(password)))


def _database(server: psycopg.Connection[tuple[object, ...]], package: str) -> None:
    if server.execute("SELECT 1 FROM pg_database WHERE datname = %s", (package,)).fetchone():
        return
    # From template0, because only that lets a database have a locale of its own: under plain C no Hangul is found.
    statement = "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"
    # A superuser that is not the owner's member could not hand it over on a managed server.
    server.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(f"{package}_owner")))
    server.execute(sql.SQL(statement).format(sql.Identifier(package), sql.Identifier(f"{package}_owner")))


def _rights(database: psycopg.Connection[tuple[object, ...]], package: str) -> None:
    owner, runtime = sql.Identifier(f"{package}_owner"), sql.Identifier(package)
    later: LiteralString = "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public"
    statements: tuple[LiteralString, ...] = (
        "CREATE EXTENSION IF NOT EXISTS pg_trgm",
        "REVOKE ALL ON DATABASE {runtime} FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {runtime} TO {runtime}",
        "GRANT USAGE ON SCHEMA public TO {runtime}",
        f"{later} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {{runtime}}",
        f"{later} GRANT USAGE, SELECT ON SEQUENCES TO {{runtime}}",
    )
    for statement in statements:
        database.execute(sql.SQL(statement).format(owner=owner, runtime=runtime))
