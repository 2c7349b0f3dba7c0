"""Banners in PostgreSQL."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from catalog.domain.banner import Banner
from catalog.storage.tables import banners


class PostgresBanners:
    """`Banners` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def shown(self) -> Sequence[Banner]:
        """Banners that are on and have a picture, in their order."""
        return [banner for banner in self.every() if banner.is_on and banner.image_path]

    def all_for_update(self) -> Sequence[Banner]:
        """All banners in their order; no other transaction changes them until this one ends."""
        self._session.execute(text("LOCK TABLE banners IN SHARE ROW EXCLUSIVE MODE"))
        return self.every()

    def save(self, banner: Banner) -> None:
        """Insert as the last, or update in its place."""
        values = {"text": banner.text, "link": banner.link, "is_on": banner.is_on, "image_path": banner.image_path}
        last = select(func.coalesce(func.max(banners.c.place), 0) + 1).scalar_subquery()
        added = insert(banners).values(id=banner.id, place=last, **values)
        self._session.execute(added.on_conflict_do_update(index_elements=[banners.c.id], set_=values))

    def remove(self, banner_id: UUID) -> None:
        """Forget a banner."""
        self._session.execute(delete(banners).where(banners.c.id == banner_id))

    def set_order(self, banner_ids: Sequence[UUID]) -> None:
        """Put the banners in this order."""
        for place, banner_id in enumerate(banner_ids, start=1):
            self._session.execute(update(banners).where(banners.c.id == banner_id).values(place=place))

    def every(self) -> Sequence[Banner]:
        """All banners in their order."""
        rows = self._session.execute(select(banners).order_by(banners.c.place, banners.c.id))
        return [Banner(row.id, row.text, row.link, row.is_on, row.image_path) for row in rows]
