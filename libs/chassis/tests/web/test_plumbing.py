"""What operators see of a service's plumbing, and what they can do about it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from chassis_probe.service import MIGRATIONS, QUEUE, fired
from flask.testing import FlaskClient
from sqlalchemy import select

from chassis import dead_letters, parking
from chassis.clock import FixedClock
from chassis.database import Database
from chassis.ids import new_id
from chassis.outbox import Outbox
from chassis.plumbing_admin import plumbing_blueprints
from chassis.republish import Republish
from chassis.settings import ServiceSettings
from chassis.tables import outbox
from chassis.testing.events import enveloped, published
from chassis.tokens import Authenticator
from chassis.web import create_app
from contracts.audit import OperatorActed
from contracts.identity import ApplicationSubmitted, SessionsRevoked
from contracts.values import Sealed

Get = Callable[..., Any]
# It stands in names of tests, which all workers of a run have to agree on.
OPERATOR = UUID("019cac00-0000-7000-8000-000000000002")
SUBJECT = UUID("019cac00-0000-7000-8000-000000000001")


@pytest.fixture
def database(service_database: Callable[..., Database]) -> Database:
    return service_database(MIGRATIONS)


@pytest.fixture
def admin(database: Database, issuer: Any, settings: ServiceSettings, fixed_clock: FixedClock) -> FlaskClient:
    revoked = [SessionsRevoked(subject_id=SUBJECT, version=1, lowest_generation=2)]
    sessions = Republish(
        "sessions", lambda _: iter([revoked]), database=database, producer="identity", clock=fixed_clock
    )

    app = create_app(
        service="sample",
        database=database,
        clock=fixed_clock,
        api_blueprints=[],
        admin_blueprints=plumbing_blueprints(
            database, producer="sample", clock=fixed_clock, republishers={"sessions": sessions}
        ),
        problems={},
        authenticator=Authenticator(issuer.url, database, clock=fixed_clock),
        settings=settings,
    )
    return app.admin.test_client()


@pytest.fixture
def operator(issuer: Any) -> dict[str, str]:
    return dict(issuer.headers(sub=str(OPERATOR), kind="operator", roles=["admin"], tid=None, tgen=None))


def bury(database: Database, body: bytes) -> UUID:
    with database.transaction() as session:
        dead_letters.store(session, QUEUE.name, body=body, error="ValueError: no", attempts=3)
        return dead_letters.waiting(session)[-1].id


def acts_said(database: Database) -> list[tuple[str, str, str]]:
    """Action, kind and id of each act for the audit log (IDN-24)."""
    with database.transaction() as session:
        acts = [event for event in published(session) if isinstance(event, OperatorActed)]
    assert all((act.service, act.operator_id) == ("sample", OPERATOR) for act in acts)
    return [(act.action, act.target_kind, act.target_id) for act in acts]


def a_letter(key: str = "a") -> bytes:
    return enveloped(fired(key)).model_dump_json().encode()


def test_dead_letters_are_listed_page_by_page(admin: FlaskClient, operator: dict[str, str], database: Database) -> None:
    ids = [str(bury(database, a_letter(str(number)))) for number in range(3)]
    first = admin.get("/admin/dead-letters?limit=2", headers=operator).json
    rest = admin.get(f"/admin/dead-letters?limit=2&cursor={first['next_cursor']}", headers=operator).json
    assert [item["dead_letter_id"] for item in first["items"] + rest["items"]] == ids
    assert rest["next_cursor"] is None
    assert first["items"][0]["queue"] == "wallet.timers"
    assert first["items"][0]["message"]["data"]["key"] == "0"


def test_sealed_and_personal_values_are_masked_in_lists(
    admin: FlaskClient, operator: dict[str, str], database: Database, fixed_clock: FixedClock
) -> None:
    event = ApplicationSubmitted(
        application_id=new_id(),
        company_name="canary company",
        applicant_name="canary name",
        email=Sealed[str](key_id="k1", ciphertext="canary-ciphertext"),
        submitted_at=fixed_clock.now(),
    )
    bury(database, enveloped(event).model_dump_json().encode())
    with database.transaction() as session:
        Outbox(session, producer="identity", clock=fixed_clock).add(event)
    for path in ("/admin/dead-letters", "/admin/outbox"):
        answer = admin.get(path, headers=operator)
        assert len(answer.json["items"]) == 1
        assert str(event.application_id) in answer.text
        assert "canary" not in answer.text


def test_what_cannot_be_read_is_listed_without_its_body(
    admin: FlaskClient, operator: dict[str, str], database: Database
) -> None:
    bury(database, b"\xffcanary")
    (item,) = admin.get("/admin/dead-letters", headers=operator).json["items"]
    assert (item["message"], item["type"], item["body_bytes"]) == (None, None, 7)


@pytest.mark.rule("IDN-24")
def test_an_operator_replays_a_letter_once(admin: FlaskClient, operator: dict[str, str], database: Database) -> None:
    dead_letter_id = str(bury(database, a_letter()))
    replayed = admin.post(f"/admin/dead-letters/{dead_letter_id}/replay", headers=operator)
    assert (replayed.status_code, replayed.json) == (200, {"dead_letter_id": dead_letter_id, "state": "replayed"})
    again = admin.post(f"/admin/dead-letters/{dead_letter_id}/replay", headers=operator)
    assert (again.status_code, again.json["code"], again.json["state"]) == (409, "dead_letter_settled", "replayed")
    with database.transaction() as session:
        routing_keys = session.scalars(select(outbox.c.routing_key).order_by(outbox.c.seq)).all()
    assert routing_keys == ["wallet.timers", OperatorActed.type]
    assert acts_said(database) == [("dead_letter_replayed", "dead_letter", dead_letter_id)]


@pytest.mark.rule("IDN-24")
def test_an_operator_discards_a_letter(admin: FlaskClient, operator: dict[str, str], database: Database) -> None:
    dead_letter_id = str(bury(database, a_letter()))
    assert admin.post(f"/admin/dead-letters/{dead_letter_id}/discard", headers=operator).status_code == 200
    assert admin.get("/admin/dead-letters", headers=operator).json["items"] == []
    assert acts_said(database) == [("dead_letter_discarded", "dead_letter", dead_letter_id)]


@pytest.mark.parametrize(
    ("letter", "refusal"),
    [
        ("unknown", (404, "not_found")),
        ("unreadable", (409, "dead_letter_unreadable")),
        ("no id", (404, "not_found")),
    ],
)
def test_what_cannot_be_replayed_is_a_problem(
    admin: FlaskClient, operator: dict[str, str], database: Database, letter: str, refusal: tuple[int, str]
) -> None:
    dead_letter_id = {"unknown": str(new_id()), "unreadable": str(bury(database, b"?")), "no id": "7"}[letter]
    answer = admin.post(f"/admin/dead-letters/{dead_letter_id}/replay", headers=operator)
    assert (answer.status_code, answer.json["code"]) == refusal


def test_parked_facts_are_listed_with_what_they_wait_for(
    admin: FlaskClient, operator: dict[str, str], database: Database
) -> None:
    with database.transaction() as session:
        for number in range(3):
            parking.park(session, QUEUE.name, f"order {number}", enveloped(fired("a")))
    first = admin.get("/admin/parked-events?limit=2", headers=operator).json
    rest = admin.get(f"/admin/parked-events?limit=2&cursor={first['next_cursor']}", headers=operator).json
    waits_for = [item["waits_for"] for item in first["items"] + rest["items"]]
    assert sorted(waits_for) == ["order 0", "order 1", "order 2"]


def test_the_outbox_is_listed_page_by_page(
    admin: FlaskClient, operator: dict[str, str], database: Database, fixed_clock: FixedClock
) -> None:
    with database.transaction() as session:
        Outbox(session, producer="scheduler", clock=fixed_clock).add_all([fired("a"), fired("b")])
    first = admin.get("/admin/outbox?limit=1", headers=operator).json
    rest = admin.get(f"/admin/outbox?limit=1&cursor={first['next_cursor']}", headers=operator).json
    assert [item["message"]["data"]["key"] for item in first["items"] + rest["items"]] == ["a", "b"]


@pytest.mark.rule("IDN-24")
def test_state_is_said_again_when_an_operator_asks(
    admin: FlaskClient, operator: dict[str, str], database: Database
) -> None:
    answer = admin.post("/admin/republish/sessions", headers=operator)
    assert (answer.status_code, answer.json) == (200, {"kind": "sessions", "events": 1})
    with database.transaction() as session:
        revoked = [event for event in published(session) if not isinstance(event, OperatorActed)]
    assert revoked == [SessionsRevoked(subject_id=SUBJECT, version=1, lowest_generation=2)]
    assert acts_said(database) == [("state_republished", "state", "sessions")]
    assert admin.post("/admin/republish/nothing", headers=operator).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/admin/outbox"),
        ("GET", "/admin/parked-events"),
        ("GET", "/admin/dead-letters"),
        ("POST", f"/admin/dead-letters/{SUBJECT}/replay"),
        ("POST", f"/admin/dead-letters/{SUBJECT}/discard"),
        ("POST", "/admin/republish/sessions"),
    ],
)
def test_only_operators_with_the_role_see_the_plumbing(admin: FlaskClient, issuer: Any, method: str, path: str) -> None:
    assert admin.open(path, method=method).status_code == 401
    assert admin.open(path, method=method, headers=issuer.headers()).status_code == 403
    finance = issuer.headers(kind="operator", roles=["finance"], tid=None, tgen=None)
    assert admin.open(path, method=method, headers=finance).status_code == 403
