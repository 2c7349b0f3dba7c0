"""Operators name brands and categories; a brand's new name reaches every offer that carries it (CAT-06)."""

from dataclasses import dataclass
from uuid import UUID

from catalog.application.announcing import announce_product
from catalog.application.ports import UnitOfWork
from catalog.domain.product import Brand, Category
from contracts.audit import Act


@dataclass(frozen=True)
class NameBrand:
    """Create the brand of a code, or rename it."""

    operator_id: UUID
    code: str
    name: str


def name_brand(command: NameBrand, uow: UnitOfWork) -> Brand:
    """Name the brand, and say its offers anew when that changed them."""
    before = uow.brands.find(command.code)
    brand = put_brand(command.code, command.name, uow)
    if brand != before:
        said = {"name": before.name} if before else None
        act = Act("brand.named", "brand", command.code, said, {"name": brand.name})
        uow.outbox.add_act(command.operator_id, act)
    return brand


def put_brand(code: str, name: str, uow: UnitOfWork) -> Brand:
    """Create the brand, or rename it with everything that carries its name; the same name again says nothing."""
    before = uow.brands.find(code)
    if before is not None and before.name == name:
        return before
    brand = uow.brands.put(code, name)
    if before is not None:
        for product in uow.products.of_brand(brand.id):
            # Products are found by their brand's name too.
            uow.products.save(product)
            announce_product(product, uow)
    return brand


@dataclass(frozen=True)
class NameCategory:
    """Create the category of a code, or rename it."""

    operator_id: UUID
    code: str
    name: str


def name_category(command: NameCategory, uow: UnitOfWork) -> Category:
    """Name the category; no offer carries its name."""
    before = uow.categories.find(command.code)
    if before is not None and before.name == command.name:
        return before
    category = uow.categories.put(command.code, command.name)
    said = {"name": before.name} if before else None
    uow.outbox.add_act(
        command.operator_id, Act("category.named", "category", command.code, said, {"name": category.name})
    )
    return category
