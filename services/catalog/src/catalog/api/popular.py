"""Popular products in tabs (가장 많이 선택하는 인기상품, CAT-03)."""

from flask_openapi3 import APIBlueprint
from pydantic import BaseModel, Field

from catalog.api.products import ProductOut, product_out
from catalog.application.popularity import ChooseTabs, choose_tabs
from catalog.application.ports import Transaction
from catalog.application.views import PopularTab
from catalog.domain.popularity import TABS_MAX
from chassis.access import caller, members, operators
from chassis.bodies import RequestBody

ALL = "전체"
"""Manual 1: the first tab."""
ROLES = ("catalog", "admin")


class RankedOut(BaseModel):
    """A product with its place, from 1."""

    rank: int
    product: ProductOut


class TabOut(BaseModel):
    """A tab; the first, of all products, has no category."""

    category_code: str | None
    name: str
    items: list[RankedOut]


class TabsOut(BaseModel):
    """All tabs, the most chosen products of late in each."""

    tabs: list[TabOut]


class TabsIn(RequestBody):
    """The categories that are tabs, in their order."""

    category_codes: list[str] = Field(max_length=TABS_MAX)


def popular_blueprint(transaction: Transaction) -> APIBlueprint:
    """Popular products for members."""
    blueprint = APIBlueprint("popular", __name__)

    @blueprint.get("/v1/popular-products", responses={200: TabsOut})
    @members
    def popular() -> dict[str, object]:
        """Every tab with its products, ranked by coupons issued lately (CAT-03)."""
        return _tabs(transaction)

    return blueprint


def popular_admin_blueprint(transaction: Transaction) -> APIBlueprint:
    """Operators choose the tabs."""
    blueprint = APIBlueprint("popular_admin", __name__)

    @blueprint.put("/admin/popular-tabs", responses={200: TabsOut})
    @operators(roles=ROLES)
    def choose(body: TabsIn) -> dict[str, object]:
        """Choose the categories that are tabs, in their order; the tab of all products is always there."""
        with transaction() as uow:
            choose_tabs(ChooseTabs(caller().subject_id, tuple(body.category_codes)), uow)
        return _tabs(transaction)

    return blueprint


def _tabs(transaction: Transaction) -> dict[str, object]:
    with transaction() as uow:
        tabs = uow.popular_views.popular_tabs()
    return TabsOut(tabs=[_tab_out(tab) for tab in tabs]).model_dump(mode="json")


def _tab_out(tab: PopularTab) -> TabOut:
    return TabOut(
        category_code=tab.category.code if tab.category else None,
        name=tab.category.name if tab.category else ALL,
        items=[
            RankedOut(rank=rank, product=product_out(product)) for rank, product in enumerate(tab.products, start=1)
        ],
    )
