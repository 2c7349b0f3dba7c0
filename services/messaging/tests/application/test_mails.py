"""Applicants are told by mail, once, and a mail server's moods lose nothing."""

from datetime import timedelta

import pytest
from messaging_parts import Parts

from chassis.clock import FixedClock
from chassis.consumer import Consumer
from chassis.database import Database
from chassis.ids import new_id
from chassis.sealing import Sealer
from chassis.testing.events import deliver
from contracts.identity import ApplicationDecided, ApplicationSubmitted, DormancyNear, MemberInvited, PasswordResetMade
from contracts.wallet import RefundDecided, RefundOutcome
from messaging.main import consumers
from messaging.settings import Settings
from sandbox.testing import RunningSandbox


@pytest.fixture
def lane(wired_settings: Settings, database: Database, fixed_clock: FixedClock) -> Consumer:
    return next(each for each in consumers(wired_settings, database, fixed_clock) if each.queue.lane == "mail")


def letters(world: RunningSandbox) -> list[dict]:
    return world.control("GET", "/journal/letters")["items"]


def decided(sealer: Sealer, *, to: str = "kim@hanbit.example", reason: str | None = None) -> ApplicationDecided:
    return ApplicationDecided(
        application_id=new_id(),
        company_name="한빛 & 상사 <주>",
        applicant_name="김하나",
        email=sealer.seal_text(to),
        approved=reason is None,
        reason=reason,
        decided_at="2026-03-02T00:00:00Z",
    )


@pytest.mark.rule("MSG-05", "IDN-07")
def test_a_rejection_tells_its_reason_in_text_and_html(
    lane: Consumer, parts: Parts, world: RunningSandbox, sealer: Sealer
) -> None:
    deliver(lane, decided(sealer, reason="등록증을 읽을 수 없습니다."), times=2)
    parts.settle()
    (letter,) = letters(world)
    assert letter["to"] == ["kim@hanbit.example"]
    assert letter["subject"] == "[쿠팡비즈] 회원가입 신청이 반려되었습니다"
    for part in (letter["text"], letter["html"]):
        assert "등록증을 읽을 수 없습니다." in part
        assert "김하나님" in part
    assert "한빛 & 상사 <주>" in letter["text"]
    assert "한빛 &amp; 상사 &lt;주&gt;" in letter["html"]


@pytest.mark.rule("MSG-05")
def test_submission_and_approval_are_told_too(
    lane: Consumer, parts: Parts, world: RunningSandbox, sealer: Sealer
) -> None:
    approval = decided(sealer)
    submission = ApplicationSubmitted(
        application_id=approval.application_id,
        company_name="한빛상사",
        applicant_name="김하나",
        email=approval.email,
        submitted_at="2026-03-01T00:00:00Z",
    )
    deliver(lane, submission)
    deliver(lane, approval)
    parts.settle()
    assert {letter["subject"] for letter in letters(world)} == {
        "[쿠팡비즈] 회원가입 신청이 접수되었습니다",
        "[쿠팡비즈] 회원가입이 승인되었습니다",
    }


@pytest.mark.rule("MSG-05", "IDN-16")
def test_an_invitation_names_the_inviter_and_holds_its_button(
    lane: Consumer, parts: Parts, world: RunningSandbox, sealer: Sealer
) -> None:
    link = "https://pages.example.co.kr/invitations#a-token"
    invited = MemberInvited(
        invitation_id=new_id(),
        sending=1,
        company_name="한빛상사",
        inviter_name="김하나",
        invitee_name="이두리",
        email=sealer.seal_text("lee@hanbit.example"),
        link=sealer.seal_text(link),
        sent_at="2026-03-02T00:00:00Z",
        expires_at="2026-03-16T15:00:00Z",
    )
    deliver(lane, invited, times=2)
    deliver(lane, invited.model_copy(update={"sending": 2}))
    parts.settle()
    letter, again = letters(world)
    assert letter["subject"] == again["subject"] == "[쿠팡비즈] 김하나님이 서브회원으로 초대하였습니다"
    assert link in letter["text"].splitlines()
    assert "2026년 03월 16일까지" in letter["text"]
    assert f'<a href="{link}"' in letter["html"]
    assert ">서비스 초대 수락하기</a>" in letter["html"]


