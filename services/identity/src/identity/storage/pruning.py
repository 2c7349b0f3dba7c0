"""Deleting what no rule looks at any more: old codes, tries, challenges, links, sessions, and checks of members."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, delete, exists, select
from sqlalchemy.orm import Session

from chassis.codes import OneTimeCodes
from identity.domain.open_affairs import InquiryPurpose
from identity.storage.affair_tables import inquiries
from identity.storage.login_tables import (
    login_challenges,
    password_attempts,
    password_resets,
    refresh_tokens,
    session_families,
)

_ROWS_MAX = 500
_KEPT = timedelta(days=1)
"""Longer than any window or lock, so that what is deleted could decide nothing."""


def prune_expired(session: Session, at: datetime, codes: OneTimeCodes) -> bool:
    """Delete a bounded batch of each kind; whether there was anything to delete."""
    before = at - _KEPT
    living_token = exists().where(
        refresh_tokens.c.family_id == session_families.c.id, refresh_tokens.c.expires_at > before
    )
    only_checked = inquiries.c.purpose == InquiryPurpose.WITHDRAWAL_CHECK.value
    deleted = (
        codes.prune(rows_max=_ROWS_MAX),
        _delete(session, login_challenges, login_challenges.c.id, login_challenges.c.expires_at < before),
        _delete(session, password_attempts, password_attempts.c.address_hash, password_attempts.c.changed_at < before),
        _delete(session, password_resets, password_resets.c.id, password_resets.c.made_at < before),
        _delete(session, session_families, session_families.c.id, ~living_token),
        _delete(session, inquiries, inquiries.c.id, only_checked & (inquiries.c.asked_at < before)),
    )
    return any(deleted)


def _delete(session: Session, table: Table, key: Column[Any], condition: ColumnElement[bool]) -> int:
    batch = select(key).where(condition).limit(_ROWS_MAX).with_for_update(skip_locked=True)
    return len(session.execute(delete(table).where(key.in_(batch)).returning(key)).all())
