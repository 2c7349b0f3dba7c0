"""What the use cases need from the outside."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from catalog.application.views import NamedView, PopularTab, ProductQuery, ProductView
from catalog.domain.banner import Banner
from catalog.domain.cart import Cart
from catalog.domain.offer import Offer
from catalog.domain.popularity import IssueFact, Tally
from catalog.domain.product import Brand, Category, Product
from catalog.domain.quote import Quote
from catalog.domain.rules import CatalogRules
from contracts.audit import Act
from contracts.event import Event


class Brands(Protocol):
    """Brands by their codes."""

    def put(self, code: str, name: str) -> Brand:
        """Create the brand of this code, or rename it."""

    def find(self, code: str) -> Brand | None:
        """The brand of this code."""

    def get(self, code: str) -> Brand:
        """The brand. Raises `UnknownCode`."""


class Categories(Protocol):
    """Categories by their codes."""

    def put(self, code: str, name: str) -> Category:
        """Create the category of this code, or rename it."""

    def find(self, code: str) -> Category | None:
        """The category of this code."""

    def get(self, code: str) -> Category:
        """The category. Raises `UnknownCode`."""


class Products(Protocol):
    """Products by id and by code."""

    def get_for_update(self, product_id: UUID) -> Product:
        """The product, locked. Raises `ProductNotFound`."""

    def find_by_code(self, code: str) -> Product | None:
        """The product of this code, locked."""

    def of_brand(self, brand_id: UUID) -> Sequence[Product]:
        """The products of a brand, locked."""

    def save(self, product: Product) -> None:
        """Insert or update."""


class Offers(Protocol):
    """Offers by id and by product."""

    def get_for_update(self, offer_id: UUID) -> Offer:
        """The offer, locked. Raises `OfferNotFound`."""

    def of_product(self, product_id: UUID) -> Sequence[Offer]:
        """The product's offers by validity, locked."""

    def save(self, offer: Offer) -> None:
        """Insert or update. Raises `OfferTaken`."""


class Carts(Protocol):
    """Members' carts; a member who never had one has an empty one."""

    def get(self, member_id: UUID) -> Cart:
        """The member's cart, not locked."""

    def get_for_update(self, member_id: UUID) -> Cart:
        """The member's cart, locked until the transaction ends."""

    def save(self, cart: Cart) -> None:
        """Store the lines of a locked cart as they are."""


class Banners(Protocol):
    """The banners of the home page in their order."""

    def shown(self) -> Sequence[Banner]:
        """Banners that are on and have a picture."""

    def every(self) -> Sequence[Banner]:
        """All banners, not locked."""

    def all_for_update(self) -> Sequence[Banner]:
        """All banners; no other transaction changes them until this one ends."""

    def save(self, banner: Banner) -> None:
        """Insert as the last, or update in its place."""

    def remove(self, banner_id: UUID) -> None:
        """Forget a banner."""

    def set_order(self, banner_ids: Sequence[UUID]) -> None:
        """Put the banners in this order."""


class Sheets(Protocol):
    """All products with their offers, for a workbook."""

    def batches(self, batch_rows: int) -> Iterator[Sequence[tuple[Product, Sequence[Offer]]]]:
        """Every product with its offers, in the order in which they came."""


class Quotes(Protocol):
    """Quotes as they were issued."""

    def next_number(self) -> int:
        """The next running number; gaps are allowed."""

    def add(self, quote: Quote) -> None:
        """Store a new quote."""

    def find(self, quote_id: UUID) -> Quote | None:
        """The quote as it was issued."""


class Companies(Protocol):
    """What identity says of companies."""

    def keep(self, company_id: UUID, version: int, name: str) -> None:
        """Keep the name, unless a newer version is known."""

    def name_of(self, company_id: UUID) -> str | None:
        """The company's name; None while identity's word has not come."""


