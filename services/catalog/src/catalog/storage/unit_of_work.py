"""One transaction of the catalogue."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from catalog.domain.rules import CatalogRules
from catalog.storage.banners import PostgresBanners
from catalog.storage.carts import PostgresCarts
from catalog.storage.names import PostgresBrands, PostgresCategories
from catalog.storage.offers import PostgresOffers
from catalog.storage.popular_views import PopularViews
from catalog.storage.popularity import PostgresPopularity
from catalog.storage.products import PostgresProducts
from catalog.storage.quotes import PostgresCompanies, PostgresQuotes
from catalog.storage.sheets import PostgresSheets
from catalog.storage.views import CatalogueViews
from chassis.clock import Clock
from chassis.database import Database, UnitOfWorkFactory
from chassis.idempotency import IdempotencyKeys
from chassis.ids import new_id
from chassis.outbox import Outbox
from chassis.tokens import raise_floor


class PostgresUnitOfWork:
    """`UnitOfWork` over a session; whoever opened the session commits."""

    def __init__(self, session: Session, clock: Clock, rules: CatalogRules) -> None:
        self.brands = PostgresBrands(session, new_id)
        self.categories = PostgresCategories(session, new_id)
        self.products = PostgresProducts(session)
        self.offers = PostgresOffers(session)
        self.carts = PostgresCarts(session)
        self.banners = PostgresBanners(session)
        self.sheets = PostgresSheets(session)
        self.quotes = PostgresQuotes(session)
        self.companies = PostgresCompanies(session)
        self.popularity = PostgresPopularity(session)
        self.popular_views = PopularViews(session, clock.now(), rules)
        self.outbox = Outbox(session, producer="catalog", clock=clock)
        self.views = CatalogueViews(session, clock.now())
        self.rules = rules
        self._session = session
        self._keys = IdempotencyKeys(session, clock)
        self._clock = clock

    def now(self) -> datetime:
        """The business clock, aware and UTC."""
        return self._clock.now()

    def new_id(self) -> UUID:
        """A fresh id."""
        return new_id()

    def savepoint(self) -> AbstractContextManager[object]:
        """A part of the transaction that is undone as a whole when its block raises."""
        return self._session.begin_nested()

    def once(
        self, *, scope: str, key: str, operation: str, body: Mapping[str, Any], create: Callable[[], UUID]
    ) -> UUID:
        """What a client's idempotency key stands for: made now, or found from the first request under the key."""
        return self._keys.once(scope=scope, key=key, operation=operation, body=body, create=create).resource_id

    def raise_session_floor(self, subject_id: UUID, lowest_generation: int) -> None:
        """Refuse the subject's older tokens from now on (IDN-13)."""
        raise_floor(self._session, subject_id, lowest_generation)


class Transactions(UnitOfWorkFactory[PostgresUnitOfWork]):
    """Opens transactions of the catalogue."""

    def __init__(self, database: Database, clock: Clock, rules: CatalogRules) -> None:
        super().__init__(database, lambda session: PostgresUnitOfWork(session, clock, rules))
