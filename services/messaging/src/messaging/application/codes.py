"""One-time codes: in a lane of their own, dropped when late, never sent twice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from contracts.messaging import SendCode
from messaging.application.ports import (
    Accepted,
    HandOver,
    Later,
    Lost,
    Mailer,
    MailTexts,
    MessageProvider,
    Opener,
    Refused,
    Sms,
    Transaction,
    UnitOfWork,
)
from messaging.domain.code import CodeChannel, OutgoingCode, PostState


def queue_code(request: SendCode, uow: UnitOfWork, opener: Opener) -> None:
    """Queue a code; one that is late already is dropped."""
    code = OutgoingCode(
        id=request.code_id,
        purpose=request.purpose.value,
        channel=CodeChannel(request.channel.value),
        to=opener.text(request.to),
        code=opener.text(request.code),
        expires_at=request.expires_at,
    )
    if not code.is_late(uow.now()):
        uow.codes.add(code)


@dataclass(frozen=True)
class CodeTexts:
    """What stands around a code in an SMS; `{service}` and `{code}` are filled."""

    service_name: str
    sms_text: str

    def sms(self, code: OutgoingCode) -> str:
        """The SMS of a code."""
        return self.sms_text.format(service=self.service_name, code=code.code)


Post = Callable[[Sequence[OutgoingCode]], Sequence[HandOver]]
"""Hands codes over, each once; the outcomes in the same order."""


def by_sms(provider: MessageProvider, texts: CodeTexts) -> Post:
    """Codes as SMSs, side by side: one that the provider keeps waiting holds no other up."""
    return lambda codes: provider.send_sms([Sms(code.id, code.to, texts.sms(code)) for code in codes])


def by_mail(mailer: Mailer, texts: MailTexts) -> Post:
    """Codes as mails."""

    def send(code: OutgoingCode) -> HandOver:
        return mailer.send(texts.render("code", code.to, code.id, {"code": code.code, "purpose": code.purpose}))

    return lambda codes: [send(code) for code in codes]


class SendCodes:
    """One portion of the loop that sends the codes of a channel: neither waits for the other's provider."""

    def __init__(
        self,
        transaction: Transaction,
        channel: CodeChannel,
        post: Post,
        *,
        rows_max: int,
        retry_after: timedelta,
        crash_point: Callable[[str], None],
    ) -> None:
        self._transaction = transaction
        self._channel = channel
        self._post = post
        self._rows_max = rows_max
        self._retry_after = retry_after
        self._crash_point = crash_point

    def __call__(self) -> bool:
        """Send the codes that wait; whether there were any.

        A code is marked as sent before the call: one lost in a crash is asked for anew by the person who waits for it,
        and a second SMS with the same code never goes out.
        """
        with self._transaction() as uow:
            codes = uow.codes.claim(self._channel, self._rows_max, uow.now())
            late = [code for code in codes if code.is_late(uow.now())]
            for code in late:
                uow.codes.settle(code.id, PostState.EXPIRED, "late")
            due = [code for code in codes if code not in late]
            uow.codes.claimed([code.id for code in due])
        if not codes:
            return False
        self._crash_point("after_claim")
        if due:
            outcomes = self._post(due)
            self._crash_point("after_call")
            with self._transaction() as uow:
                for code, outcome in zip(due, outcomes, strict=True):
                    self._record(code, outcome, uow)
        return True

    def _record(self, code: OutgoingCode, outcome: HandOver, uow: UnitOfWork) -> None:
        match outcome:
            case Accepted():
                uow.codes.settle(code.id, PostState.SENT, "")
            case Later(code=reason):
                uow.codes.postpone(code.id, reason, uow.now() + self._retry_after)
            case Refused(code=reason) | Lost(code=reason):
                uow.codes.settle(code.id, PostState.FAILED, reason)
