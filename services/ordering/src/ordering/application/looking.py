"""A recipient looks at coupons, so that their suppliers are asked how they stand (ORD-19)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from ordering.application.opening import OpeningUnit, proven_line


@dataclass(frozen=True)
class AwaitedLine:
    """A line about whose coupons suppliers are being asked since then."""

    line_id: UUID
    since: datetime


def look_at_coupons(link: str, proof: str | None, unit: OpeningUnit, again_seconds: float) -> AwaitedLine | None:
    """Have suppliers asked about the coupons, about each at most once in so long; None when none is asked.

    Raises `LinkUnknownError`, also for a foreign or expired proof.
    """
    line, at = proven_line(link, proof, unit), unit.now()
    is_wanted = unit.looked_at.want(line.line_id, at, at - timedelta(seconds=again_seconds))
    return AwaitedLine(line.line_id, at) if is_wanted else None
