"""One transaction of the catalogue."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from catalog.storage.names import PostgresBrands, PostgresCategories
from catalog.storage.offers import PostgresOffers
from catalog.storage.products import PostgresProducts
from catalog.storage.views import CatalogueViews
from chassis.clock import Clock
from chassis.database import Database
from chassis.ids import new_id
from chassis.outbox import Outbox


class PostgresUnitOfWork:
    """`UnitOfWork` over a session; whoever opened the session commits."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self.brands = PostgresBrands(session, new_id)
        self.categories = PostgresCategories(session, new_id)
        self.products = PostgresProducts(session)
        self.offers = PostgresOffers(session)
        self.outbox = Outbox(session, producer="catalog", clock=clock)
        self.views = CatalogueViews(session, clock.now())
        self._clock = clock

    def now(self) -> datetime:
        """The business clock, aware and UTC."""
        return self._clock.now()

    def new_id(self) -> UUID:
        """A fresh id."""
        return new_id()


class Transactions:
    """Opens transactions of this service: committed at the end of the block, rolled back on any error."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @contextmanager
    def __call__(self) -> Iterator[PostgresUnitOfWork]:
        """One transaction."""
        with self._database.transaction() as session:
            yield PostgresUnitOfWork(session, self._clock)
