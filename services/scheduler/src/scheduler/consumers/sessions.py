"""Sessions that identity ended."""

from sqlalchemy.orm import Session

from chassis.tokens import raise_floor
from contracts.identity import SessionsRevoked


def sessions_revoked(event: SessionsRevoked, session: Session) -> None:
    """Refuse the subject's older tokens from now on (IDN-13)."""
    raise_floor(session, event.subject_id, event.lowest_generation)
