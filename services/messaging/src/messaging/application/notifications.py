"""Telling members what they want to be told: each cause once, by the ways that they chose (MSG-07)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from contracts.identity import MemberState
from contracts.values import PaymentMethod
from messaging.application.notification_ports import Addressee, Early, NotificationTexts, NotificationWork
from messaging.application.ports import MailTexts, Opener
from messaging.domain.night import MessagePurpose, NightHours
from messaging.domain.notification import (
    NotificationChannel,
    NotificationChoice,
    NotificationKind,
    Occasion,
    check_choices,
    offered_kinds,
)

CAUSES = UUID("5f0c9b52-64b5-4e0c-9a52-7d1c3f0a6d11")
"""The namespace of the ids that causes get: an event said again makes no second message."""
VALUE_LETTERS_MAX = 60
"""Of what a notice takes over from orders: their names are shorter."""


@dataclass(frozen=True)
class News:
    """Something that a member is told. `cause` names it for ever: told again, it changes nothing."""

    member: Addressee
    cause: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Notifying:
    """What telling needs besides its transaction."""

    opener: Opener
    mails: MailTexts
    texts: NotificationTexts
    night: NightHours

    def tell(self, news: News, occasions: Mapping[NotificationChannel, Occasion], work: NotificationWork) -> None:
        """Queue the occasion of each channel; who has withdrawn is told nothing any more."""
        member = news.member
        if member.state is MemberState.WITHDRAWN:
            return
        shown = {name: " ".join(value.split())[:VALUE_LETTERS_MAX] or "-" for name, value in news.values.items()}
        shown["name"] = member.name
        mail, alimtalk = (occasions.get(channel) for channel in NotificationChannel)
        if mail is not None and member.email is not None:
            to, mail_id = self.opener.text(member.email), uuid5(CAUSES, f"{news.cause}/mail")
            work.mails.add(self.mails.render(mail.value, to, mail_id, shown))
        if alimtalk is not None and member.phone is not None:
            to, notice_id = self.opener.text(member.phone), uuid5(CAUSES, f"{news.cause}/alimtalk")
            notice = self.texts.notice(alimtalk, to, notice_id, shown)
            work.notices.add(notice, self.night.held_until(MessagePurpose.NOTICE, work.now()))

    def tell_as(self, kind: NotificationKind, occasion: Occasion, news: News, work: NotificationWork) -> None:
        """Tell an occasion by the ways that the member chose for the kind."""
        choice = work.choices.of(news.member.id)[kind]
        ways = {channel: occasion for channel in NotificationChannel if choice.includes(channel)}
        self.tell(news, ways, work)


def choices_of(
    member_id: UUID, company_id: UUID, work: NotificationWork, *, is_master: bool
) -> list[NotificationChoice]:
    """What a member is offered, with what counts now."""
    chosen = work.choices.of(member_id)
    return [chosen[kind] for kind in _offered(company_id, work, is_master=is_master)]


def choose(
    member_id: UUID,
    company_id: UUID,
    choices: Sequence[NotificationChoice],
    work: NotificationWork,
    *,
    is_master: bool,
) -> list[NotificationChoice]:
    """Keep what a member chose; kinds that are not named stay. Raises `KindNotOffered`, `ChannelMissing`."""
    check_choices(choices, _offered(company_id, work, is_master=is_master))
    work.choices.put(member_id, choices, work.now())
    return choices_of(member_id, company_id, work, is_master=is_master)


def _offered(company_id: UUID, work: NotificationWork, *, is_master: bool) -> tuple[NotificationKind, ...]:
    try:
        pays_later = work.addressees.company(company_id).method is PaymentMethod.POSTPAID
    except Early:
        pays_later = False  # Nothing was heard of it yet: it has no invoice either.
    return offered_kinds(is_master=is_master, pays_later=pays_later)
