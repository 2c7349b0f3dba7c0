"""Reading popular products: all tabs in three statements, whatever their number."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalog.application.views import PopularTab, ProductView
from catalog.domain.popularity import first_day_that_counts
from catalog.domain.rules import CatalogRules
from catalog.storage.popularity import PostgresPopularity
from catalog.storage.tables import issue_tallies, products
from catalog.storage.views import CatalogueViews


class PopularViews:
    """What is chosen most at a moment (CAT-03)."""

    def __init__(self, session: Session, at: datetime, rules: CatalogRules) -> None:
        self._session = session
        self._at = at
        self._rules = rules

    def popular_tabs(self) -> Sequence[PopularTab]:
        """The tab of all products, then those that operators chose."""
        tabs = PostgresPopularity(self._session).tabs()
        lately = (
            select(
                issue_tallies.c.product_id,
                func.sum(issue_tallies.c.coupons).label("coupons"),
                func.max(issue_tallies.c.last_issued_at).label("last_issued_at"),
            )
            .where(issue_tallies.c.issued_on >= first_day_that_counts(self._at, self._rules.popular_days))
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
        shown_max = self._rules.popular_products_max
        is_shown = (ranked.c.of_all <= shown_max) | (
            (ranked.c.of_category <= shown_max) & ranked.c.category_id.in_([tab.id for tab in tabs])
        )
        rows = self._session.execute(select(ranked).where(is_shown).order_by(ranked.c.of_all)).all()
        view_of = {
            view.product_id: view
            for view in CatalogueViews(self._session, self._at).products_of_ids([row.id for row in rows])
        }

        def items(category_id: UUID | None) -> list[ProductView]:
            chosen = [row for row in rows if category_id in (None, row.category_id)]
            return [view_of[row.id] for row in chosen[:shown_max]]

        every = PopularTab(None, items(None))
        return [every, *(PopularTab(tab, items(tab.id)) for tab in tabs)]
