"""Popular products: counted from issued coupons of the last 30 days, each fact once, in tabs that operators choose."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from catalog_builders import OPERATOR, a_catalogue, a_product, the_offers

from catalog.application.importing import OfferRow, import_catalogue
from catalog.application.popularity import ChooseTabs, choose_tabs, forget_old_issues
from catalog.application.products import DiscontinueProduct, discontinue_product
from catalog.domain.errors import TooManyTabs, UnknownCode
from catalog.main import consumers
from catalog.settings import Settings
from catalog.storage.unit_of_work import Transactions
from chassis.clock import FixedClock
from chassis.consumer import Consumer
from chassis.database import Database
from chassis.testing.events import deliver
from contracts.ordering.coupons import CouponsIssued, OfferTally

SEOUL_NOON = datetime.fromisoformat("2026-11-24T12:00:00+09:00")


@pytest.fixture
def offers(transaction: Transactions, fixed_clock: FixedClock) -> dict[str, UUID]:
    """An offer of each of twelve coffees and two chickens, by the product's name."""
    fixed_clock.set(SEOUL_NOON)
    chicken = {"brand_code": "BHC", "category_code": "CHICKEN"}
    names = [*(f"커피 {number:02d}" for number in range(12)), "치킨 1", "치킨 2"]
    rows = [
        a_product(
            f"P{number}",
            name,
            offers=[OfferRow(30, 4_410, "giftishow", f"G{number}")],
            **(chicken if name.startswith("치킨") else {}),
        )
        for number, name in enumerate(names)
    ]
    with transaction() as uow:
        import_catalogue(a_catalogue(*rows), uow)
        choose_tabs(ChooseTabs(OPERATOR, ("CHICKEN",)), uow)
    return dict(zip(sorted(names), the_offers(transaction), strict=True))


@pytest.fixture
def orders_consumer(catalog_settings: Settings, database: Database, fixed_clock: FixedClock) -> Consumer:
    """What hears orders."""
    (consumer,) = (one for one in consumers(catalog_settings, database, fixed_clock) if one.queue.lane == "orders")
    return consumer


def issued(*coupons: tuple[UUID, int], at: datetime = SEOUL_NOON, **changes: object) -> CouponsIssued:
    fact = {
        "order_id": uuid4(),
        "company_id": uuid4(),
        "chunk_no": 1,
        "wave": 1,
        "coupons": sum(count for _, count in coupons),
        "amount_krw": 1_000,
        "offers": tuple(OfferTally(offer_id=one, coupons=count, amount_krw=1_000) for one, count in coupons),
        "issued_at": at,
    }
    return CouponsIssued(**(fact | changes))


def tabs(transaction: Transactions) -> dict[str, list[str]]:
    with transaction() as uow:
        found = uow.popular_views.popular_tabs()
    return {tab.category.code if tab.category else "all": [product.name for product in tab.products] for tab in found}


@pytest.mark.rule("CAT-03")
def test_each_tab_ranks_its_ten_most_issued_products(
    transaction: Transactions, offers: dict[str, UUID], orders_consumer: Consumer
) -> None:
    counts = [(offer_id, 100 - place) for place, offer_id in enumerate(offers.values())]
    deliver(orders_consumer, issued(*counts))
    coffees = [f"커피 {number:02d}" for number in range(12)]
    # By name the chickens come first, so they are issued most.
    assert tabs(transaction) == {"all": ["치킨 1", "치킨 2", *coffees[:8]], "CHICKEN": ["치킨 1", "치킨 2"]}


@pytest.mark.rule("CAT-03")
def test_a_product_out_of_the_first_ten_still_stands_in_its_own_tab(
    transaction: Transactions, offers: dict[str, UUID], orders_consumer: Consumer
) -> None:
    rare, *_ = (offer_id for name, offer_id in offers.items() if name == "치킨 2")
    coffees = [(offer_id, 5) for name, offer_id in offers.items() if name.startswith("커피")]
    deliver(orders_consumer, issued(*coffees, (rare, 1)))
    assert tabs(transaction)["CHICKEN"] == ["치킨 2"]
    assert len(tabs(transaction)["all"]) == 10


