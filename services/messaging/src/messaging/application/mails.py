"""Mails: rendered when the occasion is heard, sent by a loop, tried again until the server takes them (MSG-05)."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from contracts.identity import ApplicationDecided, ApplicationSubmitted, DormancyNear, MemberInvited, PasswordResetMade
from contracts.wallet import RefundDecided
from messaging.application.ports import Accepted, Mailer, MailTexts, Opener, Refused, Transaction, UnitOfWork
from messaging.domain.code import PostState

SEOUL = ZoneInfo("Asia/Seoul")


def tell_application_waits(event: ApplicationSubmitted, uow: UnitOfWork, opener: Opener, texts: MailTexts) -> None:
    """Tell the applicant that an operator will look at the application."""
    values = {"company": event.company_name, "name": event.applicant_name}
    uow.mails.add(texts.render("application_submitted", opener.text(event.email), _mail_id(event.subject, 1), values))


def tell_application_decided(event: ApplicationDecided, uow: UnitOfWork, opener: Opener, texts: MailTexts) -> None:
    """Tell the applicant of the approval, or of the rejection with its reason (IDN-07)."""
    occasion = "application_approved" if event.approved else "application_rejected"
    values = {"company": event.company_name, "name": event.applicant_name, "reason": event.reason or ""}
    number = 2 if event.approved else 3
    uow.mails.add(texts.render(occasion, opener.text(event.email), _mail_id(event.subject, number), values))


def tell_invited(event: MemberInvited, uow: UnitOfWork, opener: Opener, texts: MailTexts) -> None:
    """Tell the invitee who invites, until when, and the link of [서비스 초대 수락하기] (IDN-16)."""
    last_day = (event.expires_at - timedelta(microseconds=1)).astimezone(SEOUL)
    values = {
        "company": event.company_name,
        "inviter": event.inviter_name,
        "name": event.invitee_name,
        "last_day": f"{last_day:%Y년 %m월 %d일}",
        "link": opener.text(event.link),
    }
    uow.mails.add(
        texts.render("member_invited", opener.text(event.email), _mail_id(event.subject, event.sending), values)
    )


def tell_password_reset(event: PasswordResetMade, uow: UnitOfWork, opener: Opener, texts: MailTexts) -> None:
    """Mail the link for a new password (IDN-14)."""
    until = event.expires_at.astimezone(SEOUL)
    values = {"name": event.name, "until": f"{until:%H시 %M분}", "link": opener.text(event.link)}
    uow.mails.add(texts.render("password_reset", opener.text(event.email), _mail_id(event.subject, 1), values))


def tell_dormancy_near(event: DormancyNear, uow: UnitOfWork, opener: Opener, texts: MailTexts) -> None:
    """Warn the member who did not log in for long (IDN-19)."""
    values = {"name": event.name, "day": f"{event.dormant_at.astimezone(SEOUL):%Y년 %m월 %d일}"}
    uow.mails.add(texts.render("dormancy_near", opener.text(event.email), _mail_id(event.subject, 1), values))


def tell_refund_decided(event: RefundDecided, uow: UnitOfWork, opener: Opener, texts: MailTexts) -> None:
    """Tell the member how its refund ended (WAL-10); one that the wallet has no address of is not told."""
    if event.email is None:
        return
    values = {
        "company": event.company_name,
        "name": event.member_name,
        "amount": f"{event.amount_krw:,}",
        "payout": f"{event.payout_krw:,}",
        "reason": event.reason or "",
    }
    to, mail_id = opener.text(event.email), _mail_id(event.subject, 4)
    uow.mails.add(texts.render(f"refund_{event.outcome.value}", to, mail_id, values))


def _mail_id(subject: str, occasion: int) -> UUID:
    """One id a subject and occasion, so that an event said twice makes one mail."""
    return UUID(int=UUID(subject).int ^ occasion)


class SendMails:
    """One portion of the loop that sends mails."""

    def __init__(
        self, transaction: Transaction, mailer: Mailer, *, lease: timedelta, crash_point: Callable[[str], None]
    ) -> None:
        self._transaction = transaction
        self._mailer = mailer
        self._lease = lease
        self._crash_point = crash_point

    def __call__(self) -> bool:
        """Send the next mail that is due; whether there was one.

        A mail whose fate is unknown is sent again under the same Message-ID: twice is a nuisance, never is a loss.
        """
        with self._transaction() as uow:
            mail = uow.mails.claim(self._lease, uow.now())
        if mail is None:
            return False
        self._crash_point("after_claim")
        outcome = self._mailer.send(mail)
        self._crash_point("after_call")
        with self._transaction() as uow:
            match outcome:
                case Accepted():
                    uow.mails.settle(mail.id, PostState.SENT, "")
                case Refused(code=reason):
                    uow.mails.settle(mail.id, PostState.FAILED, reason)
                case _:
                    uow.mails.postpone(mail.id, outcome.code, uow.now())
        return True
