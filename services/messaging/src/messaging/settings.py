"""What messaging is told by its environment. Numbers of rules carry the rule's id."""

import math
from datetime import time, timedelta
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from chassis.settings import BrokerSettings, ColumnSettings, DatabaseSettings, SealingSettings, ServiceSettings
from messaging.domain.delivery import Channel, DeliveryRules
from messaging.domain.night import NightHours


class Settings(ServiceSettings, DatabaseSettings, BrokerSettings, SealingSettings, ColumnSettings):
    """Messaging's settings."""

    model_config = SettingsConfigDict(env_prefix="MESSAGING_")

    service_name: str = "쿠팡비즈"
    customer_centre: str = "1599-6567"

    provider: Literal["bizppurio", "solapi"] = "bizppurio"
    """Whose wire the messages go over; what follows is the account there, by whatever names it calls it."""
    provider_url: str
    provider_account: str
    """Bizppurio: the account; SOLAPI: the API key."""
    provider_password: SecretStr
    """Bizppurio: the password; SOLAPI: the API secret."""
    provider_sender_key: SecretStr
    """The service's own channel. Bizppurio: the sender key; SOLAPI: the pfId."""
    provider_in_flight_max: int = Field(default=100, ge=1)
    """How many alimtalks are being handed over at a time; their loops share it, and each other channel has a share."""
    alimtalk_per_second_max: float | None = Field(default=None, gt=0)
    mms_per_second_max: float | None = Field(default=None, gt=0)
    sms_per_second_max: float | None = Field(default=None, gt=0)
    mail_per_second_max: float | None = Field(default=None, gt=0)
    """Calls a second that a channel may make; none: any number. SMS is the channel of one-time codes, and codes by mail
    do not wait for the turns of other mails."""
    provider_falls_back: bool = Field(default=True, json_schema_extra={"rule": "MSG-01"})
    """Whether the provider itself sends an MMS in the place of an alimtalk that it cannot deliver; else we do, once."""
    provider_timeout_seconds: float = Field(default=15.0, gt=0)
    fallback_number: str = Field(default="15996567", json_schema_extra={"rule": "MSG-01"})
    webhook_secret: SecretStr
    """The unguessable part of the address that the provider pushes its reports to."""

    channels_url: str
    channels_business_id: str
    channels_api_key: SecretStr
    channels_timeout_seconds: float = Field(default=40.0, gt=0)
    channel_check_minutes: int = Field(default=30, ge=1, json_schema_extra={"rule": "MSG-03"})
    """How often each sender profile's state is asked for."""
    template_check_seconds: float = Field(default=600.0, gt=0, json_schema_extra={"rule": "MSG-04"})
    """How often the provider is asked how a submitted template stands."""
    template_category: str = Field(default="999999", pattern=r"^\d{6}$")
    """The provider's category of templates; this one is "other"."""
    template_button_link: str = "https://#{링크}"
    """The link of a template's button, as the provider approves it; each message's own link must fit it."""

    smtp_host: str
    smtp_port: int
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_starttls: bool = False
    smtp_timeout_seconds: float = Field(default=15.0, gt=0)
    mail_from: str = Field(pattern=r"^[^@\s<>]+@[^@\s<>]+$")
    """A bare address; the name before it is the service's own."""

    night_from_hour: int = Field(default=21, ge=0, le=23, json_schema_extra={"rule": "MSG-06"})
    night_to_hour: int = Field(default=8, ge=0, le=23, json_schema_extra={"rule": "MSG-06"})
    """The hours in Asia/Seoul in which advertising is held back, and nothing else."""
    notice_retry_seconds: float = Field(default=60.0, gt=0)

    alimtalk_price_jeon: int | None = Field(default=None, ge=0)
    mms_price_jeon: int | None = Field(default=None, ge=0)
    """What a message that arrives costs us by our contract with the provider, in hundredths of a KRW."""

    chunk_messages: int = Field(default=100, ge=1)
    """How many messages one turn of a loop hands over."""
    handover_workers: int = Field(default=2, ge=1)
    """How many loops hand alimtalks over, so that one is at the database while the other's calls are under way."""
    card_upload_days: int = Field(default=7, ge=1)
    """After so long a picture is uploaded to the provider anew."""
    lease_seconds: float = Field(default=60.0, gt=0)
    """Longer than a chunk's calls can take: after it a claimed message is in doubt."""
    retry_first_seconds: float = Field(default=2.0, gt=0)
    retry_max_seconds: float = Field(default=300.0, gt=0)
    code_retry_seconds: float = Field(default=1.0, gt=0)
    report_wait_hours: int = Field(default=72, ge=1, json_schema_extra={"rule": "MSG-02"})
    report_poll_seconds: float = Field(default=5.0, gt=0)
    reports_rows_max: int = Field(default=200, ge=1)
    reports_gather_seconds: float = Field(default=0.3, gt=0)
    """How long reports that trickle in are gathered before they are matched and said."""

    @model_validator(mode="after")
    def _lease_outlasts_a_chunk(self) -> Self:
        """A message whose lease ends while it still waits for its turn would be in doubt without having left."""
        slowest = min((rate for rate in (self.alimtalk_per_second_max, self.mms_per_second_max) if rate), default=None)
        rounds = math.ceil(self.chunk_messages / self.loop_in_flight_max)
        waiting = self.handover_workers * self.chunk_messages / slowest if slowest else 0.0
        seconds = rounds * self.provider_timeout_seconds + waiting
        if self.lease_seconds <= seconds:
            raise ValueError(f"lease_seconds has to be more than the {seconds:.0f} s that a chunk's calls may take")
        return self

    @property
    def loop_in_flight_max(self) -> int:
        """How many calls one loop has under way at a time."""
        return max(1, self.provider_in_flight_max // self.handover_workers)

    @property
    def delivery_rules(self) -> DeliveryRules:
        """The rules of deliveries."""
        prices = {Channel.ALIMTALK: self.alimtalk_price_jeon, Channel.MMS: self.mms_price_jeon}
        return DeliveryRules(
            report_wait=timedelta(hours=self.report_wait_hours),
            first_retry=timedelta(seconds=self.retry_first_seconds),
            retry_max=timedelta(seconds=self.retry_max_seconds),
            upload_kept=timedelta(days=self.card_upload_days),
            prices_jeon={channel: price for channel, price in prices.items() if price is not None},
        )

    @property
    def night_hours(self) -> NightHours:
        """The hours of the night in Asia/Seoul."""
        return NightHours(time(self.night_from_hour), time(self.night_to_hour))
