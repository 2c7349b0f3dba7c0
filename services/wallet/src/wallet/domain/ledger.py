"""Double entry: every movement of money is a posting of entries that sum to zero, linked into a chain (WAL-17).

All accounts belong to a company, the clearing and sales accounts too: no row is shared, so a busy company never
slows another.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from wallet.domain.errors import UnbalancedPostingError

GENESIS_HASH = bytes(32)
"""What a company's first posting is linked to."""


class Account(StrEnum):
    """The accounts of a company, seen from us: what is positive is owed by us, what is negative is owed to us."""

    BALANCE = "balance"
    """충전금 that the company can still use."""
    HOLDS = "holds"
    """Set aside for placed orders."""
    SALES = "sales"
    """Captured: the price of issued coupons."""
    PROVIDER_CLEARING = "provider_clearing"
    """Collected by the payment provider for us: below zero until it pays out."""
    RECEIVABLE = "receivable"
    """What a postpaid company owes or has set aside on credit: below zero."""
    PAYBACKS = "paybacks"
    """Taken off the balance to be paid back, by a refund or a cancellation that is not over yet."""
    PAID_OUT = "paid_out"
    """Paid to the bank accounts of refunds."""
    FEES = "fees"
    """Kept of what was paid back."""
    CLAIMS = "claims"
    """What a company owes for deposits that its bank took back after they were spent: below zero."""


MAY_GO_BELOW_ZERO = frozenset({Account.PROVIDER_CLEARING, Account.RECEIVABLE, Account.CLAIMS})


class PostingKind(StrEnum):
    """Why money moved."""

    CHARGE = "charge"
    RESERVE = "reserve"
    CAPTURE = "capture"
    ISSUE_FAILURE = "issue_failure"
    DIFFERENCE = "difference"
    WITHDRAWAL = "withdrawal"
    REVOCATION = "revocation"
    REFUND_REQUEST = "refund_request"
    REFUND_PAYOUT = "refund_payout"
    REFUND_REJECTION = "refund_rejection"
    REFUND_CANCELLATION = "refund_cancellation"
    CHARGE_CANCEL = "charge_cancel"
    CHARGE_CANCEL_PAYOUT = "charge_cancel_payout"
    CHARGE_CANCEL_RETURN = "charge_cancel_return"
    TAKE_BACK = "take_back"
    TAKE_BACK_RETURN = "take_back_return"
    CLAIM_SETTLEMENT = "claim_settlement"


@dataclass(frozen=True)
class Entry:
    """A signed amount on one account."""

    account: Account
    amount_krw: int


@dataclass(frozen=True)
class Posting:
    """A balanced movement, named for ever by what caused it. Raises `UnbalancedPostingError` when it is none."""

    id: UUID
    company_id: UUID
    kind: PostingKind
    cause: str
    at: datetime
    entries: tuple[Entry, ...]
    order_id: UUID | None = None
    charge_id: UUID | None = None
    refund_id: UUID | None = None

    def __post_init__(self) -> None:
        accounts = {entry.account for entry in self.entries}
        sum_krw = sum(entry.amount_krw for entry in self.entries)
        one_sided = len(self.entries) < 2 or len(accounts) != len(self.entries)
        if one_sided or sum_krw != 0 or any(entry.amount_krw == 0 for entry in self.entries):
            raise UnbalancedPostingError(self.cause, sum_krw)


def canonical(posting: Posting) -> bytes:
    """The bytes that a posting is hashed as: the same for the same posting, on every machine."""
    parts = [
        str(posting.id),
        str(posting.company_id),
        posting.kind.value,
        posting.cause,
        posting.at.astimezone(UTC).isoformat(timespec="microseconds"),
        None if posting.order_id is None else str(posting.order_id),
        None if posting.charge_id is None else str(posting.charge_id),
        sorted([entry.account.value, entry.amount_krw] for entry in posting.entries),
    ]
    if posting.refund_id is not None:
        # Only where there is one: postings were hashed before there were refunds.
        parts.append(str(posting.refund_id))
    return json.dumps(parts, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def link(previous_hash: bytes, posting: Posting) -> bytes:
    """The hash of a posting that follows the one of `previous_hash` in its company's chain."""
    return hashlib.sha256(previous_hash + canonical(posting)).digest()


def transfer(source: Account, target: Account, amount_krw: int) -> tuple[Entry, Entry]:
    """Entries that move `amount_krw` from one account to another."""
    return Entry(source, -amount_krw), Entry(target, amount_krw)
