"""What the catalogue refuses."""

from uuid import UUID


class CatalogError(Exception):
    """Any refusal of the catalogue."""


class ValidityError(CatalogError):
    """A validity period that is not offered."""

    def __init__(self, validity_days: int) -> None:
        super().__init__(f"no offer is valid for {validity_days} days")
        self.validity_days = validity_days


class PriceError(CatalogError):
    """A price that is not a positive sum of whole won."""

    def __init__(self, price_krw: int) -> None:
        super().__init__(f"{price_krw} KRW is no price")
        self.price_krw = price_krw


class ProductNotFound(CatalogError):
    """No product has this id."""

    def __init__(self, product_id: UUID) -> None:
        super().__init__(f"no product {product_id}")
        self.product_id = product_id


class OfferNotFound(CatalogError):
    """No offer has this id."""

    def __init__(self, offer_id: UUID) -> None:
        super().__init__(f"no offer {offer_id}")
        self.offer_id = offer_id


class UnknownCode(CatalogError):
    """A product names a brand or category that does not exist."""

    def __init__(self, kind: str, code: str) -> None:
        super().__init__(f"no {kind} {code}")
        self.kind = kind
        self.unknown = code


class OfferTaken(CatalogError):
    """The goods code of a supplier is offered already by another product or validity."""

    def __init__(self, supplier: str, supplier_goods_code: str) -> None:
        super().__init__(f"{supplier} {supplier_goods_code} is offered already")
        self.supplier = supplier
        self.supplier_goods_code = supplier_goods_code


class ProductDiscontinued(CatalogError):
    """The product is off sale and cannot be put in a cart."""

    def __init__(self, product_id: UUID, product_name: str) -> None:
        super().__init__(f"{product_id} is discontinued")
        self.product_id = product_id
        self.product_name = product_name


class ValidityNotSold(CatalogError):
    """The product is not sold with this validity."""

    def __init__(self, validity_days: int, offered_days: tuple[int, ...]) -> None:
        super().__init__(f"not sold for {validity_days} days")
        self.validity_days = validity_days
        self.offered_days = offered_days
        self.offered = ", ".join(map(str, offered_days))


class CartFull(CatalogError):
    """More products than a cart holds."""

    def __init__(self, lines: int, lines_max: int) -> None:
        super().__init__(f"{lines} lines")
        self.lines = lines
        self.lines_max = lines_max


class CartLineNotFound(CatalogError):
    """The member's cart has no such line."""

    def __init__(self, line_id: UUID) -> None:
        super().__init__(f"no cart line {line_id}")
        self.line_id = line_id


class TooManyTabs(CatalogError):
    """More tabs of popular products than are shown."""

    def __init__(self, tabs: int, tabs_max: int) -> None:
        super().__init__(f"{tabs} tabs")
        self.tabs = tabs
        self.tabs_max = tabs_max


class QuoteIncomplete(CatalogError):
    """A quote of no product, or of too many."""

    def __init__(self, products: int, products_max: int) -> None:
        super().__init__(f"{products} products")
        self.products = products
        self.products_max = products_max


class QuoteRecipientsCount(CatalogError):
    """A quote for nobody, or for more recipients than an order has."""

    def __init__(self, recipients: int, recipients_max: int) -> None:
        super().__init__(f"{recipients} recipients")
        self.recipients = recipients
        self.recipients_max = recipients_max


class QuoteNotFound(CatalogError):
    """The member issued no quote of this id."""

    def __init__(self, quote_id: UUID) -> None:
        super().__init__(f"no quote {quote_id}")
        self.quote_id = quote_id


class CompanyNotKnownYet(CatalogError):
    """Identity's word about the company has not come yet."""

    def __init__(self, company_id: UUID) -> None:
        super().__init__(f"company {company_id} is not known yet")
        self.company_id = company_id


class ProductCodeTaken(CatalogError):
    """Another product has this code."""

    def __init__(self, code: str) -> None:
        super().__init__(f"{code} is taken")
        self.taken = code


class ValidityOfferedAlready(CatalogError):
    """The product has an offer of this validity."""

    def __init__(self, validity_days: int) -> None:
        super().__init__(f"{validity_days} days are offered already")
        self.validity_days = validity_days


class SheetCellError(CatalogError):
    """A cell of a product sheet cannot be what its column asks for."""

    def __init__(self, column: str) -> None:
        super().__init__(column)
        self.column = column


class SheetUnreadable(CatalogError):
    """The file is no workbook of products, or is too large."""

    def __init__(self, rows_max: int) -> None:
        super().__init__("unreadable")
        self.rows_max = rows_max


class PictureUnreadable(CatalogError):
    """The file is no picture that can be shown, or has too many pixels."""


class BannerLinkError(CatalogError):
    """A banner leads to https addresses and to pages of ours only."""

    def __init__(self, link: str) -> None:
        super().__init__("no link of a banner")
        self.link = link


class BannerNotFound(CatalogError):
    """No banner has this id."""

    def __init__(self, banner_id: UUID) -> None:
        super().__init__(f"no banner {banner_id}")
        self.banner_id = banner_id


class BannersDiffer(CatalogError):
    """An order of banners that does not name each of them once."""


class TooManyBanners(CatalogError):
    """More banners than are kept."""

    def __init__(self, banners_max: int) -> None:
        super().__init__(f"more than {banners_max} banners")
        self.banners_max = banners_max
