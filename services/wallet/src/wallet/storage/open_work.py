"""What the wallet has still to do, for the stepping of the sandbox's clock."""

from datetime import datetime

from sqlalchemy import Table, func, or_, select
from sqlalchemy.orm import Session

from chassis.stepping import Work
from wallet.storage.cancellation_tables import cancellation_attempts
from wallet.storage.payment_tables import daily_checks
from wallet.storage.tables import charge_attempts, payment_notices


def open_work() -> tuple[Work, ...]:
    """Confirmations and cancellations that are not settled, notices not worked on, and checks that are not done."""
    return (
        _work("confirmations", charge_attempts),
        _work("cancellations", cancellation_attempts),
        _work("payment notices", payment_notices),
        _work("daily checks", daily_checks),
    )


def _work(name: str, table: Table) -> Work:
    claimed = table.c.owner.is_not(None) if "owner" in table.c else table.c.lease_ends_at.is_not(None)

    def open_rows(session: Session, now: datetime) -> int:
        due = or_(table.c.next_try_at <= now, claimed)
        return session.scalar(select(func.count()).where(table.c.state == "open", due)) or 0

    def next_due_at(session: Session, now: datetime) -> datetime | None:
        next_try = select(func.min(table.c.next_try_at)).where(table.c.state == "open", table.c.next_try_at > now)
        due_at: datetime | None = session.scalar(next_try)
        return due_at

    return Work(name, open_rows, next_due_at)
