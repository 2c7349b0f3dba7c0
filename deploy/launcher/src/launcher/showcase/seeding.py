"""Filling a running suite with the demo data, through its own admin endpoints; again changes nothing."""

from collections.abc import Callable

from launcher.journey.outside import Outside
from launcher.journey.people import Operator
from launcher.showcase.catalogue import CATEGORIES, as_goods, as_import, products
from launcher.showcase.pictures import card, picture
from launcher.showcase.templates import templates


def seed(operator: Operator, outside: Outside, say: Callable[[str], None]) -> None:
    """Goods at the supplier, the catalogue with its pictures, message templates and their approval."""
    outside.stock(as_goods())
    imported = operator.import_catalogue(as_import())
    if imported["created"]:
        _put_pictures(operator, imported["product_ids"])
    for template_id, template in templates().items():
        operator.offer_template(template_id, template, card(template["theme"], template["name"]))
    operator.see_approved(templates())
    say(f"{len(list(products()))} products of the demo catalogue, {imported['created']} of them new")


def _put_pictures(operator: Operator, product_ids: dict[str, str]) -> None:
    for product in products():
        image = picture(product.brand_name, product.name, CATEGORIES[product.category_code])
        operator.rest.upload(f"/admin/catalog/products/{product_ids[product.code]}/image", "picture.png", image)
