"""Counts of issued coupons by product and day, and the tabs of popular products, in PostgreSQL."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from catalog.domain.popularity import SEOUL, IssueFact, Tally
from catalog.domain.product import Category
from catalog.storage.tables import categories, counted_issues, issue_tallies, offers


class PostgresPopularity:
    """`Popularity` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def is_news(self, fact: IssueFact, issued_at: datetime) -> bool:
        """Note the fact; whether it was not noted before."""
        noted = insert(counted_issues).values(
            order_id=fact.order_id, chunk_no=fact.chunk_no, wave=fact.wave, issued_at=issued_at
        )
        return bool(self._session.scalar(noted.on_conflict_do_nothing().returning(counted_issues.c.wave)))

    def products_of(self, offer_ids: Sequence[UUID]) -> Mapping[UUID, UUID]:
        """The products of offers by the offers' ids."""
        found = select(offers.c.id, offers.c.product_id).where(offers.c.id.in_(offer_ids))
        return {row.id: row.product_id for row in self._session.execute(found)}

    def add(self, tallies: Sequence[Tally]) -> None:
        """Count the coupons of each product on its day."""
        if not tallies:
            return
        counted = insert(issue_tallies)
        counted = counted.on_conflict_do_update(
            index_elements=[issue_tallies.c.issued_on, issue_tallies.c.product_id],
            set_={
                "coupons": issue_tallies.c.coupons + counted.excluded.coupons,
                "last_issued_at": func.greatest(issue_tallies.c.last_issued_at, counted.excluded.last_issued_at),
            },
        )
        # Always in the same order: two workers that count the same products never wait for each other in a ring.
        rows = [
            {
                "product_id": tally.product_id,
                "issued_on": tally.issued_on,
                "coupons": tally.coupons,
                "last_issued_at": tally.issued_at,
            }
            for tally in sorted(tallies, key=lambda tally: tally.product_id)
        ]
        self._session.execute(counted, rows)

    def forget_before(self, day: date) -> bool:
        """Forget counts and facts of earlier days; whether there were any."""
        begins = datetime.combine(day, time.min, tzinfo=SEOUL)
        tallies = delete(issue_tallies).where(issue_tallies.c.issued_on < day).returning(issue_tallies.c.coupons)
        facts = delete(counted_issues).where(counted_issues.c.issued_at < begins).returning(counted_issues.c.wave)
        forgotten = [self._session.scalars(statement).all() for statement in (tallies, facts)]
        return any(forgotten)

    def tabs(self) -> Sequence[Category]:
        """The categories that are tabs, in their order."""
        found = select(categories).where(categories.c.popular_place.is_not(None)).order_by(categories.c.popular_place)
        return [Category(row.id, row.code, row.name) for row in self._session.execute(found)]

    def set_tabs(self, tabs: Sequence[Category]) -> None:
        """Make these categories the tabs, in this order."""
        taken = update(categories).where(categories.c.popular_place.is_not(None))
        self._session.execute(taken.values(popular_place=None))
        for place, category in enumerate(tabs, start=1):
            self._session.execute(update(categories).where(categories.c.id == category.id).values(popular_place=place))
