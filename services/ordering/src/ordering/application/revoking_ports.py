"""What revoking coupons needs from the outside (ORD-32)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from ordering.domain.coupon import CouponState
from ordering.domain.revocation import CouponPlace, RevocationState, RevokedCoupon


@dataclass(frozen=True)
class NewRevocation:
    """What an operator asked for."""

    revocation_id: UUID
    order_id: UUID
    operator_id: UUID
    reason: str
    repaid: bool
    requested_at: datetime


@dataclass(frozen=True)
class ClaimedCoupons:
    """Coupons of one revocation that are due, in one worker's hands."""

    revocation_id: UUID
    order_id: UUID
    supplier: str
    repaid: bool
    coupons: tuple[RevokedCoupon, ...]


@dataclass(frozen=True)
class WithdrawnCoupon:
    """A coupon that is revoked now, with what it cost at placing in KRW."""

    sale_price_krw: int
    cash_like: bool
    issued_at: datetime


@dataclass(frozen=True)
class RevocationView:
    """A revocation as operators see it."""

    revocation_id: UUID
    order_id: UUID
    order_number: str
    operator_id: UUID
    reason: str
    repaid: bool
    requested_at: datetime
    open: int
    revoked: int
    refused: int


@dataclass(frozen=True)
class RevocableCoupon:
    """A coupon as operators see it when they choose; its number is masked."""

    line_no: int
    item_no: int
    product_name: str
    state: CouponState
    number_masked: str | None
    sale_price_krw: int
    revocation: RevocationState | None
    code: str | None
    """What the supplier said of the last try to revoke it."""


class Revocations(Protocol):
    """Coupons that operators take back."""

    def order_of(self, order_number: str) -> UUID | None:
        """The order with the number."""

    def not_revocable(self, order_id: UUID, wanted: Sequence[CouponPlace]) -> Sequence[CouponPlace]:
        """Those of the coupons that are not issued, are being revoked, or do not exist."""

    def add(self, new: NewRevocation, wanted: Sequence[CouponPlace] | None) -> int:
        """Store it with the named coupons, or all that can be revoked, due at once; how many."""

    def claim(self, at: datetime, owner: UUID, lease_seconds: float, coupons_max: int) -> ClaimedCoupons | None:
        """Take due coupons of one revocation and supplier, for as long as the lease on the database's clock runs."""

    def lock_open(self, claimed: ClaimedCoupons) -> Sequence[RevokedCoupon]:
        """Those of the claimed coupons that nobody settled meanwhile, locked."""

    def record(self, coupons: Sequence[RevokedCoupon]) -> None:
        """Store what became of coupons, and give them back."""

    def withdraw(self, coupons: Sequence[RevokedCoupon]) -> Sequence[WithdrawnCoupon]:
        """Make issued coupons revoked ones; those that were."""

    def page(
        self, order_id: UUID | None, before: UUID | None, limit: int, revocation_id: UUID | None = None
    ) -> Sequence[RevocationView]:
        """Revocations, newest first."""

    def coupons(self, order_id: UUID, after: CouponPlace | None, limit: int) -> Sequence[RevocableCoupon]:
        """The order's coupons by recipient and product, after the one named."""
