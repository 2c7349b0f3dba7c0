"""What happens to applications, of which applicants are told by mail."""

from collections.abc import Callable

from contracts.identity import ApplicationDecided, ApplicationSubmitted
from messaging.application.mails import tell_application_decided, tell_application_waits
from messaging.application.ports import MailTexts, Opener, UnitOfWork


def application_submitted(opener: Opener, texts: MailTexts) -> Callable[[ApplicationSubmitted, UnitOfWork], None]:
    """Mail the applicant that the application waits."""
    return lambda event, uow: tell_application_waits(event, uow, opener, texts)


def application_decided(opener: Opener, texts: MailTexts) -> Callable[[ApplicationDecided, UnitOfWork], None]:
    """Mail the applicant the decision."""
    return lambda event, uow: tell_application_decided(event, uow, opener, texts)
