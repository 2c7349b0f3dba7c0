"""What identity has still to do, for the stepping of the sandbox's clock (SCH-03).

What the clock ends here, the scheduler says; old codes and sessions are deleted whenever it suits, and decide nothing.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis.stepping import Work
from identity.storage.tables import discarded_files


def open_work() -> tuple[Work, ...]:
    """Files that nothing refers to any more and that are not deleted yet."""
    return (Work("discarded files", _discarded, lambda *_: None),)


def _discarded(session: Session, _now: datetime) -> int:
    return session.scalar(select(func.count()).select_from(discarded_files)) or 0
