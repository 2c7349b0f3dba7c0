"""What members want to be told, and by which way (MSG-07)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from messaging.domain.errors import MessagingError


class NotificationKind(StrEnum):
    """발송 완료, 발송 실패, 잔액 부족, 청구서 발행, 기념일 발송 중지."""

    ORDER_DONE = "order_done"
    ORDER_FAILURES = "order_failures"
    BALANCE_LOW = "balance_low"
    INVOICE_READY = "invoice_ready"
    PLAN_STOPPED = "plan_stopped"
    """Also what else keeps an anniversary order from being sent (ANN-05, ANN-08, ANN-09)."""


class NotificationChannel(StrEnum):
    """The ways of a notification."""

    MAIL = "mail"
    ALIMTALK = "alimtalk"


@dataclass(frozen=True)
class NotificationChoice:
    """Whether a kind is told by mail, by alimtalk, by both or not at all."""

    kind: NotificationKind
    mail: bool
    alimtalk: bool

    def includes(self, channel: NotificationChannel) -> bool:
        """Whether it is told this way."""
        return self.mail if channel is NotificationChannel.MAIL else self.alimtalk


_K = NotificationKind
DEFAULTS: Mapping[NotificationKind, NotificationChoice] = {
    _K.ORDER_DONE: NotificationChoice(_K.ORDER_DONE, mail=True, alimtalk=False),
    _K.ORDER_FAILURES: NotificationChoice(_K.ORDER_FAILURES, mail=True, alimtalk=True),
    _K.BALANCE_LOW: NotificationChoice(_K.BALANCE_LOW, mail=True, alimtalk=True),
    _K.INVOICE_READY: NotificationChoice(_K.INVOICE_READY, mail=True, alimtalk=False),
    _K.PLAN_STOPPED: NotificationChoice(_K.PLAN_STOPPED, mail=True, alimtalk=True),
}
"""What counts for a member who chose nothing; the order is that of the form."""
OF_MASTERS = frozenset({_K.BALANCE_LOW, _K.INVOICE_READY})
"""Kinds about the company's money, which sub-members do not look after."""
ALWAYS_TOLD = frozenset({_K.PLAN_STOPPED})
"""Rules promise that the member is told; the member chooses how, not whether (ANN-05, ANN-08, ANN-09)."""


class KindNotOffered(MessagingError):
    """A kind that this member is never told."""

    def __init__(self, kind: NotificationKind) -> None:
        super().__init__(f"{kind} is not offered to this member")
        self.kind = kind.value


class ChannelMissing(MessagingError):
    """A kind that is always told needs at least one way."""

    def __init__(self, kind: NotificationKind) -> None:
        super().__init__(f"{kind} needs mail or alimtalk")
        self.kind = kind.value


def offered_kinds(*, is_master: bool, pays_later: bool) -> tuple[NotificationKind, ...]:
    """The kinds that a member chooses about; invoices are for postpaid companies only."""
    return tuple(
        kind
        for kind in DEFAULTS
        if (is_master or kind not in OF_MASTERS) and (pays_later or kind is not NotificationKind.INVOICE_READY)
    )


def check_choices(choices: Iterable[NotificationChoice], offered: Sequence[NotificationKind]) -> None:
    """Raises `KindNotOffered`, `ChannelMissing`."""
    for choice in choices:
        if choice.kind not in offered:
            raise KindNotOffered(choice.kind)
        if choice.kind in ALWAYS_TOLD and not (choice.mail or choice.alimtalk):
            raise ChannelMissing(choice.kind)


class Occasion(StrEnum):
    """What happened; each has a mail and an alimtalk of its own."""

    ORDER_DONE = "order_done"
    ORDER_FAILURES = "order_failures"
    CHOICES_STOPPED = "choices_stopped"
    BALANCE_LOW = "balance_low"
    INVOICE_READY = "invoice_ready"
    PLAN_STOPPED = "plan_stopped"
    PLAN_REJECTED = "plan_rejected"
    FORECAST_SHORT = "forecast_short"


def ways_of_failures(choice: NotificationChoice) -> tuple[NotificationChannel, ...]:
    """How an orderer is told that choices came to nothing: as of failures, and by mail who wants to hear of none.

    ORD-27 promises that the orderer is told; the money is back without anybody having done anything.
    """
    chosen = tuple(channel for channel in NotificationChannel if choice.includes(channel))
    return chosen or (NotificationChannel.MAIL,)


def order_occasion(
    choices: Mapping[NotificationKind, NotificationChoice], channel: NotificationChannel, *, not_reached: int
) -> Occasion | None:
    """What a sent order is told as on a channel: one message, never two; None when the member wants none.

    Failures are told as such to who asked for them; who asked only for finished orders reads the counts there.
    """
    if not_reached and choices[NotificationKind.ORDER_FAILURES].includes(channel):
        return Occasion.ORDER_FAILURES
    return Occasion.ORDER_DONE if choices[NotificationKind.ORDER_DONE].includes(channel) else None
