"""What happens to applications, invitations and accounts, of which people are told by mail."""

from collections.abc import Callable

from contracts.identity import ApplicationDecided, ApplicationSubmitted, DormancyNear, MemberInvited, PasswordResetMade
from messaging.application.mails import (
    tell_application_decided,
    tell_application_waits,
    tell_dormancy_near,
    tell_invited,
    tell_password_reset,
)
from messaging.application.ports import MailTexts, Opener, UnitOfWork


def application_submitted(opener: Opener, texts: MailTexts) -> Callable[[ApplicationSubmitted, UnitOfWork], None]:
    """Mail the applicant that the application waits."""
    return lambda event, uow: tell_application_waits(event, uow, opener, texts)


def application_decided(opener: Opener, texts: MailTexts) -> Callable[[ApplicationDecided, UnitOfWork], None]:
    """Mail the applicant the decision."""
    return lambda event, uow: tell_application_decided(event, uow, opener, texts)


def member_invited(opener: Opener, texts: MailTexts) -> Callable[[MemberInvited, UnitOfWork], None]:
    """Mail the invitee the link."""
    return lambda event, uow: tell_invited(event, uow, opener, texts)


def password_reset_made(opener: Opener, texts: MailTexts) -> Callable[[PasswordResetMade, UnitOfWork], None]:
    """Mail the member the link for a new password."""
    return lambda event, uow: tell_password_reset(event, uow, opener, texts)


def dormancy_near(opener: Opener, texts: MailTexts) -> Callable[[DormancyNear, UnitOfWork], None]:
    """Warn the member by mail."""
    return lambda event, uow: tell_dormancy_near(event, uow, opener, texts)
