"""What ordering has still to do, for the stepping of the sandbox's clock."""

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from chassis.stepping import Work
from ordering.domain.coupon import CouponState
from ordering.domain.revocation import RevocationState
from ordering.storage.chunks import OPEN
from ordering.storage.issuing_months import closed_months
from ordering.storage.plan_work import PLAN_WORK
from ordering.storage.revocation_tables import revoked_coupons
from ordering.storage.tables import chunks, coupons


def open_work() -> tuple[Work, ...]:
    """Chunks due, or in a worker's hands; choices and revocations; months whose figures are unsaid; plans' days."""
    return (
        Work("chunks", _open_rows, _next_due_at),
        Work("choices", _none_open, _next_choice_end),
        Work("revocations", _due_revocations, _next_revocation),
        Work("closed months", _unsaid_months, _never),
        *PLAN_WORK,
    )


def _open_rows(session: Session, now: datetime) -> int:
    due = or_(chunks.c.next_at <= now, chunks.c.owner.is_not(None))
    return session.scalar(select(func.count()).select_from(chunks).where(chunks.c.state == OPEN, due)) or 0


def _next_due_at(session: Session, now: datetime) -> datetime | None:
    waiting = (chunks.c.state == OPEN) & (chunks.c.next_at > now)
    earliest: datetime | None = session.scalar(select(func.min(chunks.c.next_at)).where(waiting))
    return earliest


def _none_open(_: Session, __: datetime) -> int:
    """What is over is a chunk's work."""
    return 0


def _next_choice_end(session: Session, now: datetime) -> datetime | None:
    awaited = (coupons.c.state == CouponState.AWAITING_CHOICE.value) & (coupons.c.choice_ends_at > now)
    earliest: datetime | None = session.scalar(select(func.min(coupons.c.choice_ends_at)).where(awaited))
    return earliest


def _due_revocations(session: Session, now: datetime) -> int:
    is_open = revoked_coupons.c.state == RevocationState.OPEN.value
    due = or_(revoked_coupons.c.next_at <= now, revoked_coupons.c.owner.is_not(None))
    return session.scalar(select(func.count()).select_from(revoked_coupons).where(is_open, due)) or 0


def _next_revocation(session: Session, now: datetime) -> datetime | None:
    waiting = (revoked_coupons.c.state == RevocationState.OPEN.value) & (revoked_coupons.c.next_at > now)
    earliest: datetime | None = session.scalar(select(func.min(revoked_coupons.c.next_at)).where(waiting))
    return earliest


def _unsaid_months(session: Session, _: datetime) -> int:
    unsaid = closed_months.c.said_at.is_(None)
    return session.scalar(select(func.count()).select_from(closed_months).where(unsaid)) or 0


def _never(_: Session, __: datetime) -> datetime | None:
    """The scheduler says when a month is closed."""
    return None
