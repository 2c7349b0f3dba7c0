"""A whole suite for the end-to-end tests: brought up here, or the one that the environment names (docker compose)."""

import os
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from canaries import Sung, main_job_with_canaries
from watching import watched

from chassis.testing.events import eventually
from launcher.audit import audit
from launcher.demo import Places, places_of_environment
from launcher.journey.outside import Outside
from launcher.journey.people import Applicant, Master, Operator, SignUp
from launcher.showcase.operator import operator_of
from launcher.showcase.seeding import seed
from launcher.showcase.templates import template_id
from launcher.suite import Suite, suite_of_checkout
from launcher.trial import trial_suite

SUITE_GIVEN = "COUPBIZ_GATEWAY_URL" in os.environ

# They read the processes' logs or ask admin ports, which only a suite of our own leaves within our reach.
collect_ignore = ["test_logs.py", "test_clock.py"] if SUITE_GIVEN else []

NO_FLOOD = {
    "GATEWAY_RATE_PER_ADDRESS": "60000/minute",
    "GATEWAY_RATE_PER_CALLER": "60000/minute",
    "GATEWAY_RATE_CAREFUL": "6000/minute",
}
"""Tests are one address and a few members, and make more requests a minute than people would."""

LAST = ("test_clock.py",)
"""Moving the clock ends everybody's login, so whoever moves it comes after all others."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name in LAST)


@pytest.fixture(scope="session")
def suite() -> Iterator[Suite]:
    """The running suite."""
    if SUITE_GIVEN:
        yield suite_of_checkout()
        return
    with trial_suite(print, extra={"gateway-api": NO_FLOOD}) as trial:
        yield trial.suite


@pytest.fixture(scope="session")
def places(suite: Suite) -> Places:
    """Where the suite is."""
    if SUITE_GIVEN:
        return places_of_environment()
    return Places(suite.gateway_url, suite.sandbox_url, operator_of(suite), suite.postgres_url)


@pytest.fixture(scope="session")
def outside(places: Places) -> Outside:
    """The sandbox, as a person meets it."""
    return Outside(places.sandbox_url)


@pytest.fixture(scope="session")
def operator(places: Places, outside: Outside) -> Operator:
    """An operator, in a suite with the demo data."""
    operator = Operator(places.gateway_url, places.operator, outside)
    seed(operator, outside, print)
    return operator


@pytest.fixture(scope="session")
def applicant(outside: Outside) -> Applicant:
    """Who the master is."""
    return Applicant.new(outside)


@pytest.fixture(scope="session")
def master(places: Places, operator: Operator, outside: Outside, applicant: Applicant) -> Master:
    """A master of an approved company, logged in, with 100,000 KRW of demo money and more when tests need it."""
    sign_up = SignUp(places.gateway_url, outside)
    sign_up.fill_in(applicant)
    operator.approve(sign_up.id)
    return Master(places.gateway_url, applicant, outside)


@pytest.fixture(scope="session")
def money(master: Master) -> int:
    """What the master has to spend."""
    master.charge(100_000)
    return 100_000


@pytest.fixture(scope="session")
def coffee(master: Master) -> dict[str, Any]:
    """The cheapest offer of a product."""
    offer: dict[str, Any] = master.products("아메리카노 T")[0]["offers"][0]
    return offer


@pytest.fixture(scope="session")
def thanks(master: Master) -> dict[str, Any]:
    """A message template."""
    return next(each for each in master.templates() if each["template_id"] == template_id("THANKS_1"))


@pytest.fixture(scope="session")
def sung(suite: Suite, places: Places, operator: Operator, outside: Outside) -> Sung:
    """The main job with canary values, and what was written down meanwhile."""
    with watched(places.postgres_url, suite.broker_url) as written:
        master, canaries = main_job_with_canaries(places, operator, outside)
        eventually(lambda: audit(places.postgres_url, places.sandbox_url).wrong == [], timeout_seconds=60)
    return Sung(master, canaries, written)


@pytest.fixture(scope="session")
def foreign_ids(master: Master, money: int, coffee: dict[str, Any], thanks: dict[str, Any]) -> dict[str, str]:
    """Ids of the master's company, by the name of the parameter that takes them."""
    recipients = [{"phone": "01000000066", "name": "김하나", "company": "한빛"}]
    order = master.order(master.order_body([coffee], recipients, thanks))
    charge = master.rest.post("/v1/charges", {"amount_krw": 10_000, "method": "card"}, key=uuid.uuid4().hex)
    return {"order_id": order["order_id"], "charge_id": charge["charge_id"]}
