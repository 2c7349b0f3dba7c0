"""Refresh tokens: each once, a reused one ends the family (IDN-13)."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from identity_builders import AT

from identity.domain.login import SubjectKind
from identity.domain.session import EndReason, RefreshOutcome, RefreshToken, SessionFamily, judge_refresh

pytestmark = pytest.mark.rule("IDN-13")

FAMILY = SessionFamily(uuid4(), SubjectKind.MEMBER, uuid4(), AT)
TOKEN = RefreshToken(b"hash", FAMILY.id, AT + timedelta(days=14))


@pytest.mark.parametrize(
    ("token", "family", "outcome"),
    [
        (TOKEN, FAMILY, RefreshOutcome.ROTATE),
        (replace(TOKEN, used_at=AT), FAMILY, RefreshOutcome.END_FAMILY),
        (replace(TOKEN, expires_at=AT), FAMILY, RefreshOutcome.REFUSE),
        (replace(TOKEN, used_at=AT, expires_at=AT), FAMILY, RefreshOutcome.END_FAMILY),
        (TOKEN, FAMILY.end(EndReason.LOGOUT, AT), RefreshOutcome.REFUSE),
        (replace(TOKEN, used_at=AT), FAMILY.end(EndReason.LOGOUT, AT), RefreshOutcome.REFUSE),
    ],
)
def test_what_becomes_of_a_refresh_token(token: RefreshToken, family: SessionFamily, outcome: RefreshOutcome) -> None:
    assert judge_refresh(token, family, AT) is outcome


def test_the_first_end_of_a_family_stays() -> None:
    ended = FAMILY.end(EndReason.REUSED, AT)
    assert ended.end(EndReason.LOGOUT, AT + timedelta(days=1)) == ended
