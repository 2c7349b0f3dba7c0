"""A month in seconds: the whole suite by one clock, from due time to due time (SCH-03)."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from bad_input import Call, Operation, operations
from watching import tapped

from chassis.clock import SEOUL
from chassis.testing.events import eventually
from launcher.audit import audit
from launcher.clock import advance_suite, duration_of
from launcher.demo import Places
from launcher.journey.outside import Outside
from launcher.journey.people import Applicant, Master, SignUp
from launcher.journey.rest import Refused
from launcher.resting import sources_of
from launcher.suite import Suite
from launcher.words import LauncherError

NEVER_REPORTED = "01090040001"
"""The sandbox takes the message, and says nothing more of it."""


@dataclass(frozen=True)
class Waiting:
    """What waits for its time: an order without one of its reports, an unpaid charge, an unfinished sign-up."""

    master: Master
    order_id: str
    charge_id: str
    sign_up: SignUp
    old_token: str


@dataclass(frozen=True)
class Later:
    """How things stood on the way through a month."""

    waiting: Waiting
    after_71_hours: dict[str, Any]
    after_80_hours: dict[str, Any]
    lines_after_80_hours: list[dict[str, Any]]
    charge: dict[str, Any]
    sign_up: dict[str, Any]
    months: list[str]
    began_at: datetime
    stood_at: list[datetime]


@pytest.fixture(scope="module")
def log_in(places: Places, applicant: Applicant, outside: Outside, master: Master) -> Callable[[], Master]:
    """A fresh login: the one before ends while the clock moves."""
    return lambda: Master(places.gateway_url, applicant, outside)


@pytest.fixture(scope="module")
def waiting(
    suite: Suite,
    places: Places,
    outside: Outside,
    log_in: Callable[[], Master],
    money: int,
    coffee: dict[str, Any],
    thanks: dict[str, Any],
) -> Waiting:
    advance_suite(suite, timedelta(minutes=2))  # A code is sent once a minute (IDN-05).
    master = log_in()
    people = [{"phone": phone, "name": "김하나", "company": "한빛"} for phone in ("01000000088", NEVER_REPORTED)]
    order = master.order(master.order_body([coffee], people, thanks))
    master.follow(order["order_id"], lambda seen: seen["counts"]["success"] == 1, "the one that is reported")
    charge = master.rest.post("/v1/charges", {"amount_krw": 10_000, "method": "card"}, key=uuid.uuid4().hex)
    sign_up = SignUp(places.gateway_url, outside)
    return Waiting(master, order["order_id"], charge["charge_id"], sign_up, master.access_token)


@pytest.fixture(scope="module")
def later(suite: Suite, outside: Outside, waiting: Waiting, log_in: Callable[[], Master]) -> Later:
    """The suite after 71 hours, 80 hours, and a month."""
    began_at = outside.now()
    with tapped(suite.broker_url) as said:
        stood_at = advance_suite(suite, timedelta(hours=71))
        after_71_hours = log_in().rest.get(f"/v1/orders/{waiting.order_id}")
        stood_at += advance_suite(suite, timedelta(hours=9))
        master = log_in()
        after_80_hours = master.rest.get(f"/v1/orders/{waiting.order_id}")
        lines = master.lines(waiting.order_id)
        charge = master.rest.get(f"/v1/charges/{waiting.charge_id}")
        stood_at += advance_suite(suite, timedelta(days=31))
        months = [body["data"]["month"] for body in said() if body["type"] == "scheduler.month_turned.v1"]
    return Later(
        waiting=waiting,
        after_71_hours=after_71_hours,
        after_80_hours=after_80_hours,
        lines_after_80_hours=lines,
        charge=charge,
        sign_up=waiting.sign_up.look(),
        months=months,
        began_at=began_at,
        stood_at=stood_at,
    )


@pytest.mark.rule("MSG-02", "SCH-03")
def test_a_message_that_is_never_reported_fails_after_72_hours_and_its_order_is_sent(later: Later) -> None:
    assert later.after_71_hours["state"] == "sending"
    assert later.after_80_hours["state"] == "sent"
    assert later.after_80_hours["counts"] | {"success": 1, "failed": 1, "error": 0} == later.after_80_hours["counts"]
    assert [line["dispatch"] for line in later.lines_after_80_hours] == ["success", "failed"]


@pytest.mark.rule("SCH-01", "SCH-03")
def test_an_unpaid_charge_expires(later: Later) -> None:
    assert later.charge["state"] == "expired"


@pytest.mark.rule("SCH-01", "SCH-03")
def test_a_sign_up_that_is_never_finished_expires(later: Later) -> None:
    assert later.sign_up["state"] == "expired"


@pytest.mark.rule("SCH-01", "SCH-03")
def test_every_month_that_turned_on_the_way_is_said_once(later: Later) -> None:
    first, last = later.began_at.astimezone(SEOUL), later.stood_at[-1].astimezone(SEOUL)
    turned = (last.year - first.year) * 12 + last.month - first.month
    assert len(later.months) == len(set(later.months)) == turned
    assert later.months[-1] == f"{last:%Y-%m}"


@pytest.mark.rule("IDN-13", "SCH-03")
@pytest.mark.parametrize("operation", [each for each in operations("openapi.json") if each.needs_caller], ids=str)
def test_a_token_ends_by_the_same_clock_at_every_service(places: Places, later: Later, operation: Operation) -> None:
    call = Call("an expired token", operation.filled())
    headers = {"Authorization": f"Bearer {later.waiting.old_token}", "Idempotency-Key": uuid.uuid4().hex}
    answer = httpx.request(operation.method, f"{places.gateway_url}{call.address}", headers=headers, trust_env=False)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


def test_all_services_have_the_sandboxs_time(suite: Suite, outside: Outside, later: Later) -> None:
    for look in (source.look() for source in sources_of(suite)):
        assert abs(look.now - outside.now()) < timedelta(minutes=1), look.source


def test_the_clock_stood_still_at_every_time_something_was_due(later: Later) -> None:
    assert later.stood_at == sorted(later.stood_at)
    assert later.began_at + timedelta(days=31) <= later.stood_at[-1]


def test_afterwards_nothing_is_lost_and_nothing_happened_twice(places: Places, later: Later) -> None:
    eventually(lambda: audit(places.postgres_url, places.sandbox_url).wrong == [], timeout_seconds=60)


def test_the_clock_does_not_go_back(outside: Outside, later: Later) -> None:
    with pytest.raises(Refused) as refusal:
        outside.control("POST", "/clock", {"now": later.began_at.isoformat()})
    assert refusal.value.status == 409


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("90m", timedelta(minutes=90)),
        ("80h", timedelta(hours=80)),
        ("3d", timedelta(days=3)),
        ("2d12h", timedelta(days=2, hours=12)),
        ("5s", timedelta(seconds=5)),
    ],
)
def test_durations_are_written_short(text: str, duration: timedelta) -> None:
    assert duration_of(text) == duration


@pytest.mark.parametrize("text", ["", "h", "-3h", "3", "3w", "3h ", "3.5h", "9" * 30 + "d"])
def test_what_is_no_duration_is_named(text: str) -> None:
    with pytest.raises(LauncherError):
        duration_of(text)
