"""Brands and categories in PostgreSQL."""

from collections.abc import Callable
from typing import Generic, TypeVar
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from catalog.domain.errors import UnknownCode
from catalog.domain.product import Brand, Category
from catalog.storage.tables import brands, categories

NamedT = TypeVar("NamedT", Brand, Category)


class _Named(Generic[NamedT]):
    """Rows of code and name."""

    def __init__(self, session: Session, table: Table, make: Callable[[UUID, str, str], NamedT], kind: str) -> None:
        self._session = session
        self._table = table
        self._make: Callable[[UUID, str, str], NamedT] = make
        self._kind = kind
        self._known: dict[str, NamedT] = {}

    def put(self, code: str, name: str, new_id: UUID) -> NamedT:
        """Create the row of this code, or rename it."""
        statement = insert(self._table).values(id=new_id, code=code, name=name)
        statement = statement.on_conflict_do_update(index_elements=["code"], set_={"name": statement.excluded.name})
        row_id = self._session.execute(statement.returning(self._table.c.id)).scalar_one()
        self._known[code] = self._make(row_id, code, name)
        return self._known[code]

    def find(self, code: str) -> NamedT | None:
        """The row of this code."""
        if code not in self._known:
            row = self._session.execute(select(self._table).where(self._table.c.code == code)).one_or_none()
            if row is None:
                return None
            self._known[code] = self._make(row.id, row.code, row.name)
        return self._known[code]

    def get(self, code: str) -> NamedT:
        """The row of this code. Raises `UnknownCode`."""
        found = self.find(code)
        if found is None:
            raise UnknownCode(self._kind, code)
        return found


class PostgresBrands:
    """`Brands` in the transaction of a session."""

    def __init__(self, session: Session, new_id: Callable[[], UUID]) -> None:
        self._rows = _Named(session, brands, Brand, "brand")
        self._new_id = new_id

    def put(self, code: str, name: str) -> Brand:
        """Create the brand of this code, or rename it."""
        return self._rows.put(code, name, self._new_id())

    def find(self, code: str) -> Brand | None:
        """The brand of this code."""
        return self._rows.find(code)

    def get(self, code: str) -> Brand:
        """The brand. Raises `UnknownCode`."""
        return self._rows.get(code)


class PostgresCategories:
    """`Categories` in the transaction of a session."""

    def __init__(self, session: Session, new_id: Callable[[], UUID]) -> None:
        self._rows = _Named(session, categories, Category, "category")
        self._new_id = new_id

    def put(self, code: str, name: str) -> Category:
        """Create the category of this code, or rename it."""
        return self._rows.put(code, name, self._new_id())

    def find(self, code: str) -> Category | None:
        """The category of this code."""
        return self._rows.find(code)

    def get(self, code: str) -> Category:
        """The category. Raises `UnknownCode`."""
        return self._rows.get(code)
