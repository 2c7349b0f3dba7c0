"""What the environment tells ordering, read once. A number of a rule carries the rule's id."""

import math
from typing import Any, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from chassis.codes import CodeLimits
from chassis.settings import (
    BrokerSettings,
    ColumnSettings,
    DatabaseSettings,
    SealingSettings,
    ServiceSettings,
    SettingsGroup,
)
from ordering.domain.limits import ChunkLimits, IssuingPatience, OrderLimits, PlacingRules, ScheduleLimits
from ordering.domain.standing import StandingPatience
from ordering.domain.statement import Seller

PREFIX = "ORDERING_"


def _rule(default: int | float, rule_id: str) -> Any:
    return Field(default, gt=0, json_schema_extra={"rule": rule_id})


class OrderRules(SettingsGroup):
    """The numbers of rules.md that placing, issuing and opening are judged by."""

    model_config = SettingsConfigDict(env_prefix=PREFIX)

    order_name_characters_max: int = _rule(50, "ORD-06")
    send_title_characters_max: int = _rule(16, "ORD-07")
    products_max: int = _rule(20, "ORD-01")
    choice_products_min: int = _rule(2, "ORD-02")
    resends_max: int = _rule(3, "ORD-21")
    home_lines_max: int = _rule(5, "GWY-02")
    statement_orders_max: int = _rule(1_000, "ORD-31")
    choice_days: int = _rule(7, "ORD-05")
    forecast_days: int = _rule(3, "ANN-08")
    recipients_max: int = _rule(10_000, "ORD-09")
    name_characters_max: int = _rule(10, "ORD-09")
    company_characters_max: int = _rule(20, "ORD-09")
    title_characters_max: int = _rule(10, "ORD-09")
    occasion_characters_max: int = _rule(10, "ORD-13")
    message_bytes_max: int = _rule(2000, "ORD-13")
    message_characters_max: int = _rule(1000, "ORD-13")
    coupon_message_bytes_max: int = _rule(2000, "ORD-14")
    recipients_file_bytes_max: int = _rule(10_000_000, "ORD-11")
    schedule_days_max: int = _rule(30, "ORD-08")
    schedule_minutes_ahead_min: int = _rule(10, "ORD-08")
    schedule_step_minutes: int = _rule(10, "ORD-08")
    restricted_day_begins_hour: int = _rule(6, "ORD-08")
    night_restricts_immediate: bool = Field(default=False, json_schema_extra={"rule": "ORD-08"})
    code_digits: int = _rule(6, "IDN-05")
    code_lifetime_seconds: int = _rule(180, "IDN-05")
    code_tries_max: int = _rule(5, "IDN-05")
    code_resend_seconds: int = _rule(60, "IDN-05")
    proof_seconds: int = _rule(1800, "ORD-26")

    code_per_line_day_max: int = Field(10, gt=0)
    code_per_source_hour_max: int = Field(60, gt=0)
    plans_max: int = Field(200, ge=1)
    standing_again_seconds: float = Field(600, ge=1)
    standing_retry_seconds: float = Field(600, ge=1)
    standing_after_expiry_seconds: float = Field(86_400, ge=1)
    standing_coupons_per_second: int = Field(20, ge=1, le=1000)
    chunk_lines_max: int = Field(100, ge=1, le=500)
    chunk_coupons_max: int = Field(200, ge=1, le=1000)
    reservation_wait_seconds: float = Field(120, gt=0)
    message_waits_seconds: float = Field(600, gt=0)
    settling_seconds: float = Field(300, ge=0)
    askings_min: int = Field(3, ge=1)
    asking_delays_seconds: tuple[float, ...] = Field((10, 60, 300, 1800, 7200), min_length=1)
    retry_seconds: float = Field(10, gt=0)
    stopped_retry_seconds: float = Field(60, gt=0)
    issue_lease_seconds: float = Field(120, gt=0)
    operators_after_seconds: float = Field(86_400, gt=0)

    def placing(self) -> PlacingRules:
        """What placing is judged by."""
        return PlacingRules(
            limits=OrderLimits(
                order_name_characters_max=self.order_name_characters_max,
                send_title_characters_max=self.send_title_characters_max,
                products_max=self.products_max,
                choice_products_min=self.choice_products_min,
                recipients_max=self.recipients_max,
                name_characters_max=self.name_characters_max,
                company_characters_max=self.company_characters_max,
                title_characters_max=self.title_characters_max,
                occasion_characters_max=self.occasion_characters_max,
                message_bytes_max=self.message_bytes_max,
                message_characters_max=self.message_characters_max,
                coupon_message_bytes_max=self.coupon_message_bytes_max,
            ),
            chunks=ChunkLimits(self.chunk_lines_max, self.chunk_coupons_max),
            schedule=ScheduleLimits(
                days_max=self.schedule_days_max,
                minutes_ahead_min=self.schedule_minutes_ahead_min,
                step_minutes=self.schedule_step_minutes,
                day_begins_hour=self.restricted_day_begins_hour,
                restricts_immediate=self.night_restricts_immediate,
            ),
            reservation_wait_seconds=self.reservation_wait_seconds,
        )

    def patience(self) -> IssuingPatience:
        """How long the issuing waits for what."""
        return IssuingPatience(
            message_waits_seconds=self.message_waits_seconds,
            settling_seconds=self.settling_seconds,
            askings_min=self.askings_min,
            asking_delays_seconds=self.asking_delays_seconds,
            retry_seconds=self.retry_seconds,
            stopped_retry_seconds=self.stopped_retry_seconds,
            lease_seconds=self.issue_lease_seconds,
            operators_after_seconds=self.operators_after_seconds,
        )

    def standing_patience(self) -> StandingPatience:
        """How often suppliers are asked how issued coupons stand."""
        return StandingPatience(
            retry_seconds=self.standing_retry_seconds,
            after_expiry_seconds=self.standing_after_expiry_seconds,
            stopped_seconds=self.stopped_retry_seconds,
            lease_seconds=self.issue_lease_seconds,
            coupons_at_once_max=self.standing_coupons_per_second,
        )

    def code_limits(self) -> CodeLimits:
        """How recipients' codes are made and counted."""
        return CodeLimits(
            digits=self.code_digits,
            lifetime_seconds=self.code_lifetime_seconds,
            tries_max=self.code_tries_max,
            resend_seconds=self.code_resend_seconds,
            per_target_day_max=self.code_per_line_day_max,
            per_source_hour_max=self.code_per_source_hour_max,
        )


