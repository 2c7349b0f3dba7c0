"""What the wallet is told by its environment (`WALLET_…`), and the numbers of its rules."""

from datetime import timedelta
from typing import Annotated, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from chassis.settings import BrokerSettings, DatabaseSettings, Environment, ServiceSettings
from wallet.domain.charge import ChargeMethod, ChargeRules

LIVE_KEY_PREFIX = "live_"
_Seconds = Annotated[float, Field(gt=0)]


class Settings(ServiceSettings, DatabaseSettings, BrokerSettings):
    """Settings of every wallet process."""

    model_config = SettingsConfigDict(env_prefix="WALLET_")

    payment_url: str
    """Base address of the payment provider's API."""
    payment_secret_key: SecretStr
    payment_window_url: str
    """Where a payer is sent to pay."""
    payment_return_url: str | None = None
    """Where the payment window sends the payer back to; absent means that the client names its own page."""
    payment_webhook_secret: SecretStr = Field(min_length=16)
    """Last part of the webhook's address, for the provider does not sign payment notices."""
    payment_read_timeout_seconds: _Seconds = 10.0

    charge_amount_min_krw: int = Field(1_000, ge=1, json_schema_extra={"rule": "WAL-02"})
    charge_amount_max_krw: int = Field(10_000_000, ge=1, json_schema_extra={"rule": "WAL-02"})
    charge_card_enabled: bool = Field(default=True, json_schema_extra={"rule": "WAL-02"})
    charge_transfer_enabled: bool = Field(default=False, json_schema_extra={"rule": "WAL-02"})
    charge_window_minutes: int = Field(default=40, ge=1)
    """The provider's window lives 30 minutes, and confirming is possible for 10 more."""

    confirm_lease_seconds: _Seconds = 90.0
    """Longer than a confirm and an asking can take, so that nobody takes over a call that still runs."""
    confirm_retry_delays_seconds: tuple[_Seconds, ...] = (10, 60, 300, 1_800, 7_200)
    notice_retry_delays_seconds: tuple[_Seconds, ...] = (1, 10, 60, 300, 1_800)

    @property
    def charge_rules(self) -> ChargeRules:
        """What may be charged."""
        switches = {
            ChargeMethod.CARD: self.charge_card_enabled,
            ChargeMethod.TRANSFER: self.charge_transfer_enabled,
        }
        return ChargeRules(
            amount_min_krw=self.charge_amount_min_krw,
            amount_max_krw=self.charge_amount_max_krw,
            methods=frozenset(method for method, is_on in switches.items() if is_on),
            window=timedelta(minutes=self.charge_window_minutes),
        )

    @model_validator(mode="after")
    def _refuse_live_keys_outside_production(self) -> Self:
        key = self.payment_secret_key.get_secret_value()
        if key.startswith(LIVE_KEY_PREFIX) and self.environment is not Environment.PRODUCTION:
            raise ValueError("payment_secret_key is a live key outside production")
        return self
