"""The wallet on a real database, its consumers without a broker, and a payment provider over its wire protocol."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr
from sqlalchemy import Connection, create_engine, delete, text

sys.path.insert(0, str(Path(__file__).parent))

from wallet_builders import KEYRING, SECRET_KEY, WEBHOOK_SECRET, a_charge, a_company_changed
from wallet_provider import Provider

from chassis.clock import FixedClock
from chassis.columns import bind_column_keys
from chassis.consumer import Consumer
from chassis.database import Database, database_url
from chassis.sealing import Keyring
from chassis.tables import outbox
from chassis.testing.events import deliver, published
from contracts.envelope import Envelope
from contracts.event import Event
from contracts.ordering.orders import OrderPlaced
from contracts.wallet import FundsRefused, FundsReserved, ReservationReleased
from wallet.application.crediting import settle_charge
from wallet.application.verification import prove_ledger
from wallet.domain.payment import Credit, Payment, PaymentStatus
from wallet.main import create_consumers
from wallet.settings import Settings
from wallet.storage.books import SqlBooks
from wallet.storage.unit_of_work import SqlUnitOfWork, transactions


@pytest.fixture
def provider() -> Any:
    """A payment provider that speaks the real one's protocol."""
    with Provider(SECRET_KEY) as running:
        yield running


@pytest.fixture
def settings(provider: Provider, tmp_path: Path) -> Settings:
    return Settings(
        environment="test",
        api_port=8401,
        admin_port=8402,
        token_keys_url="http://127.0.0.1:9/jwks.json",
        database_url=SecretStr("postgresql://nobody@127.0.0.1:9/nothing"),
        migrations_database_url=SecretStr("postgresql://nobody@127.0.0.1:9/nothing"),
        broker_url=SecretStr("amqp://127.0.0.1:9/"),
        column_keys=SecretStr(KEYRING),
        hash_keys=SecretStr(KEYRING),
        file_store_url=f"file://{tmp_path / 'files'}",
        payment_url=provider.url,
        payment_secret_key=SecretStr(SECRET_KEY),
        payment_window_url="http://pay.test/window",
        payment_webhook_secret=SecretStr(WEBHOOK_SECRET),
        payment_read_timeout_seconds=0.5,
    )


@pytest.fixture
def database(service_database: Callable[[str], Database]) -> Database:
    return service_database("wallet")


class Wallet:
    """The service as its tests drive it: events in, figures out."""

    def __init__(self, database: Database, clock: FixedClock, consumers: list[Consumer[Any]]) -> None:
        self.database = database
        self.clock = clock
        self.begin = transactions(database, clock)
        self._consumers = consumers

    def hear(self, event: Event, times: int = 1) -> None:
        """Deliver an event to the queue that is bound to it."""
        for consumer in self._consumers:
            if type(event) in consumer.queue.hears:
                deliver(consumer, event, times)

    def consumer_of(self, event: Event) -> Consumer[Any]:
        return next(consumer for consumer in self._consumers if type(event) in consumer.queue.hears)

    def said(self) -> list[Event]:
        """Every business event in the outbox, in order."""
        with self.database.transaction() as session:
            return published(session)

    def answers(self) -> list[Event]:
        """What ordering was told, in order."""
        return [said for said in self.said() if isinstance(said, (FundsReserved, FundsRefused, ReservationReleased))]

    def hold_of(self, order: OrderPlaced) -> tuple[int, ...]:
        """Amount, captured, released and open of an order's hold, in KRW."""
        rows = self.sql(
            "SELECT amount_krw, captured_krw, released_krw, open_krw FROM holds WHERE order_id = :id",
            id=order.order_id,
        )
        return tuple(rows[0])

    def assert_proven(self) -> None:
        assert prove_ledger(SqlBooks(self.database)).findings == ()

    def redeliver_parked(self) -> None:
        """Hand over what was parked and has been woken, as relay and broker would."""
        with self.database.transaction() as session:
            woken = session.scalars(delete(outbox).where(outbox.c.exchange == "").returning(outbox.c.envelope)).all()
        for body in woken:
            envelope = Envelope.model_validate_json(body)
            self.consumer_of(envelope.open()).handle(envelope)

    def sql(self, statement: str, **values: object) -> Any:
        """The rows of a statement, as the run-time role."""
        with self.database.transaction() as session:
            result = session.execute(text(statement), values)
            return result.all() if result.returns_rows else None

    def balances(self, company_id: UUID) -> dict[str, int]:
        rows = self.sql("SELECT account, balance_krw FROM accounts WHERE company_id = :id", id=company_id)
        return {row.account: row.balance_krw for row in rows}

    def a_company(self, **changes: object) -> UUID:
        company_id = uuid4()
        self.hear(a_company_changed(company_id, **changes))
        return company_id

    def credit(self, company_id: UUID, amount_krw: int) -> UUID:
        """Put a paid charge on the balance, as its confirmation would."""
        charge = a_charge(amount_krw, company_id=company_id)
        payment = Payment(
            f"pay-{charge.id}", charge.provider_order_id, amount_krw, PaymentStatus.DONE, "카드", None, None
        )
        with self.begin() as uow:
            uow.charges.add(charge)
            settle_charge(charge, Credit(payment), uow)
        return charge.id


@pytest.fixture
def wallet(database: Database, fixed_clock: FixedClock, settings: Settings) -> Wallet:
    bind_column_keys(Keyring.parse(settings.column_keys))
    return Wallet(database, fixed_clock, create_consumers(settings, database, fixed_clock))


@pytest.fixture
def uow_of(fixed_clock: FixedClock) -> Callable[[Any], SqlUnitOfWork]:
    return lambda session: SqlUnitOfWork(session, fixed_clock)


@pytest.fixture
def as_role(database: Database, postgres_server: str) -> Callable[[str], Any]:
    """Opens a transaction on the test's database under another role."""

    @contextmanager
    def connect(role: str | None = None) -> Iterator[Connection]:
        url = database_url(postgres_server).set(database=database.engine.url.database)
        engine = create_engine(url)
        try:
            with engine.begin() as connection:
                if role is not None:
                    connection.execute(text(f"SET ROLE {role}"))
                yield connection
        finally:
            engine.dispose()

    return connect


@pytest.fixture
def as_superuser(as_role: Callable[..., Any]) -> Callable[[], Any]:
    return as_role