class SupplierSettings(SettingsGroup):
    """The coupon supplier; the address ends in `/bizApi`."""

    supplier_url: str
    supplier_auth_code: SecretStr
    supplier_auth_token: SecretStr
    supplier_user_id: str
    supplier_callback_number: str
    supplier_is_trial: bool = False
    supplier_timeout_seconds: float = Field(15, gt=0)
    supplier_in_flight_max: int = Field(100, ge=1)
    supplier_per_second_max: float | None = Field(None, gt=0)
    issue_workers: int = Field(2, ge=1)


class SellerSettings(SettingsGroup):
    """공급자 as statements print it (ORD-31)."""

    seller_business_number: str = "220-81-02810"
    seller_name: str = "(주) 다우기술"
    seller_address: str = "경기도 성남시 수정구 금토로 69"
    seller_representative_name: str = "김운덕"

    def seller(self) -> Seller:
        """The four fields together."""
        return Seller(
            self.seller_business_number, self.seller_name, self.seller_address, self.seller_representative_name
        )


class WaitingSettings(SettingsGroup):
    """How long and how many requests may wait for an order to change."""

    placing_wait_seconds: float = Field(5, ge=0, le=30)
    poll_wait_seconds_max: float = Field(30, gt=0, le=60)
    standing_wait_seconds: float = Field(1.5, ge=0, le=10)
    waiting_requests_max: int = Field(200, ge=0)


class Settings(
    ServiceSettings,
    DatabaseSettings,
    BrokerSettings,
    SealingSettings,
    ColumnSettings,
    SupplierSettings,
    SellerSettings,
    WaitingSettings,
    OrderRules,
):
    """All of it."""

    model_config = SettingsConfigDict(env_prefix=PREFIX)

    link_keys: SecretStr
    """The keyring of recipients' links, as `sealing.Keyring` reads it."""
    coupon_page_url: str
    """Where a recipient's link leads; its token is appended after a slash."""

    @model_validator(mode="after")
    def _lease_outlasts_a_turn(self) -> Self:
        """A turn that outlives its lease is safe and yet wasteful: another worker asks about all of it."""
        rounds = math.ceil(self.chunk_coupons_max / self.supplier_in_flight_max)
        seconds = rounds * self.supplier_timeout_seconds
        if self.supplier_per_second_max is not None:
            seconds += self.issue_workers * self.chunk_coupons_max / self.supplier_per_second_max
        if self.issue_lease_seconds <= seconds:
            raise ValueError(f"issue_lease_seconds has to be more than the {seconds:.0f} s that a turn may take")
        return self
