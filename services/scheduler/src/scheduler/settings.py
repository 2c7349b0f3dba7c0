"""What the scheduler is told by its environment."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from chassis.settings import BrokerSettings, DatabaseSettings, ServiceSettings


class Settings(ServiceSettings, DatabaseSettings, BrokerSettings):
    """The scheduler's settings."""

    model_config = SettingsConfigDict(env_prefix="SCHEDULER_")

    fire_rows_max: int = Field(default=200, ge=1)
    """How many timers fire at once, or moments of calendars are said: catching up after a downtime floods nobody."""
    poll_seconds: float = Field(default=0.2, gt=0)
    settled_kept_days: int = Field(default=90, ge=1)
    """How long a fired or cancelled timer is remembered, so that a late repetition of its request changes nothing."""
