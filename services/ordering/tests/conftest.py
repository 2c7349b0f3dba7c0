"""Fixtures of ordering's tests: settings with test keys, memory, a database, the supplier's sandbox."""

import base64
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from chassis.clock import FixedClock
from chassis.columns import bind_column_keys
from chassis.database import Database
from chassis.sealing import Keyring
from ordering import main
from ordering.settings import OrderRules, Settings
from ordering.storage.unit_of_work import Equipment, PostgresUnitOfWork

sys.path.insert(0, str(Path(__file__).parent))

from ordering_probe import builders, fakes, sandboxes


def keyring(filling: int) -> str:
    """A keyring setting of one key; every number is another key."""
    key = base64.b64encode(bytes([filling]) * 32).decode()
    return json.dumps({"current": "test-1", "keys": {"test-1": key}})


@pytest.fixture
def rules() -> OrderRules:
    """The rules' numbers as the environment gives them: a changed one makes its tests fail."""
    return OrderRules()


@pytest.fixture
def settings() -> Settings:
    """Settings with keys of the tests, and patience that needs no waiting."""
    return Settings(
        environment="test",
        api_port=1,
        admin_port=2,
        token_keys_url="http://127.0.0.1:1/keys",
        database_url="postgresql://nobody@127.0.0.1:1/none",
        migrations_database_url="postgresql://nobody@127.0.0.1:1/none",
        broker_url="amqp://127.0.0.1:1/",
        sealing_keys=keyring(1),
        column_keys=keyring(2),
        hash_keys=keyring(3),
        link_keys=keyring(4),
        coupon_page_url="https://coupon.example/c",
        supplier_url="http://127.0.0.1:1/bizApi",
        supplier_auth_code="code",
        supplier_auth_token="token",
        supplier_user_id="coupbiz",
        supplier_callback_number="15996567",
        supplier_timeout_seconds=2,
        placing_wait_seconds=0,
        standing_wait_seconds=0,
    )


@pytest.fixture
def memory(fixed_clock: FixedClock) -> fakes.Memory:
    """Ordering in memory, knowing a company, its members, two offers and a template."""
    memory = fakes.Memory(fixed_clock)
    memory.keep_company(builders.a_company())
    memory.keep_member(builders.a_member())
    memory.keep_member(builders.a_sub_member())
    memory.keep_offer(builders.an_offer())
    memory.keep_offer(builders.an_offer(builders.CAKE, price_krw=9_000, face_price_krw=10_000))
    memory.keep_template(builders.a_template())
    return memory


@pytest.fixture
def equipment(settings: Settings, fixed_clock: FixedClock) -> Equipment:
    """What every unit of work shares."""
    return main.equipment_of(settings, fixed_clock)


@pytest.fixture
def database(service_database: Callable[[str], Database], settings: Settings) -> Database:
    """A migrated database of this test's own."""
    bind_column_keys(Keyring.parse(settings.column_keys))
    return service_database("ordering")


Unit = Callable[[], AbstractContextManager[PostgresUnitOfWork]]


@pytest.fixture
def unit(database: Database, equipment: Equipment) -> Unit:
    """Opens a unit of work in a transaction of its own."""

    @contextmanager
    def transaction() -> Iterator[PostgresUnitOfWork]:
        with database.transaction() as session:
            yield PostgresUnitOfWork(session, equipment)

    return transaction


@pytest.fixture
def stocked(unit: Unit) -> Unit:
    """The same, after others have said what they own."""
    with unit() as uow:
        uow.copies.keep_company(builders.a_company())
        uow.copies.keep_member(builders.a_member())
        uow.copies.keep_member(builders.a_sub_member())
        uow.copies.keep_offer(builders.an_offer())
        uow.copies.keep_offer(builders.an_offer(builders.CAKE, price_krw=9_000, face_price_krw=10_000))
        uow.copies.keep_template(builders.a_template())
    return unit


@pytest.fixture
def supplier_world(tmp_path: Path) -> Iterator[sandboxes.SupplierWorld]:
    """The supplier over its wire protocol, with our two offers on its shelves."""
    with sandboxes.supplier_world(tmp_path) as world:
        yield world
