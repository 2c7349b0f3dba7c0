"""Taking a catalogue over: all or nothing, by codes, saying only what changed."""

import pytest
from catalog_builders import a_catalogue, a_product

from catalog.application.importing import Imported, OfferRow, import_catalogue
from catalog.domain.errors import OfferTaken, UnknownCode, ValidityError
from catalog.storage.unit_of_work import Transactions
from chassis.database import Database
from chassis.testing.events import published
from contracts.audit import OperatorActed
from contracts.catalog import OfferPublished


def offers_said(database: Database) -> list[OfferPublished]:
    with database.transaction() as session:
        return [event for event in published(session) if isinstance(event, OfferPublished)]


def do_import(transaction: Transactions, *products) -> Imported:
    with transaction() as uow:
        return import_catalogue(a_catalogue(*products), uow)


@pytest.mark.rule("CAT-01")
def test_each_validity_of_a_new_product_is_said_as_an_offer(transaction: Transactions, database: Database) -> None:
    imported = do_import(transaction)
    assert (imported.created, imported.changed, imported.unchanged, list(imported.product_ids)) == (1, 0, 0, ["P1"])
    assert [(offer.validity_days, offer.version, offer.brand_name) for offer in offers_said(database)] == [
        (30, 1, "스타벅스"),
        (60, 1, "스타벅스"),
    ]


def test_the_same_again_changes_nothing_and_says_nothing(transaction: Transactions, database: Database) -> None:
    do_import(transaction)
    said = len(offers_said(database))
    again = do_import(transaction)
    assert (again.created, again.changed, again.unchanged) == (0, 0, 1)
    assert len(offers_said(database)) == said


@pytest.mark.rule("CAT-06")
def test_a_changed_price_is_said_with_a_higher_version(transaction: Transactions, database: Database) -> None:
    do_import(transaction)
    cheaper = a_product(offers=[OfferRow(30, 4_000, "giftishow", "P1-30")])
    assert do_import(transaction, cheaper).changed == 1
    latest = offers_said(database)[-1]
    assert (latest.validity_days, latest.version, latest.prices[-1].sale_price_krw) == (30, 2, 4_000)


def test_a_changed_name_is_said_for_every_offer_of_the_product(transaction: Transactions, database: Database) -> None:
    do_import(transaction)
    do_import(transaction, a_product(name="아메리카노 Tall"))
    assert {(offer.product_name, offer.version) for offer in offers_said(database)[2:]} == {("아메리카노 Tall", 2)}


@pytest.mark.parametrize(
    ("product", "refusal"),
    [
        (a_product("P2", brand_code="NOBODY"), UnknownCode),
        (a_product("P2", offers=[OfferRow(45, 1_000, "giftishow", "P2-45")]), ValidityError),
        (a_product("P2", offers=[OfferRow(30, 1_000, "giftishow", "P1-30")]), OfferTaken),
    ],
)
def test_one_bad_product_leaves_everything_as_it_was(
    transaction: Transactions, database: Database, product, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        do_import(transaction, a_product("P1"), product)
    assert offers_said(database) == []


@pytest.mark.rule("IDN-24")
def test_an_import_is_said_for_the_audit_log(transaction: Transactions, database: Database) -> None:
    do_import(transaction)
    with database.transaction() as session:
        acts = [event for event in published(session) if isinstance(event, OperatorActed)]
    assert [(act.action, act.after) for act in acts] == [("catalogue.imported", {"created": 1, "changed": 0})]
