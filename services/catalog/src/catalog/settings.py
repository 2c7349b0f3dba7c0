"""What the catalogue is told by its environment."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from catalog.domain.quote import SupplierParty
from catalog.domain.rules import CatalogRules
from chassis.settings import (
    BrokerSettings,
    DatabaseSettings,
    FileStoreSettings,
    ServiceSettings,
    SettingsGroup,
)

PREFIX = "CATALOG_"


def _rule(default: int, rule_id: str) -> int:
    number: int = Field(default, gt=0, json_schema_extra={"rule": rule_id})
    return number


class RuleSettings(SettingsGroup):
    """The numbers of rules.md that carts, quotes and popular products are judged by."""

    model_config = SettingsConfigDict(env_prefix=PREFIX)

    cart_lines_max: int = _rule(100, "CAT-07")
    quote_valid_days: int = _rule(14, "CAT-08")
    quote_recipients_max: int = _rule(10_000, "ORD-09")
    popular_days: int = _rule(30, "CAT-03")
    popular_products_max: int = _rule(10, "CAT-03")

    def rules(self) -> CatalogRules:
        """All of them together."""
        return CatalogRules(
            cart_lines_max=self.cart_lines_max,
            quote_valid_days=self.quote_valid_days,
            quote_recipients_max=self.quote_recipients_max,
            popular_days=self.popular_days,
            popular_products_max=self.popular_products_max,
        )


class Settings(ServiceSettings, DatabaseSettings, BrokerSettings, FileStoreSettings, RuleSettings):
    """The catalogue's settings."""

    model_config = SettingsConfigDict(env_prefix=PREFIX)

    supplier_business_number: str = "220-81-02810"
    supplier_name: str = "(주) 다우기술"
    supplier_address: str = "경기도 성남시 수정구 금토로 69"
    supplier_representative_name: str = "김운덕"
    """공급자 on quotes: the values of the manual's statement (ORD-31, manual 5-2)."""

    image_bytes_max: int = 2_000_000
    sheet_bytes_max: int = 5_000_000
    republish_batch_rows: int = 100

    def supplier(self) -> SupplierParty:
        """Who quotes."""
        return SupplierParty(
            business_number=self.supplier_business_number,
            name=self.supplier_name,
            address=self.supplier_address,
            representative_name=self.supplier_representative_name,
        )
