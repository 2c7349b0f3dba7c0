"""How fast members search: each query beside the bare index query for the same rows, over N products.

    ./coupbiz bench search [N] [ROUNDS]

The server is that of tests; the database is made for the measurement and dropped. A query is what a member's request
runs: matching, ranking, and the offers with the prices in force. Beside it, in turn, stands the least that PostgreSQL
can do for it: ids by the trigram index, no order and no offers. The ratio of the two medians is the figure; a query
that does not find the product it is for prints none. The last line is one JSON object.
"""

import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import text

from catalog.application.importing import ImportCatalogue, NamedCode, OfferRow, ProductRow, import_catalogue
from catalog.application.ports import UnitOfWork
from catalog.application.views import ProductQuery, ProductView
from catalog.domain.product import Restrictions
from catalog.domain.search import SIMILARITY_MIN, spelled
from catalog.main import migrations
from catalog.storage.unit_of_work import Transactions
from chassis.clock import SystemClock
from chassis.database import Database
from chassis.testing.postgres import TestDatabases, runtime_database
from launcher.servers import ladder

PAGE_ROWS = 51
BATCH_PRODUCTS = 500
BRANDS = (
    "달빛커피",
    "초록잎차",
    "황금닭",
    "바삭공방",
    "하늘피자",
    "구름베이커리",
    "바다편의점",
    "햇살영화관",
    "별마트",
    "솔상품권",
)
KINDS = (
    "아메리카노",
    "카페라떼",
    "후라이드",
    "양념치킨",
    "콤비네이션",
    "단팥빵",
    "교환권",
    "관람권",
    "금액권",
    "케이크",
)
SIZES = ("레귤러", "라지", "세트", "콤보", "두 잔", "패밀리", "미니", "하프", "더블", "기프트")
BARE = "SELECT id FROM products WHERE NOT discontinued AND {column} LIKE :pattern LIMIT :rows"
BARE_SIMILAR = "SELECT id FROM products WHERE NOT discontinued AND :asked <% search_spelling LIMIT :rows"


@dataclass(frozen=True)
class Search:
    """A query as a member types it, the word that every answer contains, and the bare statement beside it."""

    name: str
    query: str
    finds: str
    column: str
    is_similar: bool = False


SEARCHES = (
    Search("part of a name", "메리카", "아메리카노", "search_text"),
    Search("brand and name", "달빛커피아메", "아메리카노", "search_text"),
    Search("initial consonants", "ㅇㅁㄹㅋㄴ", "아메리카노", "search_initials"),
    Search("one product", "77호", "77호", "search_text"),
    Search("slip of spelling", "아메리가노", "아메리카노", "search_spelling", is_similar=True),
)


def main(arguments: Sequence[str]) -> int:
    """Fill a database, search, and print the figures."""
    products = int(arguments[0]) if arguments else 10_000
    rounds = int(arguments[1]) if len(arguments) > 1 else 30
    ladder.begin_run()
    databases = TestDatabases(ladder.server_for_tests("postgres"), "bench")
    try:
        with databases.clone(migrations()) as name:
            database = runtime_database(databases, name, "catalog")
            try:
                _fill(database, products)
                figures = {search.name: _measure(database, search, rounds) for search in SEARCHES}
            finally:
                database.dispose()
    finally:
        databases.drop_templates()
        ladder.end_run()
    print(json.dumps({"products": products, "rounds": rounds, "searches": figures}, ensure_ascii=False))
    return 0


def _fill(database: Database, products: int) -> None:
    transaction, chance = Transactions(database, SystemClock()), random.Random(7)
    brands = [NamedCode(f"B{number}", name) for number, name in enumerate(BRANDS)]
    rows = [_product(number, chance) for number in range(products)]
    for first in range(0, products, BATCH_PRODUCTS):
        with transaction() as uow:
            batch = rows[first : first + BATCH_PRODUCTS]
            import_catalogue(ImportCatalogue(uuid4(), brands, [NamedCode("C", "모두")], batch), uow)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _product(number: int, chance: random.Random) -> ProductRow:
    return ProductRow(
        code=f"P{number}",
        brand_code=f"B{chance.randrange(len(BRANDS))}",
        category_code="C",
        name=f"{chance.choice(KINDS)} {chance.choice(SIZES)} {number}호",
        notice="",
        face_price_krw=10_000,
        restrictions=Restrictions.of(cash_like=False),
        offers=[OfferRow(days, 9_900, "bench", f"{number}-{days}") for days in (30, 60)],
    )


def _measure(database: Database, search: Search, rounds: int) -> dict[str, float]:
    transaction = Transactions(database, SystemClock())
    whole, bare = [], []
    for _ in range(rounds):
        with transaction() as uow:
            found, seconds = _timed(lambda uow=uow: _search(uow, search))
            whole.append(seconds)
        if not found or not all(search.finds in product.name for product in found):
            raise SystemExit(f"{search.name}: did not find {search.finds}")
        bare.append(_bare(database, search))
    median, floor = statistics.median(whole), statistics.median(bare)
    print(f"  {search.name}: {median * 1000:.2f} ms, bare {floor * 1000:.2f} ms, {median / floor:.1f} times")
    return {"ms": round(median * 1000, 2), "bare_ms": round(floor * 1000, 2), "to_bare": round(median / floor, 2)}


def _search(uow: UnitOfWork, search: Search) -> Sequence[ProductView]:
    query = ProductQuery(text=search.query)
    if search.is_similar:
        return uow.views.similar(query, limit=PAGE_ROWS)
    return uow.views.products(query, after=None, limit=PAGE_ROWS)


def _bare(database: Database, search: Search) -> float:
    with database.transaction() as session:
        if search.is_similar:
            session.execute(text(f"SET LOCAL pg_trgm.word_similarity_threshold = {SIMILARITY_MIN}"))
            statement, values = text(BARE_SIMILAR), {"asked": spelled(search.query)}
        else:
            statement, values = text(BARE.format(column=search.column)), {"pattern": f"%{search.query}%"}
        _, seconds = _timed(lambda: session.execute(statement, values | {"rows": PAGE_ROWS}).all())
    return seconds


def _timed(work: Callable[[], Sequence[ProductView]]) -> tuple[Sequence[ProductView], float]:
    began = time.perf_counter()
    answer = work()
    return answer, time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