@pytest.mark.rule("MSG-05", "IDN-14")
def test_a_forgotten_password_is_answered_with_a_button(
    lane: Consumer, parts: Parts, world: RunningSandbox, sealer: Sealer
) -> None:
    link = "https://pages.example.co.kr/password-resets#a-token"
    made = PasswordResetMade(
        reset_id=new_id(),
        name="김하나",
        email=sealer.seal_text("kim@hanbit.example"),
        link=sealer.seal_text(link),
        expires_at="2026-03-02T00:30:00Z",
    )
    deliver(lane, made, times=2)
    parts.settle()
    (letter,) = letters(world)
    assert letter["subject"] == "[쿠팡비즈] 비밀번호 재설정 안내"
    assert link in letter["text"].splitlines()
    assert "09시 30분까지" in letter["text"]
    assert f'<a href="{link}"' in letter["html"]


@pytest.mark.rule("MSG-05", "IDN-19")
def test_a_member_is_warned_of_dormancy_once_a_warning(
    lane: Consumer, parts: Parts, world: RunningSandbox, sealer: Sealer
) -> None:
    near = DormancyNear(
        warning_id=new_id(),
        member_id=new_id(),
        name="김하나",
        email=sealer.seal_text("kim@hanbit.example"),
        dormant_at="2027-03-02T00:00:00Z",
    )
    deliver(lane, near, times=2)
    parts.settle()
    (letter,) = letters(world)
    assert letter["subject"] == "[쿠팡비즈] 휴면 전환 예정 안내"
    assert "2027년 03월 02일" in letter["text"]


def test_a_mail_is_tried_again_while_the_server_says_later(
    lane: Consumer, parts: Parts, database: Database, world: RunningSandbox, sealer: Sealer, fixed_clock: FixedClock
) -> None:
    deliver(lane, decided(sealer, to="kim+451@hanbit.example"))
    for _ in range(3):
        assert parts.turn("mails")
        assert not parts.turn("mails")
        fixed_clock.advance(timedelta(minutes=1))
    with database.transaction() as session:
        rows = session.connection().exec_driver_sql("SELECT state, reason, tries FROM mails").all()
    assert rows == [("queued", "451", 3)]


def test_a_mail_that_is_refused_for_good_is_given_up_and_forgotten(
    lane: Consumer, parts: Parts, database: Database, sealer: Sealer
) -> None:
    deliver(lane, decided(sealer, to="kim+550@hanbit.example"))
    parts.settle()
    with database.transaction() as session:
        rows = session.connection().exec_driver_sql('SELECT state, reason, "to", text FROM mails').all()
    assert rows == [("failed", "550", None, None)]


@pytest.mark.rule("MSG-05", "WAL-10")
@pytest.mark.parametrize(
    ("outcome", "subject", "words"),
    [
        ("completed", "[쿠팡비즈] 환불이 완료되었습니다", ("20,000원", "18,000원")),
        ("rejected", "[쿠팡비즈] 환불 요청이 반려되었습니다", ("20,000원", "통장사본을 읽을 수 없습니다.")),
        ("cancelled", "[쿠팡비즈] 환불 요청이 취소되었습니다", ("20,000원", "전액 충전금으로 환급")),
    ],
)
def test_a_member_is_told_once_how_its_refund_ended(
    outcome: str,
    subject: str,
    words: tuple[str, ...],
    lane: Consumer,
    parts: Parts,
    world: RunningSandbox,
    sealer: Sealer,
) -> None:
    event = RefundDecided(
        refund_id=new_id(),
        company_id=new_id(),
        member_id=new_id(),
        outcome=RefundOutcome(outcome),
        amount_krw=20_000,
        payout_krw=18_000,
        reason="통장사본을 읽을 수 없습니다." if outcome == "rejected" else None,
        company_name="한빛상사",
        member_name="김하나",
        email=sealer.seal_text("kim@hanbit.example"),
        decided_at="2026-03-02T00:00:00Z",
    )
    deliver(lane, event, times=2)
    parts.settle()
    (letter,) = letters(world)
    assert (letter["to"], letter["subject"]) == (["kim@hanbit.example"], subject)
    assert all(word in letter[part] for word in words for part in ("text", "html"))
