"""Carts in PostgreSQL."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from catalog.domain.cart import Cart, CartLine, Choice
from catalog.storage.tables import cart_lines, carts


class PostgresCarts:
    """`Carts` in the transaction of a session."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, member_id: UUID) -> Cart:
        """The member's cart, not locked."""
        found = select(cart_lines).where(cart_lines.c.member_id == member_id).order_by(cart_lines.c.place)
        return Cart(
            member_id,
            tuple(
                CartLine(row.id, Choice(row.product_id, row.offer_id, row.sale_price_krw), row.added_at)
                for row in self._session.execute(found)
            ),
        )

    def get_for_update(self, member_id: UUID) -> Cart:
        """The member's cart, locked until the transaction ends."""
        mine = insert(carts).values(member_id=member_id)
        # Unlike DO NOTHING, an update that changes nothing locks the row that is there.
        changed = mine.on_conflict_do_update(
            index_elements=[carts.c.member_id], set_={"member_id": mine.excluded.member_id}
        )
        self._session.execute(changed)
        return self.get(member_id)

    def save(self, cart: Cart) -> None:
        """Store the lines of a locked cart as they are."""
        self._session.execute(delete(cart_lines).where(cart_lines.c.member_id == cart.member_id))
        rows = [
            {
                "id": line.id,
                "member_id": cart.member_id,
                "product_id": line.choice.product_id,
                "offer_id": line.choice.offer_id,
                "place": place,
                "sale_price_krw": line.choice.sale_price_krw,
                "added_at": line.added_at,
            }
            for place, line in enumerate(cart.lines, start=1)
        ]
        if rows:
            self._session.execute(insert(cart_lines), rows)
