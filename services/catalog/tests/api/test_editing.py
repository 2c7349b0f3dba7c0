"""Operators create and edit single brands, products and offers; every change reaches the copies of others."""

from datetime import timedelta
from uuid import uuid4

import pytest
from catalog_builders import a_catalogue

from catalog.application.importing import import_catalogue
from catalog.application.views import ProductQuery
from catalog.storage.unit_of_work import Transactions
from chassis.clock import FixedClock, SystemClock
from chassis.database import Database
from chassis.testing.callers import Callers
from chassis.testing.events import published
from chassis.web import WsgiApp
from contracts.audit import OperatorActed
from contracts.catalog import OfferPublished

OFFER = {"validity_days": 90, "sale_price_krw": 4_480, "supplier": "giftishow", "supplier_goods_code": "G90"}
PRODUCT = {
    "code": "NEW",
    "brand_code": "STAR",
    "category_code": "CAFE",
    "name": "콜드브루",
    "face_price_krw": 5_000,
    "offers": [OFFER],
}
EDITED = {
    "brand_code": "BHC",
    "category_code": "CHICKEN",
    "name": "뿌링클",
    "face_price_krw": 20_000,
    "cash_like": True,
}


@pytest.fixture
def product_id(transaction: Transactions) -> str:
    """The id of the only product: 30 and 60 days."""
    with transaction() as uow:
        return str(import_catalogue(a_catalogue(), uow).product_ids["P1"])


@pytest.fixture
def admin(app: WsgiApp, callers: Callers):
    """Calls addresses as an operator."""

    def call(method: str, path: str, *, key: str | None = None, **body: object):
        headers = callers.operator("catalog", subject_id=OPERATOR_ID) | {"Idempotency-Key": key or uuid4().hex}
        json = None if method == "GET" else body
        return app.admin.test_client().open(f"/admin{path}", method=method, json=json, headers=headers)

    return call


OPERATOR_ID = uuid4()


def said(database: Database, kind: type) -> list:
    with database.transaction() as session:
        return [event for event in published(session) if isinstance(event, kind)]


@pytest.mark.rule("CAT-06")
def test_a_product_is_created_once_under_its_key_and_its_code(admin, database: Database, product_id: str) -> None:
    created = admin("POST", "/products", key="k", **PRODUCT)
    assert (created.status_code, created.json["name"]) == (201, "콜드브루")
    assert admin("POST", "/products", key="k", **PRODUCT).json == created.json
    refused = admin("POST", "/products", **PRODUCT)
    assert (refused.status_code, refused.json["code"]) == (409, "product_code_taken")
    assert said(database, OfferPublished)[-1].product_name == "콜드브루"
    assert said(database, OperatorActed)[-1].action == "product.created"


@pytest.mark.rule("CAT-06")
def test_an_edited_product_is_said_whole_with_old_and_new_values_for_the_audit(
    admin, database: Database, product_id: str
) -> None:
    edited = admin("PUT", f"/products/{product_id}", **EDITED)
    assert (edited.status_code, edited.json["brand_name"]) == (200, "BHC 치킨")
    latest = said(database, OfferPublished)[-2:]
    assert {(offer.product_name, offer.version, offer.cash_like, offer.night_restricted) for offer in latest} == {
        ("뿌링클", 2, True, True)
    }
    act = said(database, OperatorActed)[-1]
    assert (act.action, act.before["face_price_krw"], act.after["face_price_krw"]) == ("product.edited", 4_500, 20_000)
    before = len(said(database, OfferPublished))
    admin("PUT", f"/products/{product_id}", **EDITED)
    assert len(said(database, OfferPublished)) == before


@pytest.mark.rule("CAT-06")
def test_a_renamed_brand_is_said_for_every_offer_and_found_by_its_new_name(
    admin, database: Database, transaction: Transactions, product_id: str
) -> None:
    assert admin("PUT", "/brands/STAR", name="별다방").json == {"code": "STAR", "name": "별다방"}
    assert {(offer.brand_name, offer.version) for offer in said(database, OfferPublished)[-2:]} == {("별다방", 2)}
    with transaction() as uow:
        assert len(uow.views.products(ProductQuery(text="ㅂㄷㅂ"), after=None, limit=10)) == 1
        assert uow.views.products(ProductQuery(text="스타벅스"), after=None, limit=10) == []
    with transaction() as uow:
        assert import_catalogue(a_catalogue(), uow).unchanged == 1
    assert said(database, OfferPublished)[-1].brand_name == "스타벅스"


def test_brands_and_categories_are_created_by_their_codes(admin, product_id: str) -> None:
    assert admin("PUT", "/brands/NEW", name="새 브랜드").status_code == 200
    assert admin("PUT", "/categories/NEWCAT", name="새 분류").status_code == 200
    moved = admin("PUT", f"/products/{product_id}", **{**EDITED, "brand_code": "NEW", "category_code": "NEWCAT"})
    assert (moved.json["brand_name"], moved.json["category_name"]) == ("새 브랜드", "새 분류")


@pytest.mark.rule("CAT-01")
def test_a_validity_is_added_once(admin, database: Database, product_id: str) -> None:
    added = admin("POST", f"/products/{product_id}/offers", **OFFER)
    assert (added.status_code, added.json["validity_days"]) == (201, 90)
    again = admin("POST", f"/products/{product_id}/offers", **OFFER)
    assert (again.status_code, again.json["code"]) == (409, "validity_offered_already")
    assert said(database, OfferPublished)[-1].validity_days == 90


@pytest.mark.rule("CAT-06")
def test_an_offer_lists_its_prices_and_those_to_come(
    admin, app: WsgiApp, callers: Callers, product_id: str, fixed_clock: FixedClock
) -> None:
    products = admin("GET", "/products").json["items"]
    offer_id = products[0]["offers"][0]["offer_id"]
    begins = SystemClock().now() + timedelta(days=7)
    admin("PUT", f"/offers/{offer_id}/price", sale_price_krw=4_000, effective_at=begins.isoformat())
    prices = admin("GET", f"/offers/{offer_id}").json["prices"]
    assert [(price["sale_price_krw"], price["in_force"]) for price in prices] == [(4_410, True), (4_000, False)]


@pytest.mark.rule("CAT-06")
def test_an_offer_is_bought_elsewhere(admin, database: Database, product_id: str) -> None:
    offers = admin("GET", "/products").json["items"][0]["offers"]
    goods = {"supplier": "giftishow", "supplier_goods_code": "OTHER"}
    assert admin("PUT", f"/offers/{offers[0]['offer_id']}/goods", **goods).json["supplier_goods_code"] == "OTHER"
    latest = said(database, OfferPublished)[-1]
    assert (latest.supplier_goods_code, latest.version) == ("OTHER", 2)
    taken = admin("PUT", f"/offers/{offers[1]['offer_id']}/goods", **goods)
    assert (taken.status_code, taken.json["code"]) == (409, "offer_taken")


def test_operators_find_discontinued_products_too(admin, product_id: str) -> None:
    admin("POST", f"/products/{product_id}/discontinue")
    assert [product["discontinued"] for product in admin("GET", "/products?query=ㅇㅁㄹ").json["items"]] == [True]


def test_what_is_not_there_is_not_found(admin) -> None:
    nowhere = uuid4()
    assert admin("PUT", f"/products/{nowhere}", **EDITED).json["code"] == "product_not_found"
    assert admin("GET", f"/offers/{nowhere}").json["code"] == "offer_not_found"
    assert admin("POST", f"/products/{nowhere}/offers", **OFFER).json["code"] == "product_not_found"
