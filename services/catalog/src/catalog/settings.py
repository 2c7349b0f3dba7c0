"""What the catalogue is told by its environment."""

from pydantic_settings import SettingsConfigDict

from catalog.domain.quote import SupplierParty
from chassis.settings import BrokerSettings, DatabaseSettings, FileStoreSettings, ServiceSettings


class Settings(ServiceSettings, DatabaseSettings, BrokerSettings, FileStoreSettings):
    """The catalogue's settings."""

    model_config = SettingsConfigDict(env_prefix="CATALOG_")

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
