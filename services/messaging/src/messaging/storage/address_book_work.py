"""One transaction on address books."""

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from chassis.clock import Clock
from chassis.columns import KeyedHash
from chassis.database import Database, UnitOfWorkFactory
from chassis.idempotency import IdempotencyKeys
from chassis.ids import new_id
from messaging.storage.address_books import PostgresAddressBooks
from messaging.storage.contact_imports import PostgresContactImports
from messaging.storage.contacts import PostgresContacts


class PostgresAddressBookWork:
    """`AddressBookWork` over a session; whoever opened the session commits."""

    def __init__(self, session: Session, clock: Clock, hashes: KeyedHash) -> None:
        self.address_books = PostgresAddressBooks(session, clock)
        self.contacts = PostgresContacts(session, hashes)
        self.imports = PostgresContactImports(session)
        self._keys = IdempotencyKeys(session, clock)
        self._clock = clock

    def once(
        self, *, scope: str, key: str, operation: str, body: Mapping[str, object], create: Callable[[], UUID]
    ) -> UUID:
        """What was made under the client's key, now or by an earlier request."""
        return self._keys.once(scope=scope, key=key, operation=operation, body=body, create=create).resource_id

    def now(self) -> datetime:
        """The business clock, aware and UTC."""
        return self._clock.now()

    def new_id(self) -> UUID:
        """A fresh id; later ones sort after earlier ones."""
        return new_id()


class AddressBookTransactions(UnitOfWorkFactory[PostgresAddressBookWork]):
    """Opens transactions on address books."""

    def __init__(self, database: Database, clock: Clock, hashes: KeyedHash) -> None:
        super().__init__(database, lambda session: PostgresAddressBookWork(session, clock, hashes))
