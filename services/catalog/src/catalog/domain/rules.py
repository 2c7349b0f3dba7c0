"""The numbers that the catalogue's rules are judged by; the settings fill them in, each with its rule's id."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CatalogRules:
    """Bounds of carts and quotes, and what counts as popular."""

    cart_lines_max: int
    quote_valid_days: int
    quote_recipients_max: int
    popular_days: int
    popular_products_max: int
