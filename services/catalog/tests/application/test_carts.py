"""Carts in the database: present prices, notices, two changes at once, and the orders that empty them."""

import threading
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from catalog_builders import OPERATOR, a_catalogue, a_product, the_offers

from catalog.application.carts import AddToCart, ChangeValidity, add_to_cart, cart_of, change_validity
from catalog.application.importing import import_catalogue
from catalog.application.products import (
    DiscontinueProduct,
    SetPrice,
    discontinue_product,
    set_price,
)
from catalog.domain.cart import CartNotice
from catalog.domain.errors import CartFull, OfferNotFound, ProductDiscontinued, ValidityNotSold
from catalog.main import consumers
from catalog.settings import Settings
from catalog.storage.unit_of_work import Transactions
from chassis.clock import FixedClock
from chassis.consumer import Consumer
from chassis.database import Database
from chassis.testing.events import deliver
from contracts.ordering.orders import OrderAccepted

MEMBER = uuid4()


@pytest.fixture
def offers(transaction: Transactions) -> list[UUID]:
    """The offers of 120 products, 30 and 60 days of each."""
    with transaction() as uow:
        import_catalogue(
            a_catalogue(*(a_product(f"P{number:03d}", f"상품 {number:03d}") for number in range(120))), uow
        )
    return the_offers(transaction)


@pytest.fixture
def orders_consumer(catalog_settings: Settings, database: Database, fixed_clock: FixedClock) -> Consumer:
    """What hears orders."""
    (consumer,) = (one for one in consumers(catalog_settings, database, fixed_clock) if one.queue.lane == "orders")
    return consumer


def put(transaction: Transactions, *offer_ids: UUID, member_id: UUID = MEMBER) -> None:
    with transaction() as uow:
        add_to_cart(AddToCart(member_id, offer_ids), uow)


def shown(transaction: Transactions, member_id: UUID = MEMBER):
    with transaction() as uow:
        return cart_of(member_id, uow)


def accepted(*line_ids: UUID, at, member_id: UUID = MEMBER) -> OrderAccepted:
    return OrderAccepted(
        order_id=uuid4(), company_id=uuid4(), member_id=member_id, cart_line_ids=line_ids, accepted_at=at
    )


@pytest.mark.rule("CAT-07")
def test_the_cart_shows_present_prices_and_says_what_was_repriced_or_discontinued(
    transaction: Transactions, fixed_clock: FixedClock, offers: list[UUID]
) -> None:
    put(transaction, offers[0], offers[2], offers[4])
    assert [line.notices for line in shown(transaction)] == [(), (), ()]
    with transaction() as uow:
        discontinue_product(DiscontinueProduct(OPERATOR, cart_of(MEMBER, uow)[2].product.product_id), uow)
        set_price(SetPrice(OPERATOR, offers[0], 4_000, fixed_clock.now() + timedelta(days=1)), uow)
    assert [line.notices for line in shown(transaction)] == [(), (), (CartNotice.DISCONTINUED,)]
    fixed_clock.advance(timedelta(days=1))
    first = shown(transaction)[0]
    assert (first.offer.sale_price_krw, first.line.choice.sale_price_krw) == (4_000, 4_410)
    assert first.notices == (CartNotice.REPRICED,)


@pytest.mark.rule("CAT-07")
def test_adding_again_is_seeing_the_new_price(transaction: Transactions, offers: list[UUID]) -> None:
    put(transaction, offers[0])
    with transaction() as uow:
        set_price(SetPrice(OPERATOR, offers[0], 4_000), uow)
    put(transaction, offers[0])
    (line,) = shown(transaction)
    assert (line.line.choice.sale_price_krw, line.notices) == (4_000, ())


@pytest.mark.rule("CAT-07")
def test_one_that_cannot_be_added_leaves_the_cart_as_it_was(transaction: Transactions, offers: list[UUID]) -> None:
    put(transaction, offers[0])
    with transaction() as uow:
        discontinue_product(DiscontinueProduct(OPERATOR, cart_of(MEMBER, uow)[0].product.product_id), uow)
    with pytest.raises(ProductDiscontinued):
        put(transaction, offers[2], offers[1])
    with pytest.raises(OfferNotFound):
        put(transaction, offers[2], uuid4())
    assert len(shown(transaction)) == 1


@pytest.mark.rule("CAT-07")
def test_two_tabs_that_add_at_once_do_not_overfill_the_cart(transaction: Transactions, offers: list[UUID]) -> None:
    put(transaction, *offers[: 2 * 90 : 2])
    refused: list[Exception] = []
    start = threading.Barrier(2)

    def add(more: list[UUID]) -> None:
        start.wait()
        try:
            put(transaction, *more)
        except CartFull as full:
            refused.append(full)

    tabs = [threading.Thread(target=add, args=(offers[first : first + 20 : 2],)) for first in (180, 200)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert len(shown(transaction)) == 100
    assert len(refused) == 1


@pytest.mark.rule("CAT-09")
def test_a_line_is_repriced_by_choosing_another_validity(transaction: Transactions, offers: list[UUID]) -> None:
    put(transaction, offers[0])
    (line,) = shown(transaction)
    with transaction() as uow:
        change_validity(ChangeValidity(MEMBER, line.line.id, 60), uow)
    (changed,) = shown(transaction)
    assert (changed.line.id, changed.offer.validity_days, changed.offer.sale_price_krw) == (line.line.id, 60, 4_455)
    assert changed.notices == ()
    with transaction() as uow, pytest.raises(ValidityNotSold) as refused:
        change_validity(ChangeValidity(MEMBER, line.line.id, 90), uow)
    assert refused.value.offered_days == (30, 60)


@pytest.mark.rule("CAT-07")
def test_lines_leave_the_cart_when_their_order_is_accepted(
    transaction: Transactions, fixed_clock: FixedClock, offers: list[UUID], orders_consumer: Consumer
) -> None:
    put(transaction, offers[0], offers[2])
    ordered, kept = (line.line.id for line in shown(transaction))
    deliver(orders_consumer, accepted(ordered, at=fixed_clock.now()), times=2)
    assert [line.line.id for line in shown(transaction)] == [kept]


@pytest.mark.rule("CAT-07")
def test_what_is_put_back_after_ordering_stays(
    transaction: Transactions, fixed_clock: FixedClock, offers: list[UUID], orders_consumer: Consumer
) -> None:
    put(transaction, offers[0])
    (ordered,) = shown(transaction)
    deliver(orders_consumer, accepted(ordered.line.id, at=fixed_clock.now()))
    put(transaction, offers[0])
    deliver(orders_consumer, accepted(ordered.line.id, at=fixed_clock.now()))
    assert len(shown(transaction)) == 1


@pytest.mark.rule("CAT-07")
def test_an_order_empties_no_other_members_cart(
    transaction: Transactions, fixed_clock: FixedClock, offers: list[UUID], orders_consumer: Consumer
) -> None:
    put(transaction, offers[0])
    (mine,) = shown(transaction)
    deliver(orders_consumer, accepted(mine.line.id, at=fixed_clock.now(), member_id=uuid4()))
    assert len(shown(transaction)) == 1
