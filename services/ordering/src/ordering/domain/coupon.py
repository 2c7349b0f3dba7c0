"""A coupon's life (ORD-19), its key at the supplier, its expiry."""

import base64
import hashlib
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum
from uuid import UUID

from ordering.domain.state_table import StateTable

_TR_ID_BYTES = 15
"""So many make 24 characters of base32, of which 20 are kept."""
TR_ID_CHARACTERS = 20
"""The supplier takes up to 25; one of its clients knows 20 as the limit, which holds for both."""


class CouponState(StrEnum):
    """발행 대기, 선택대기, 발행성공, 발행실패, 폐기; used and expired when the supplier reports them."""

    WAITING = "waiting"
    AWAITING_CHOICE = "awaiting_choice"
    ISSUED = "issued"
    ISSUE_FAILED = "issue_failed"
    REVOKED = "revoked"
    USED = "used"
    EXPIRED = "expired"


class CouponStep(StrEnum):
    """What moves a coupon on."""

    CHOSEN = "chosen"
    CHOICE_UNDONE = "choice_undone"
    ISSUED = "issued"
    NOT_ISSUED = "not_issued"
    REVOKED = "revoked"
    USED = "used"
    EXPIRED = "expired"


COUPON_STATES: StateTable[CouponState, CouponStep] = StateTable(
    subject="coupon",
    initial=CouponState.WAITING,
    moves={
        (CouponState.AWAITING_CHOICE, CouponStep.CHOSEN): CouponState.WAITING,
        (CouponState.AWAITING_CHOICE, CouponStep.NOT_ISSUED): CouponState.ISSUE_FAILED,
        # What was picked stopped before it was issued: the recipient picks again (ORD-28).
        (CouponState.WAITING, CouponStep.CHOICE_UNDONE): CouponState.AWAITING_CHOICE,
        (CouponState.WAITING, CouponStep.ISSUED): CouponState.ISSUED,
        (CouponState.WAITING, CouponStep.NOT_ISSUED): CouponState.ISSUE_FAILED,
        (CouponState.ISSUED, CouponStep.REVOKED): CouponState.REVOKED,
        (CouponState.ISSUED, CouponStep.USED): CouponState.USED,
        (CouponState.ISSUED, CouponStep.EXPIRED): CouponState.EXPIRED,
    },
)


def tr_id(line_id: UUID, item_no: int) -> str:
    """The key of a coupon at the supplier: always the same for the same coupon, 20 characters of A–Z and 2–7."""
    digest = hashlib.sha256(line_id.bytes + item_no.to_bytes(2, "big")).digest()
    return base64.b32encode(digest[:_TR_ID_BYTES]).decode()[:TR_ID_CHARACTERS]


def expires_at(issued_at: datetime, validity_days: int, zone: tzinfo) -> datetime:
    """The last moment of the Nth day after the day of issue, which does not count itself (SCH-04)."""
    last_day = issued_at.astimezone(zone).date() + timedelta(days=validity_days)
    return datetime.combine(last_day, time.max, tzinfo=zone)


def masked(number: str) -> str:
    """A coupon number as the orderer sees it (ORD-25): the last four characters only."""
    return "*" * max(len(number) - 4, 0) + number[-4:]
