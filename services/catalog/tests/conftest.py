"""What the catalogue's tests share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from catalog.application.importing import ImportCatalogue, NamedCode, OfferRow, ProductRow
from catalog.domain.product import Restrictions
from catalog.main import create_api
from catalog.settings import Settings
from catalog.storage.unit_of_work import Transactions
from chassis.clock import FixedClock
from chassis.database import Database
from chassis.testing.callers import Callers
from chassis.web import WsgiApp


@pytest.fixture
def database(service_database: Callable[[str], Database]) -> Database:
    """The catalogue's database, this test's own."""
    return service_database("catalog")


@pytest.fixture
def transaction(database: Database, fixed_clock: FixedClock) -> Transactions:
    """Opens transactions of the catalogue."""
    return Transactions(database, fixed_clock)


@pytest.fixture
def catalog_settings(database: Database, callers: Callers, tmp_path: Path) -> Settings:
    """Settings as a test gives them."""
    return Settings(
        environment="test",
        api_port=1,
        admin_port=2,
        database_url=database.engine.url.render_as_string(hide_password=False),
        migrations_database_url="postgresql://unused",
        broker_url="amqp://unused",
        token_keys_url=callers.keys_url,
        file_store_url=tmp_path.as_uri(),
    )


@pytest.fixture
def app(catalog_settings: Settings) -> WsgiApp:
    """Both applications."""
    return create_api(catalog_settings)


def a_product(code: str = "P1", name: str = "아메리카노 T", **changes: Any) -> ProductRow:
    """A product of the import, changed in these fields."""
    fields: dict[str, Any] = {
        "brand_code": "STAR",
        "category_code": "CAFE",
        "notice": "매장에서 바코드를 보여 주세요.",
        "face_price_krw": 4_500,
        "restrictions": Restrictions.of(cash_like=False),
        "offers": [OfferRow(30, 4_410, "giftishow", f"{code}-30"), OfferRow(60, 4_455, "giftishow", f"{code}-60")],
    }
    return ProductRow(code=code, name=name, **{**fields, **changes})


def a_catalogue(*products: ProductRow) -> ImportCatalogue:
    """An import of products of one brand and category."""
    return ImportCatalogue(
        operator_id=uuid4(),
        brands=[NamedCode("STAR", "스타벅스"), NamedCode("BHC", "BHC 치킨")],
        categories=[NamedCode("CAFE", "카페"), NamedCode("CHICKEN", "치킨")],
        products=products or [a_product()],
    )
