"""The numbers that an order is judged by; the settings fill them in, each with its rule's id."""

from dataclasses import dataclass


@dataclass(frozen=True)
class OrderLimits:
    """Bounds of a placed order."""

    order_name_characters_max: int
    send_title_characters_max: int
    products_max: int
    choice_products_min: int
    recipients_max: int
    name_characters_max: int
    company_characters_max: int
    title_characters_max: int
    occasion_characters_max: int
    message_bytes_max: int
    message_characters_max: int
    coupon_message_bytes_max: int


@dataclass(frozen=True)
class ChunkLimits:
    """A chunk is so many lines or so many coupons, whichever comes first."""

    lines_max: int
    coupons_max: int

    def lines_of(self, products: int) -> int:
        """How many lines a chunk of an order with so many products a line holds; at least one."""
        return max(1, min(self.lines_max, self.coupons_max // max(products, 1)))


@dataclass(frozen=True)
class ScheduleLimits:
    """The times that are offered. Restricted products go out from `day_begins_hour` until midnight (Seoul)."""

    days_max: int
    minutes_ahead_min: int
    step_minutes: int
    day_begins_hour: int
    restricts_immediate: bool


@dataclass(frozen=True)
class IssuingPatience:
    """How long an unknown outcome is waited for, and how often it is asked about."""

    message_waits_seconds: float
    settling_seconds: float
    askings_min: int
    asking_delays_seconds: tuple[float, ...]
    retry_seconds: float
    stopped_retry_seconds: float
    lease_seconds: float
    operators_after_seconds: float

    def next_asking_after(self, asked: int) -> float:
        """Seconds until the next asking when so many were made; the last delay goes on."""
        return self.asking_delays_seconds[min(asked, len(self.asking_delays_seconds) - 1)]


@dataclass(frozen=True)
class PlacingRules:
    """All that placing an order is judged by."""

    limits: OrderLimits
    chunks: ChunkLimits
    schedule: ScheduleLimits
    reservation_wait_seconds: float
