"""Revocations in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from ordering.application.revoking_ports import ClaimedCoupons, NewRevocation, WithdrawnCoupon
from ordering.domain.coupon import COUPON_STATES, CouponStep
from ordering.domain.revocation import CouponPlace, RevocationState, RevokedCoupon
from ordering_probe.stored import CouponId

if TYPE_CHECKING:
    from ordering_probe.fakes import Memory


class FakeRevocations:
    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def order_of(self, order_number: str) -> UUID | None:
        found = (key for key, order in self._memory.stored.items() if order.placement.order_number == order_number)
        return next(found, None)

    def not_revocable(self, order_id: UUID, wanted: Sequence[CouponPlace]) -> Sequence[CouponPlace]:
        revocable = {self._place(key) for key in self._revocable(order_id)}
        return [place for place in wanted if place not in revocable]

    def add(self, new: NewRevocation, wanted: Sequence[CouponPlace] | None) -> int:
        taken = [key for key in self._revocable(new.order_id) if wanted is None or self._place(key) in wanted]
        self._memory.revocations_asked[new.revocation_id] = new
        for line_id, item_no in taken:
            self._memory.revoked_coupons[new.revocation_id, line_id, item_no] = RevokedCoupon(
                new.revocation_id, line_id, item_no, RevocationState.OPEN, 0, new.requested_at
            )
        return len(taken)

    def claim(
        self,
        at: datetime,
        owner: UUID,  # noqa: ARG002 - the port has it
        lease_seconds: float,
        coupons_max: int,
    ) -> ClaimedCoupons | None:
        if any(until > at for until in self._memory.stopped.values()):
            return None
        due = [
            one
            for key, one in self._memory.revoked_coupons.items()
            if one.state is RevocationState.OPEN
            and one.next_at <= at
            and self._memory.revoking_until.get(key, at) <= at
        ]
        if not due:
            return None
        asked = self._memory.revocations_asked[due[0].revocation_id]
        mine = tuple(one for one in due if one.revocation_id == asked.revocation_id)[:coupons_max]
        until = at + timedelta(seconds=lease_seconds)
        self._memory.revoking_until |= {_key(one): until for one in mine}
        return ClaimedCoupons(asked.revocation_id, asked.order_id, "giftishow", asked.repaid, mine)

    def lock_open(self, claimed: ClaimedCoupons) -> Sequence[RevokedCoupon]:
        now = [self._memory.revoked_coupons[_key(one)] for one in claimed.coupons]
        return [one for one in now if one.state is RevocationState.OPEN]

    def record(self, coupons: Sequence[RevokedCoupon]) -> None:
        for one in coupons:
            self._memory.revoked_coupons[_key(one)] = one
            self._memory.revoking_until.pop(_key(one), None)

    def withdraw(self, coupons: Sequence[RevokedCoupon]) -> Sequence[WithdrawnCoupon]:
        withdrawn = []
        for one in coupons:
            key = (one.line_id, one.item_no)
            coupon = self._memory.stored_coupons[key]
            if coupon.state in COUPON_STATES.sources(CouponStep.REVOKED):
                revoked = COUPON_STATES.next(coupon.state, CouponStep.REVOKED)
                self._memory.stored_coupons[key] = replace(coupon, state=revoked)
                item = self._memory.orders.sending(self._memory.stored_lines[one.line_id].order_id).items[one.item_no]
                assert coupon.issued_at is not None
                withdrawn.append(WithdrawnCoupon(item.sale_price_krw, item.cash_like, coupon.issued_at))
        return withdrawn

    def is_open(self, key: CouponId) -> bool:
        """Whether a revocation of the coupon is on its way."""
        return any(
            (one.line_id, one.item_no) == key and one.state is RevocationState.OPEN
            for one in self._memory.revoked_coupons.values()
        )

    def _revocable(self, order_id: UUID) -> list[CouponId]:
        return [
            key
            for key, coupon in self._memory.stored_coupons.items()
            if self._memory.stored_lines[key[0]].order_id == order_id
            and coupon.state in COUPON_STATES.sources(CouponStep.REVOKED)
            and not self.is_open(key)
        ]

    def _place(self, key: CouponId) -> CouponPlace:
        return CouponPlace(self._memory.stored_lines[key[0]].line_no, key[1])


def _key(one: RevokedCoupon) -> tuple[UUID, UUID, int]:
    return one.revocation_id, one.line_id, one.item_no
