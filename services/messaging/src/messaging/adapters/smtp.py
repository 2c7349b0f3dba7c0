"""Mail over SMTP."""

import smtplib
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from chassis.rate import TokenBucket
from messaging.application.ports import Accepted, HandOver, Later, Lost, Refused
from messaging.domain.mail import Mail

PERMANENT = 500


@dataclass(frozen=True)
class MailServer:
    """Where mails are handed over. Without a user name nothing is said about who we are, as inside a cluster."""

    host: str
    port: int
    sender: str
    sender_name: str
    timeout_seconds: float
    user: str = ""
    password: str = field(default="", repr=False)
    starttls: bool = False


class SmtpMailer:
    """`Mailer` over SMTP, one connection a mail, and so many a second at most."""

    def __init__(self, server: MailServer, *, per_second_max: float | None = None) -> None:
        self._server = server
        self._turns = None if per_second_max is None else TokenBucket(per_second_max)

    def send(self, mail: Mail) -> HandOver:
        """Hand one mail over, when it is its turn."""
        if self._turns is not None:
            self._turns.wait()
        message = self._message(mail)
        handed_over = False
        try:
            with smtplib.SMTP(self._server.host, self._server.port, timeout=self._server.timeout_seconds) as smtp:
                if self._server.starttls:
                    smtp.starttls()
                if self._server.user:
                    smtp.login(self._server.user, self._server.password)
                handed_over = True
                smtp.send_message(message)
        except smtplib.SMTPRecipientsRefused as refusal:
            return _answered(*next(iter(refusal.recipients.values())))
        except smtplib.SMTPResponseException as refusal:
            return _answered(refusal.smtp_code, refusal.smtp_error)
        except (smtplib.SMTPException, OSError) as failure:
            return (Lost if handed_over else Later)(type(failure).__name__)
        return Accepted()

    def _message(self, mail: Mail) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        domain = self._server.sender.rpartition("@")[2]
        message["Subject"] = mail.subject
        message["From"] = Address(self._server.sender_name, addr_spec=self._server.sender)
        message["To"] = mail.to
        message["Message-ID"] = f"<{mail.id.hex}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.text)
        message.add_alternative(mail.html, subtype="html")
        return message


def _answered(code: int, _text: bytes | str) -> HandOver:
    return Refused(str(code)) if code >= PERMANENT else Later(str(code))
