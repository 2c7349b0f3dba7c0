"""How far the sending of an order is, and when it will end at that pace (ORD-17, ORD-25). Computed, never stored."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ordering.domain.order import OrderState, Tally

ESTIMATE_AHEAD_MAX = timedelta(days=30)
"""An end that lies further away than this is no estimate worth telling."""


@dataclass(frozen=True)
class Pace:
    """The progress of an order that is being sent.

    `percent` is of recipients whose message ended, rounded down: 100 means all. `per_second` is recipients ended a
    second, on average since sending began; `ends_at` is when the rest will have ended at that rate. Both are None while
    nobody has ended.
    """

    percent: int
    per_second: float | None
    ends_at: datetime | None


def pace_of(state: OrderState, tally: Tally, started_at: datetime | None, at: datetime) -> Pace | None:
    """The pace of an order at a moment; None unless it is being sent."""
    if state is not OrderState.SENDING or started_at is None:
        return None
    ended = tally.recipients - tally.in_progress
    percent = ended * 100 // tally.recipients
    elapsed = at - started_at
    if ended <= 0 or elapsed <= timedelta():
        return Pace(percent, None, None)
    ahead_seconds = elapsed.total_seconds() * tally.in_progress / ended
    is_near = ahead_seconds <= ESTIMATE_AHEAD_MAX.total_seconds()
    return Pace(
        percent,
        per_second=ended / elapsed.total_seconds(),
        ends_at=at + timedelta(seconds=ahead_seconds) if is_near else None,
    )
