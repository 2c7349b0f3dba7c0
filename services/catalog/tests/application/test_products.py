"""Operators price, discontinue and resume."""

from datetime import timedelta
from uuid import uuid4

import pytest
from catalog_builders import a_catalogue

from catalog.application.importing import import_catalogue
from catalog.application.products import (
    DiscontinueProduct,
    ResumeProduct,
    SetPrice,
    discontinue_product,
    resume_product,
    set_price,
)
from catalog.application.views import ProductQuery
from catalog.domain.errors import OfferNotFound, ProductNotFound
from catalog.storage.unit_of_work import Transactions
from chassis.clock import FixedClock
from chassis.database import Database
from chassis.testing.events import published
from contracts.catalog import OfferAvailability, OfferPublished

OPERATOR = uuid4()


@pytest.fixture
def product(transaction: Transactions):
    with transaction() as uow:
        import_catalogue(a_catalogue(), uow)
    with transaction() as uow:
        return uow.views.products(ProductQuery(), after=None, limit=1)[0]


def last_said(database: Database) -> list[OfferPublished]:
    with database.transaction() as session:
        offers = [event for event in published(session) if isinstance(event, OfferPublished)]
    return list({offer.offer_id: offer for offer in offers}.values())


@pytest.mark.rule("CAT-06")
def test_a_timed_price_is_said_when_set_and_shown_when_it_begins(
    transaction: Transactions, database: Database, fixed_clock: FixedClock, product
) -> None:
    begins = fixed_clock.now() + timedelta(days=7)
    offer_id = product.offers[0].offer_id
    with transaction() as uow:
        set_price(SetPrice(OPERATOR, offer_id, 4_000, begins), uow)
    (said,) = [offer for offer in last_said(database) if offer.offer_id == offer_id]
    assert [(price.sale_price_krw, price.effective_at) for price in said.prices][-1] == (4_000, begins)
    for at, shown in ((fixed_clock.now(), 4_410), (begins, 4_000)):
        fixed_clock.set(at)
        with transaction() as uow:
            assert uow.views.product(product.product_id).offers[0].sale_price_krw == shown


@pytest.mark.rule("CAT-06")
def test_a_discontinued_product_leaves_the_lists_until_it_is_resumed(
    transaction: Transactions, database: Database, product
) -> None:
    def listed() -> int:
        with transaction() as uow:
            return len(uow.views.products(ProductQuery(), after=None, limit=10))

    with transaction() as uow:
        discontinue_product(DiscontinueProduct(OPERATOR, product.product_id), uow)
    assert listed() == 0
    assert {offer.availability for offer in last_said(database)} == {OfferAvailability.DISCONTINUED}
    with transaction() as uow:
        resume_product(ResumeProduct(OPERATOR, product.product_id), uow)
    assert listed() == 1
    assert {(offer.availability, offer.version) for offer in last_said(database)} == {(OfferAvailability.ON_SALE, 3)}


def test_discontinuing_twice_says_it_once(transaction: Transactions, database: Database, product) -> None:
    for _ in range(2):
        with transaction() as uow:
            discontinue_product(DiscontinueProduct(OPERATOR, product.product_id), uow)
    assert {offer.version for offer in last_said(database)} == {2}


def test_what_does_not_exist_is_refused(transaction: Transactions) -> None:
    with transaction() as uow:
        with pytest.raises(ProductNotFound):
            discontinue_product(DiscontinueProduct(OPERATOR, uuid4()), uow)
        with pytest.raises(OfferNotFound):
            set_price(SetPrice(OPERATOR, uuid4(), 1_000), uow)
