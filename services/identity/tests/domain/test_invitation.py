"""Rows of an invitation, and the invitation's days (IDN-15, IDN-17)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from identity.domain.errors import InvitationNotFoundError, InvitationTooSoonError, StaleChangeError
from identity.domain.invitation import Invitation, InvitationRow, InvitationRules, RowFault, judge_rows

SENT_AT = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
RULES = InvitationRules(rows_max=100, lifetime_days=14, resend=timedelta(seconds=60))


def an_invitation() -> Invitation:
    return Invitation(
        id=uuid4(),
        company_id=uuid4(),
        invited_by=uuid4(),
        email="sub@example.co.kr",
        name="최서브",
        phone="01022223333",
        token_hash=b"hash",
        sent_at=SENT_AT,
        expires_at=datetime(2026, 3, 16, 15, 0, tzinfo=UTC),
    )


def a_row(email: str = "sub@example.co.kr", name: str = "최서브", phone: str = "010-2222-3333") -> InvitationRow:
    return InvitationRow(email, name, phone)


@pytest.mark.rule("IDN-15")
@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (a_row(email="no address"), RowFault.EMAIL_INVALID),
        (a_row(email=""), RowFault.EMAIL_INVALID),
        (a_row(name="  "), RowFault.NAME_INVALID),
        (a_row(name="가" * 51), RowFault.NAME_INVALID),
        (a_row(phone="02-123-4567"), RowFault.PHONE_INVALID),
        (a_row(phone=""), RowFault.PHONE_INVALID),
        (a_row(email="There@example.co.kr"), RowFault.REGISTERED),
        (a_row(email="waits@example.co.kr"), RowFault.PENDING),
    ],
)
def test_a_row_fails_by_itself_with_its_reason(row: InvitationRow, fault: RowFault) -> None:
    judged = judge_rows(
        [a_row("first@example.co.kr"), row, a_row("last@example.co.kr")],
        registered={"there@example.co.kr"},
        pending={"waits@example.co.kr"},
    )
    first, middle, last = judged
    assert isinstance(first, InvitationRow)
    assert middle is fault
    assert isinstance(last, InvitationRow)


@pytest.mark.rule("IDN-15")
def test_a_repeat_within_the_list_fails_and_the_first_is_sent() -> None:
    rows = [a_row(" Sub@Example.co.kr "), a_row("sub@example.co.kr"), a_row("bad", ""), a_row("bad", "")]
    first, again, *bad = judge_rows(rows, registered=(), pending=())
    assert first == InvitationRow("sub@example.co.kr", "최서브", "01022223333")
    assert again is RowFault.REPEATED
    assert bad == [RowFault.EMAIL_INVALID, RowFault.EMAIL_INVALID]


@pytest.mark.rule("IDN-17", "SCH-04")
def test_sent_again_it_lives_fourteen_more_days_under_a_new_link_and_needs_its_proof_anew() -> None:
    proven = replace(an_invitation(), code_id=uuid4(), phone_proven_at=SENT_AT)
    again = proven.send_again(b"other", datetime(2026, 3, 10, 14, 59, tzinfo=UTC), RULES)
    assert again.expires_at == datetime(2026, 3, 24, 15, 0, tzinfo=UTC)
    assert (again.token_hash, again.sendings, again.code_id, again.phone_proven_at) == (b"other", 2, None, None)


def test_it_is_not_mailed_twice_within_a_minute() -> None:
    with pytest.raises(InvitationTooSoonError) as refused:
        an_invitation().send_again(b"other", SENT_AT + timedelta(seconds=59), RULES)
    assert refused.value.retry_after_seconds == 1


@pytest.mark.rule("IDN-17")
def test_it_opens_until_the_last_moment_of_its_days() -> None:
    invitation = an_invitation()
    invitation.require_open(invitation.expires_at - timedelta(microseconds=1))
    with pytest.raises(InvitationNotFoundError):
        invitation.require_open(invitation.expires_at)


@pytest.mark.rule("IDN-16")
def test_only_the_code_that_was_sent_last_proves_the_phone() -> None:
    earlier, later = uuid4(), uuid4()
    invitation = an_invitation().sent_code(earlier).sent_code(later)
    with pytest.raises(StaleChangeError):
        invitation.prove_phone(earlier, SENT_AT)
    invitation.prove_phone(later, SENT_AT).require_proven()
