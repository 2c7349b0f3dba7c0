"""A whole suite for the end-to-end tests: brought up here, or the one that the environment names (docker compose)."""

import os
from collections.abc import Iterator

import pytest

from launcher.demo import Places, places_of_environment
from launcher.journey.outside import Outside
from launcher.journey.people import Applicant, Master, Operator, SignUp
from launcher.showcase.seeding import seed
from launcher.trial import trial_suite


@pytest.fixture(scope="session")
def places() -> Iterator[Places]:
    """Where the suite is."""
    if "COUPBIZ_GATEWAY_URL" in os.environ:
        yield places_of_environment()
        return
    with trial_suite(print) as trial:
        yield trial.places


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
