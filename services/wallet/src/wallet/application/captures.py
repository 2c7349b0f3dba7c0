"""What became of a chunk of an order's coupons: issued ones are captured, failed ones released (WAL-18).

A chunk's outcome is posted under (order, chunk, wave), a key that is never pruned, so that a repeat changes
nothing even when the inbox has forgotten it.
"""

from dataclasses import dataclass
from datetime import datetime

from wallet.application.invoicing import count_capture
from wallet.application.ports import UnitOfWork
from wallet.application.releases import release_funds
from wallet.application.settling import settle
from wallet.domain.issuing import Capture, Issued
from wallet.domain.ledger import PostingKind
from wallet.domain.movements import Chunk, Release, capturing


@dataclass(frozen=True)
class CaptureChunk:
    """Coupons of a chunk were issued for so many KRW."""

    chunk: Chunk
    amount_krw: int
    coupons: int
    issued_at: datetime


def capture_chunk(command: CaptureChunk, uow: UnitOfWork) -> None:
    """Take the price of issued coupons from their order's hold, and count them in the Seoul month of their issue.

    Raises `UnknownHoldError` when it came before the order was decided, `NeverHeldError`,
    `AccountShortError` and `HoldExceededError` when it contradicts what was decided.
    """
    held = uow.holds.held(command.chunk.order_id)
    if command.amount_krw == 0:
        uow.ledger.stand_still(held.hold.company_id)
    elif uow.ledger.post(capturing(held.hold, command.chunk, command.amount_krw, uow.new_id(), uow.at)):
        settle(held, lambda fresh: fresh.captured(command.amount_krw), uow)
    else:
        return
    issued = Issued(command.coupons, command.amount_krw)
    count_capture(Capture(command.chunk, held.hold.company_id, issued, command.issued_at), uow)


@dataclass(frozen=True)
class ReleaseChunk:
    """Coupons of a chunk will not be issued; `cash_like_krw` is their cash-like part, where ordering said it."""

    chunk: Chunk
    amount_krw: int
    cash_like_krw: int | None


def release_chunk(command: ReleaseChunk, uow: UnitOfWork) -> None:
    """Give the price of failed coupons back (ORD-22). Raises as `capture_chunk` does."""
    held = uow.holds.held(command.chunk.order_id)
    if command.amount_krw == 0:
        return
    release = Release(
        kind=PostingKind.ISSUE_FAILURE,
        cause=f"{command.chunk.cause}:failed",
        amount_krw=command.amount_krw,
        cash_like_krw=held.hold.cash_like_part_of(command.amount_krw, command.cash_like_krw),
    )
    release_funds(held, release, uow)


@dataclass(frozen=True)
class ReleaseDifference:
    """Recipients of a choice order got cheaper products than was reserved for; zero in every other case."""

    chunk: Chunk
    amount_krw: int
    cash_like_krw: int


def release_difference(command: ReleaseDifference, uow: UnitOfWork) -> None:
    """Give the difference back, to the balance or to the limit (차액환급, ORD-03). Raises as `capture_chunk` does."""
    if command.amount_krw == 0:
        return
    held = uow.holds.held(command.chunk.order_id)
    release = Release(
        kind=PostingKind.DIFFERENCE,
        cause=f"{command.chunk.cause}:difference",
        amount_krw=command.amount_krw,
        cash_like_krw=held.hold.cash_like_part_of(command.amount_krw, command.cash_like_krw),
    )
    release_funds(held, release, uow)
