"""The identity service in tests: on a real database, with a tax office that answers over its wire."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from argon2 import PasswordHasher

sys.path.insert(0, str(Path(__file__).parent))

from identity_service import Identity, settings_for
from tax_office_wire import TaxOfficeWire, tax_office_on_a_wire

from chassis.clock import FixedClock
from chassis.database import Database
from identity import main
from identity.adapters.passwords import Argon2Passwords


@pytest.fixture
def database(service_database: Callable[[str], Database]) -> Database:
    """A database of this service, this test's own."""
    return service_database("identity")


@pytest.fixture
def tax_office() -> Iterator[tuple[TaxOfficeWire, str]]:
    """The tax office, and its base address."""
    with tax_office_on_a_wire() as office:
        yield office


@pytest.fixture
def identity(
    database: Database, fixed_clock: FixedClock, tax_office: tuple[TaxOfficeWire, str], tmp_path: Path
) -> Identity:
    """The whole service."""
    wire, url = tax_office
    settings = settings_for(url, tmp_path)
    parts = main.parts_of(settings, clock=fixed_clock, database=database)
    # The same argon2id at the least cost: what a hash costs is no matter of these tests.
    cheap = Argon2Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    parts = replace(parts, passwords=cheap)
    return Identity(parts, settings, fixed_clock, database, wire)
