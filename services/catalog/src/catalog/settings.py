"""What the catalogue is told by its environment."""

from pydantic_settings import SettingsConfigDict

from chassis.settings import BrokerSettings, DatabaseSettings, FileStoreSettings, ServiceSettings


class Settings(ServiceSettings, DatabaseSettings, BrokerSettings, FileStoreSettings):
    """The catalogue's settings."""

    model_config = SettingsConfigDict(env_prefix="CATALOG_")

    image_bytes_max: int = 2_000_000
    republish_batch_rows: int = 100
