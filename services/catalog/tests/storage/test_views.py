"""Browsing: what a Korean user types finds what they mean, a page at a time, in a bounded number of statements."""

import pytest
from catalog_builders import a_catalogue, a_product
from sqlalchemy import event

from catalog.application.importing import import_catalogue
from catalog.application.views import ProductQuery
from catalog.storage.unit_of_work import Transactions
from catalog.storage.views import offers_to_republish
from chassis.database import Database
from chassis.testing.events import published
from contracts.catalog import OfferPublished


@pytest.fixture
def stocked(transaction: Transactions) -> Transactions:
    chicken = {"brand_code": "BHC", "category_code": "CHICKEN"}
    with transaction() as uow:
        import_catalogue(
            a_catalogue(
                a_product("P1", "아메리카노 T"),
                a_product("P2", "카페라떼 T"),
                a_product("P3", "뿌링클 콤보", **chicken),
                a_product("P4", "100% 오렌지_주스"),
            ),
            uow,
        )
    return transaction


@pytest.mark.rule("CAT-02")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("아메리카노", ["아메리카노 T"]),
        ("메리카", ["아메리카노 T"]),
        ("아메 리카노", ["아메리카노 T"]),
        ("ㅇㅁㄹㅋㄴ", ["아메리카노 T"]),
        ("ㅅㅌㅂㅅ", ["100% 오렌지_주스", "아메리카노 T", "카페라떼 T"]),
        ("bhc", ["뿌링클 콤보"]),
        ("BHC 뿌링", ["뿌링클 콤보"]),
        ("없는 상품", []),
        ("%", ["100% 오렌지_주스", "뿌링클 콤보", "아메리카노 T", "카페라떼 T"]),
        ("100%", ["100% 오렌지_주스"]),
    ],
)
def test_a_query_finds_what_a_person_expects(stocked: Transactions, query: str, found: list[str]) -> None:
    with stocked() as uow:
        rows = uow.views.products(ProductQuery(text=query), after=None, limit=10)
    assert [row.name for row in rows] == found


@pytest.mark.rule("CAT-02")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("아메리가노", ["아메리카노 T"]),
        ("까페라떼", ["카페라떼 T"]),
        ("뿌링글", ["뿌링클 콤보"]),
        ("스타박스 카페라떼", ["카페라떼 T"]),
        ("ㅂㅂㅂ", []),
        ("맥도날드", []),
        ("%", []),
    ],
)
def test_a_slip_of_spelling_finds_what_was_meant(stocked: Transactions, query: str, found: list[str]) -> None:
    with stocked() as uow:
        assert uow.views.products(ProductQuery(text=query), after=None, limit=10) == [] or query == "%"
        rows = uow.views.similar(ProductQuery(text=query), limit=10)
    assert [row.name for row in rows][: len(found)] == found
    assert bool(rows) == bool(found)


@pytest.mark.rule("CAT-02")
def test_whole_names_come_before_names_that_contain_them(transaction: Transactions) -> None:
    names = ("돌체라떼 T", "라떼", "가을 라떼", "라떼 세트")
    with transaction() as uow:
        import_catalogue(a_catalogue(*(a_product(f"P{place}", name) for place, name in enumerate(names))), uow)
    found = []
    after = None
    with transaction() as uow:
        while rows := uow.views.products(ProductQuery(text="라떼"), after=after, limit=1):
            found += [row.name for row in rows]
            after = rows[-1].sort_key
        by_brand = uow.views.products(ProductQuery(text="스타벅스라떼"), after=None, limit=1)
    assert found == ["라떼", "가을 라떼", "돌체라떼 T", "라떼 세트"]
    assert [row.name for row in by_brand] == ["라떼"]


@pytest.mark.rule("CAT-02")
def test_categories_and_brands_narrow_the_list(stocked: Transactions) -> None:
    with stocked() as uow:
        by_brand = uow.views.products(ProductQuery(brand_code="BHC"), after=None, limit=10)
        by_category = uow.views.products(ProductQuery(category_code="CAFE"), after=None, limit=10)
        assert [row.name for row in by_brand] == ["뿌링클 콤보"]
        assert len(by_category) == 3
        assert [(row.code, row.products) for row in uow.views.categories()] == [("CHICKEN", 1), ("CAFE", 3)]
        assert [(row.code, row.products) for row in uow.views.brands()] == [("BHC", 1), ("STAR", 3)]


def test_pages_go_on_where_the_last_ended(stocked: Transactions) -> None:
    names: list[str] = []
    after = None
    with stocked() as uow:
        while rows := uow.views.products(ProductQuery(), after=after, limit=3):
            names += [row.name for row in rows]
            after = rows[-1].sort_key
    assert len(names) == len(set(names)) == 4


@pytest.mark.rule("CAT-05")
def test_the_shortest_validity_comes_first(stocked: Transactions) -> None:
    with stocked() as uow:
        (row,) = uow.views.products(ProductQuery(text="아메리카노"), after=None, limit=1)
    assert [offer.validity_days for offer in row.offers] == [30, 60]
    assert row.offers[0].discount_percent == 2


def test_a_page_takes_two_statements_whatever_its_size(stocked: Transactions, database: Database) -> None:
    statements: list[str] = []
    with stocked() as uow:
        event.listen(uow.views._session.bind, "before_cursor_execute", lambda *args: statements.append(args[2]))
        uow.views.products(ProductQuery(), after=None, limit=100)
    assert len(statements) == 2


def test_republishing_says_every_offer_as_it_stands(stocked: Transactions, database: Database) -> None:
    with database.transaction() as session:
        said = [event for event in published(session) if isinstance(event, OfferPublished)]
        again = [offer for batch in offers_to_republish(session, batch_rows=3) for offer in batch]
    assert sorted(again, key=lambda offer: offer.offer_id) == sorted(said, key=lambda offer: offer.offer_id)
