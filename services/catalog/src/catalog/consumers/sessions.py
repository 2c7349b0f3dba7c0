"""Sessions that identity ended."""

from catalog.application.ports import UnitOfWork
from contracts.identity import SessionsRevoked


def sessions_revoked(event: SessionsRevoked, uow: UnitOfWork) -> None:
    """Refuse the subject's older tokens from now on (IDN-13)."""
    uow.raise_session_floor(event.subject_id, event.lowest_generation)
