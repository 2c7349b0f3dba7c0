"""Reading popular products: all tabs in three statements, whatever their number."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.application.views import PopularTab, ProductView
from catalog.domain.popularity import PRODUCTS_A_TAB, first_day_that_counts
from catalog.storage.popularity import PostgresPopularity
from catalog.storage.tables import issue_tallies, products
from catalog.storage.views import CatalogueViews


class PopularViews:
    """What is chosen most at a moment (CAT-03)."""

    def __init__(self, session: Session, at: datetime) -> None:
        self._session = session
        self._at = at

    def popular_tabs(self) -> Sequence[PopularTab]:
        """The tab of all products, then those that operators chose."""
        tabs = PostgresPopularity(self._session).tabs()
        lately = (
            select(
                issue_tallies.c.product_id,
                func.sum(issue_tallies.c.coupons).label("coupons"),
                func.max(issue_tallies.c.last_issued_at).label("last_issued_at"),
            )
            .where(issue_tallies.c.issued_on >= first_day_that_counts(self._at))
            .group_by(issue_tallies.c.product_id)
            .subquery()
        )
        order = (lately.c.coupons.desc(), lately.c.last_issued_at.desc(), lately.c.product_id)
        ranked = (
            select(
                products.c.id,
                products.c.category_id,
                func.row_number().over(order_by=order).label("of_all"),
                func.row_number().over(order_by=order, partition_by=products.c.category_id).label("of_category"),
            )
            .join(lately, lately.c.product_id == products.c.id)
            .where(products.c.discontinued.is_(False))
            .subquery()
        )
        is_shown = (ranked.c.of_all <= PRODUCTS_A_TAB) | (
            (ranked.c.of_category <= PRODUCTS_A_TAB) & ranked.c.category_id.in_([tab.id for tab in tabs])
        )
        rows = self._session.execute(select(ranked).where(is_shown).order_by(ranked.c.of_all)).all()
        view_of = {
            view.product_id: view
            for view in CatalogueViews(self._session, self._at).products_of_ids([row.id for row in rows])
        }

        def items(category_id: UUID | None) -> list[ProductView]:
            chosen = [row for row in rows if category_id in (None, row.category_id)]
            return [view_of[row.id] for row in chosen[:PRODUCTS_A_TAB]]

        every = PopularTab(None, items(None))
        return [every, *(PopularTab(tab, items(tab.id)) for tab in tabs)]
