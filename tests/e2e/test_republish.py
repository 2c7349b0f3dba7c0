"""A copy that lost everything is made whole by its owner saying its state again."""

from collections import Counter
from typing import Any

import psycopg
import pytest
from canaries import Sung
from psycopg import sql

from chassis.testing.events import eventually
from launcher.audit import database_url
from launcher.demo import Places
from launcher.journey.people import Operator

Rows = dict[str, dict[str, Any]]

COPIERS = ("ordering", "wallet", "messaging")
"""Who keeps copies of companies and members."""
SEALED_ANEW = ["email", "email_ciphertext", "phone_ciphertext"]

NOT_SAID = {"draft", "submitted", "rejected"}
"""Templates that are not approved are nobody else's business."""

KINDS = [
    ("identity", "companies", "companies", [(copier, "companies") for copier in COPIERS]),
    ("identity", "members", "members", [(copier, "members") for copier in COPIERS]),
    ("catalog", "offers", "offers", [("ordering", "offers")]),
    ("messaging", "templates", "templates", [("ordering", "templates")]),
]
"""The owner, the kind by its name at the command, the owner's table, and who keeps copies where."""


def rows_of(places: Places, package: str, table: str) -> Rows:
    """Every row of a table by its id, the newest version of it; a value is sealed anew each time that it is said."""
    statement = sql.SQL("SELECT to_jsonb(t) - %s::text[] FROM {} AS t ORDER BY version").format(sql.Identifier(table))
    with psycopg.connect(database_url(places.postgres_url, package)) as connection:
        return {row["id"]: row for (row,) in connection.execute(statement, [SEALED_ANEW]).fetchall()}


def empty(places: Places, package: str, table: str) -> None:
    with psycopg.connect(database_url(places.postgres_url, package)) as connection:
        connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))


@pytest.mark.parametrize(("owner", "kind", "owned", "copies"), KINDS, ids=[kind for _, kind, _, _ in KINDS])
def test_an_emptied_copy_is_what_it_was_after_its_owner_said_all_again(
    places: Places,
    operator: Operator,
    sung: Sung,
    owner: str,
    kind: str,
    owned: str,
    copies: list[tuple[str, str]],
) -> None:
    before = {copy: rows_of(places, *copy) for copy in copies}
    said_rows = {key: row for key, row in rows_of(places, owner, owned).items() if row.get("state") not in NOT_SAID}
    owned_versions = {key: row["version"] for key, row in said_rows.items()}
    assert owned_versions
    for copy in copies:
        empty(places, *copy)

    said = operator.rest.post(f"/admin/{owner}/republish/{kind}")

    assert said["events"] >= len(owned_versions)
    for copy in copies:
        eventually(lambda copy=copy: rows_of(places, *copy) == before[copy], timeout_seconds=60)
        assert {key: row["version"] for key, row in before[copy].items()} == owned_versions


def test_said_again_to_whoever_knows_it_already_it_changes_nothing(
    places: Places, operator: Operator, sung: Sung
) -> None:
    copies = [copy for *_, kept in KINDS for copy in kept]
    before = {copy: rows_of(places, *copy) for copy in copies}
    heard_before = {package: heard(places, package) for package, _ in copies}
    said = Counter[str]()
    for owner, kind, _, kept in KINDS:
        events = operator.rest.post(f"/admin/{owner}/republish/{kind}")["events"]
        said.update({package: events for package, _ in kept})
    for package, events in said.items():
        wanted = heard_before[package] + events
        eventually(lambda package=package, wanted=wanted: heard(places, package) >= wanted, timeout_seconds=60)
    assert {copy: rows_of(places, *copy) for copy in copies} == before


def heard(places: Places, package: str) -> int:
    """How many messages a service has applied from its queues of states."""
    with psycopg.connect(database_url(places.postgres_url, package)) as connection:
        statement = "SELECT count(*) FROM inbox WHERE queue = ANY(%s)"
        row = connection.execute(statement, [[f"{package}.state", f"{package}.members"]]).fetchone()
    return int(row[0]) if row else 0
