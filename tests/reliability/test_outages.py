"""The broker away, the database restarted, processes killed in the middle of an order: it goes on, nothing twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from reliability_parts.people import ENDED, PATIENCE_SECONDS, People

from chassis.testing.events import eventually
from launcher.audit import audit
from launcher.services import SERVICES
from launcher.trial import Trial, trial_suite

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

AWAY_SECONDS = 60
RECIPIENTS = 200
TOLD = {
    "MESSAGING_CHUNK_MESSAGES": "20",
    "MESSAGING_LEASE_SECONDS": "5",
    "MESSAGING_PROVIDER_TIMEOUT_SECONDS": "3",
    "ORDERING_ASKINGS_MIN": "1",
    "ORDERING_ASKING_DELAYS_SECONDS": "[1]",
    "ORDERING_CHUNK_COUPONS_MAX": "40",
    "ORDERING_CHUNK_LINES_MAX": "20",
    "ORDERING_ISSUE_LEASE_SECONDS": "10",
    "ORDERING_RESERVATION_WAIT_SECONDS": "900",
    "ORDERING_RETRY_SECONDS": "1",
    "ORDERING_SETTLING_SECONDS": "1",
    "ORDERING_SUPPLIER_TIMEOUT_SECONDS": "5",
}
"""Chunks of twenty recipients, leases of seconds, and more patience for money than a slow machine can need."""

KILLED = [f"{service.package}-{role}" for service in SERVICES for role in service.roles]


@pytest.fixture(scope="module")
def trial() -> Iterator[Trial]:
    """A suite for all of this."""
    told = dict.fromkeys(("ordering-api", "ordering-worker", "messaging-api", "messaging-worker"), TOLD)
    with trial_suite(print, extra=told) as trial:
        yield trial


@pytest.fixture(scope="module")
def people(trial: Trial) -> People:
    """A master with enough on the balance for every order here."""
    people = People(trial.places)
    people.seed()
    people.sign_up()
    people.log_in()
    for _ in range(2):
        charge = people.begin_charge(5_000_000)
        people.pay(charge)
        people.see_credited(charge)
    return people


@pytest.fixture
def nothing_lost_or_doubled(trial: Trial, people: People) -> Callable[[], None]:
    """Fails unless, once all is at rest, the outside world's journals and our databases agree to the won."""

    def check() -> None:
        def look() -> bool:
            found = audit(trial.suite.postgres_url, trial.suite.sandbox_url)
            assert not found.wrong, found.wrong
            return True

        eventually(look, PATIENCE_SECONDS)
        orders = [people.see_end(order_id) for order_id in people.order_ids]
        wallet = people.master.wallet()
        spent = sum(order["confirmed_amount_krw"] for order in orders)
        assert (wallet["held_krw"], wallet["balance_krw"]) == (0, 10_000_000 - spent)
        for order in orders:
            assert order["counts"]["success"] == order["counts"]["recipients"]

    return check


def test_orders_are_accepted_while_the_broker_is_away_for_a_minute_and_go_on_when_it_is_back(
    trial: Trial, people: People, nothing_lost_or_doubled: Callable[[], None]
) -> None:
    with trial.held_down("rabbitmq"):
        back_at = time.monotonic() + AWAY_SECONDS
        orders = [people.order(phones(3, first=number * 10)) for number in range(3)]
        for order_id in orders:
            assert people.master.rest.get(f"/v1/orders/{order_id}")["state"] == "pending"
        eventually(lambda: time.monotonic() > back_at, AWAY_SECONDS + 5)
        for order_id in orders:
            assert people.master.rest.get(f"/v1/orders/{order_id}")["state"] == "pending"
    for order_id in orders:
        assert people.see_end(order_id)["state"] == "sent"
    nothing_lost_or_doubled()


def test_the_database_server_is_restarted_in_the_middle_of_an_order(
    trial: Trial, people: People, nothing_lost_or_doubled: Callable[[], None]
) -> None:
    order_id = people.order(phones(RECIPIENTS, first=1_000))
    with trial.held_down("postgres"):
        pass
    assert people.see_end(order_id)["state"] == "sent"
    nothing_lost_or_doubled()


def test_every_process_is_killed_in_the_middle_of_an_order(
    trial: Trial, people: People, nothing_lost_or_doubled: Callable[[], None]
) -> None:
    before = {name: trial.running.restarts(name) for name in KILLED}
    left = list(KILLED)
    while left:
        order_id = people.order(phones(RECIPIENTS, first=2_000))
        while left and people.state(order_id) not in ENDED:
            name = left.pop(0)
            trial.running.kill(name)
            eventually(lambda killed=name: trial.running.restarts(killed) == before[killed] + 1)
        assert people.see_end(order_id)["state"] == "sent"
    nothing_lost_or_doubled()


def phones(count: int, *, first: int) -> list[str]:
    """So many phones at which all goes well."""
    return [f"0100000{first + number:04d}" for number in range(count)]