class Popularity(Protocol):
    """How often products were issued lately, and the tabs in which that is shown."""

    def is_news(self, fact: IssueFact, issued_at: datetime) -> bool:
        """Note the fact; whether it was not noted before."""

    def products_of(self, offer_ids: Sequence[UUID]) -> Mapping[UUID, UUID]:
        """The products of offers by the offers' ids."""

    def add(self, tallies: Sequence[Tally]) -> None:
        """Count the coupons of each product on its day."""

    def forget_before(self, day: date) -> bool:
        """Forget counts and facts of earlier days; whether there were any."""

    def tabs(self) -> Sequence[Category]:
        """The categories that are tabs, in their order."""

    def set_tabs(self, tabs: Sequence[Category]) -> None:
        """Make these categories the tabs, in this order."""


class PopularProducts(Protocol):
    """What is chosen most at present."""

    def popular_tabs(self) -> Sequence[PopularTab]:
        """The tab of all products, then those that operators chose."""


SortKey = tuple[int, str, UUID]
"""Where a product stands in a list: `ProductView.sort_key`."""


class Views(Protocol):
    """What the catalogue shows; prices are those in force now."""

    def products(self, query: ProductQuery, *, after: SortKey | None, limit: int) -> Sequence[ProductView]:
        """Products on sale, the best fitting first, then by name; `after` is what the last page ended with."""

    def similar(self, query: ProductQuery, *, limit: int) -> Sequence[ProductView]:
        """Products on sale that are spelled like what was looked for, the most similar first."""

    def product(self, product_id: UUID) -> ProductView:
        """One product, also a discontinued one. Raises `ProductNotFound`."""

    def products_of_offers(self, offer_ids: Sequence[UUID]) -> Sequence[ProductView]:
        """The products that have these offers, each once, also discontinued ones; unknown offers have none."""

    def brands(self) -> Sequence[NamedView]:
        """Brands that have products on sale, by name."""

    def categories(self) -> Sequence[NamedView]:
        """Categories that have products on sale, by name."""


class Outbox(Protocol):
    """Events of the transaction."""

    def add(self, event: Event) -> None:
        """Say an event when the transaction commits."""

    def add_all(self, events: Iterable[Event]) -> None:
        """Say several events when the transaction commits."""

    def add_act(self, operator_id: UUID, act: Act) -> None:
        """Say what an operator did, for the audit log (IDN-24)."""


class UnitOfWork(Protocol):
    """One transaction: what it reads, writes and says, and the numbers that it is judged by."""

    @property
    def rules(self) -> CatalogRules: ...
    @property
    def brands(self) -> Brands: ...
    @property
    def categories(self) -> Categories: ...
    @property
    def products(self) -> Products: ...
    @property
    def offers(self) -> Offers: ...
    @property
    def carts(self) -> Carts: ...
    @property
    def banners(self) -> Banners: ...
    @property
    def sheets(self) -> Sheets: ...
    @property
    def quotes(self) -> Quotes: ...
    @property
    def companies(self) -> Companies: ...
    @property
    def popularity(self) -> Popularity: ...
    @property
    def popular_views(self) -> PopularProducts: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def views(self) -> Views: ...

    def now(self) -> datetime:
        """The business clock, aware and UTC."""

    def new_id(self) -> UUID:
        """A fresh id."""

    def savepoint(self) -> AbstractContextManager[object]:
        """A part of the transaction that is undone as a whole when its block raises."""

    def once(
        self, *, scope: str, key: str, operation: str, body: Mapping[str, Any], create: Callable[[], UUID]
    ) -> UUID:
        """What a client's idempotency key stands for: made now, or found from the first request under the key."""

    def raise_session_floor(self, subject_id: UUID, lowest_generation: int) -> None:
        """Refuse the subject's older tokens from now on (IDN-13)."""


Transaction = Callable[[], AbstractContextManager[UnitOfWork]]
"""Opens a transaction that commits at the end of its block."""
