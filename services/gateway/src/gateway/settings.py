"""What the gateway is told by its environment (`GATEWAY_…`)."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_settings import SettingsConfigDict

from chassis.settings import ServiceSettings
from gateway.domain.parts import Part, Side

_MIB = 1024 * 1024


def _base_address(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("an address begins with http:// or https://")
    return value.rstrip("/")


_Url = Annotated[str, AfterValidator(_base_address)]
_Rate = Annotated[str, Field(pattern=r"^[1-9][0-9]*/(second|minute|hour)$")]
_Seconds = Annotated[float, Field(gt=0)]


class Settings(ServiceSettings):
    """Where the services are, and the gateway's bounds. Rates are coarse: counted by each process for itself."""

    model_config = SettingsConfigDict(env_prefix="GATEWAY_")

    identity_url: _Url
    identity_admin_url: _Url
    catalog_url: _Url
    catalog_admin_url: _Url
    ordering_url: _Url
    ordering_admin_url: _Url
    wallet_url: _Url
    wallet_admin_url: _Url
    messaging_url: _Url
    messaging_admin_url: _Url
    scheduler_admin_url: _Url
    coupon_web_url: _Url
    coupon_web_admin_url: _Url | None = None
    """For the report of readiness alone; the coupon page has nothing for operators."""

    rate_per_address: _Rate = "3000/minute"
    rate_per_caller: _Rate = "1200/minute"
    """Per member or operator, by their token."""
    rate_careful: _Rate = "120/minute"
    """Per address, of requests in which passwords and codes are tried. The rules' own limits are the services'."""
    rate_webhooks: _Rate = "60000/minute"
    """Per address, of providers' reports."""

    long_polls_max: int = Field(default=300, ge=1)
    long_polls_per_caller_max: int = Field(default=20, ge=1)
    long_poll_seconds_max: _Seconds = 60
    long_poll_margin_seconds: _Seconds = 10
    """How much longer than it was asked to wait a service may take."""

    connect_timeout_seconds: _Seconds = 2
    connections_max: int = Field(default=500, ge=1)
    """To each port of a service; more than all long polls together."""
    readiness_timeout_seconds: _Seconds = 2
    body_bytes_max: int = Field(default=12 * _MIB, ge=1)
    answer_bytes_max: int = Field(default=32 * _MIB, ge=1)

    def addresses(self) -> dict[tuple[Part, Side], str]:
        """The base address of each port that the gateway knows."""
        host = f"[{self.bind_host}]" if ":" in self.bind_host else self.bind_host
        own_host = "127.0.0.1" if host in {"0.0.0.0", "[::]"} else host  # noqa: S104 - compared with, not bound
        known = {
            (Part.IDENTITY, Side.API): self.identity_url,
            (Part.IDENTITY, Side.ADMIN): self.identity_admin_url,
            (Part.CATALOG, Side.API): self.catalog_url,
            (Part.CATALOG, Side.ADMIN): self.catalog_admin_url,
            (Part.ORDERING, Side.API): self.ordering_url,
            (Part.ORDERING, Side.ADMIN): self.ordering_admin_url,
            (Part.WALLET, Side.API): self.wallet_url,
            (Part.WALLET, Side.ADMIN): self.wallet_admin_url,
            (Part.MESSAGING, Side.API): self.messaging_url,
            (Part.MESSAGING, Side.ADMIN): self.messaging_admin_url,
            (Part.SCHEDULER, Side.ADMIN): self.scheduler_admin_url,
            (Part.COUPON_WEB, Side.API): self.coupon_web_url,
            (Part.GATEWAY, Side.ADMIN): f"http://{own_host}:{self.admin_port}",
        }
        if self.coupon_web_admin_url is not None:
            known[Part.COUPON_WEB, Side.ADMIN] = self.coupon_web_admin_url
        return known
