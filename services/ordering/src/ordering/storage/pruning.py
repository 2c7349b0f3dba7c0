"""Forgetting what no recipient and no limit needs any more: old codes, expired proofs."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from chassis.codes import OneTimeCodes
from ordering.storage.tables import recipient_proofs

ROWS_MAX = 1000


def prune_expired(session: Session, at: datetime, codes: OneTimeCodes) -> bool:
    """Delete one portion; False when nothing was left."""
    expired = (
        select(recipient_proofs.c.proof_hash)
        .where(recipient_proofs.c.expires_at <= at)
        .limit(ROWS_MAX)
        .with_for_update(skip_locked=True)
    )
    gone = delete(recipient_proofs).where(recipient_proofs.c.proof_hash.in_(expired))
    proofs = len(session.execute(gone.returning(recipient_proofs.c.proof_hash)).all())
    return proofs + codes.prune(rows_max=ROWS_MAX) > 0