@pytest.mark.rule("CAT-03")
def test_a_fact_said_twice_counts_once_under_whatever_message(
    transaction: Transactions, offers: dict[str, UUID], orders_consumer: Consumer
) -> None:
    first, second = offers["커피 00"], offers["커피 01"]
    fact = issued((first, 2))
    deliver(orders_consumer, fact, times=2)
    deliver(orders_consumer, fact)
    deliver(orders_consumer, issued((second, 3)))
    assert tabs(transaction)["all"] == ["커피 01", "커피 00"]


@pytest.mark.rule("CAT-03")
def test_of_equals_the_one_issued_last_comes_first(
    transaction: Transactions, offers: dict[str, UUID], orders_consumer: Consumer
) -> None:
    deliver(orders_consumer, issued((offers["커피 01"], 2), at=SEOUL_NOON))
    deliver(orders_consumer, issued((offers["커피 00"], 2), at=SEOUL_NOON - timedelta(minutes=1)))
    assert tabs(transaction)["all"] == ["커피 01", "커피 00"]


@pytest.mark.rule("CAT-03")
def test_thirty_days_count_by_the_day_in_seoul(
    transaction: Transactions, fixed_clock: FixedClock, offers: dict[str, UUID], orders_consumer: Consumer
) -> None:
    """On 24 November the 26th of October is the oldest day that counts."""
    oldest = datetime.fromisoformat("2026-10-26T00:00:00+09:00")
    deliver(orders_consumer, issued((offers["커피 00"], 9), at=oldest - timedelta(seconds=1)))
    deliver(orders_consumer, issued((offers["커피 01"], 1), at=oldest))
    assert tabs(transaction)["all"] == ["커피 01"]
    fixed_clock.set(datetime.fromisoformat("2026-11-25T00:00:00+09:00"))
    assert tabs(transaction)["all"] == []


@pytest.mark.rule("CAT-03")
def test_discontinued_products_are_left_out_and_the_next_moves_up(
    transaction: Transactions, offers: dict[str, UUID], orders_consumer: Consumer
) -> None:
    deliver(orders_consumer, issued((offers["커피 00"], 2), (offers["커피 01"], 1)))
    with transaction() as uow:
        (first,) = uow.views.products_of_offers([offers["커피 00"]])
        discontinue_product(DiscontinueProduct(OPERATOR, first.product_id), uow)
    assert tabs(transaction)["all"] == ["커피 01"]


def test_what_no_longer_counts_is_forgotten_and_stays_uncounted(
    transaction: Transactions, fixed_clock: FixedClock, offers: dict[str, UUID], orders_consumer: Consumer
) -> None:
    fact = issued((offers["커피 00"], 2))
    deliver(orders_consumer, fact)
    fixed_clock.advance(timedelta(days=31))
    with transaction() as uow:
        assert forget_old_issues(uow) is True
        assert forget_old_issues(uow) is False
    deliver(orders_consumer, fact)
    with transaction() as uow:
        assert forget_old_issues(uow) is False


@pytest.mark.rule("CAT-03")
def test_operators_choose_the_tabs_and_their_order(transaction: Transactions, offers: dict[str, UUID]) -> None:
    with transaction() as uow:
        choose_tabs(ChooseTabs(OPERATOR, ("CAFE", "CHICKEN", "CAFE")), uow)
    assert list(tabs(transaction)) == ["all", "CAFE", "CHICKEN"]
    with transaction() as uow, pytest.raises(UnknownCode):
        choose_tabs(ChooseTabs(OPERATOR, ("NOWHERE",)), uow)
    with transaction() as uow, pytest.raises(TooManyTabs):
        choose_tabs(ChooseTabs(OPERATOR, tuple(map(str, range(11)))), uow)
    assert list(tabs(transaction)) == ["all", "CAFE", "CHICKEN"]
