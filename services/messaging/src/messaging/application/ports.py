"""What the use cases need from the outside."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from contracts.audit import Act
from contracts.event import Event
from contracts.ordering.dispatches import DispatchRecipient
from contracts.values import Sealed
from messaging.domain.card import Card
from messaging.domain.code import CodeChannel, OutgoingCode, PostState
from messaging.domain.delivery import Channel, Delivery, DeliveryState
from messaging.domain.mail import Mail
from messaging.domain.notice import Notice
from messaging.domain.report import RawReport, ReportCount, ReportWay
from messaging.domain.template import Template


@dataclass(frozen=True)
class Batch:
    """A chunk of an order that is to be told; (order, chunk, wave) names it for ever."""

    id: UUID
    order_id: UUID
    company_id: UUID
    chunk_no: int
    wave: int
    template_id: UUID
    template_version: int
    send_title: str
    requested_at: datetime
    sender_profile_id: UUID | None = None


@dataclass(frozen=True)
class Report:
    """What the provider reports of one message; `reached` is None while even the provider does not know."""

    delivery_id: UUID
    reached: bool | None
    channel: Channel | None
    code: str
    provider_key: str = ""
    """The provider's own key of the message; what it does not sign counts only with that, once we know it."""


@dataclass(frozen=True)
class Outgoing:
    """A delivery with what the provider needs besides."""

    delivery: Delivery = field(repr=False)
    template: Template
    send_title: str
    sender_key: str | None = None
    """Of the chosen sender profile while it can be used; none means the service's own (MSG-01, MSG-03)."""
    picture: str = ""
    """The provider's key of the card; empty where there is none, or the provider does not have it."""


@dataclass(frozen=True)
class Sms:
    """A short message under a key of ours."""

    key: UUID
    to: str = field(repr=False)
    text: str = field(repr=False)


@dataclass(frozen=True)
class Accepted:
    """The other side has it, under its own key where it says one."""

    key: str = ""


@dataclass(frozen=True)
class Refused:
    """The other side will never take it."""

    code: str


@dataclass(frozen=True)
class Later:
    """Surely not done; worth another try."""

    code: str


@dataclass(frozen=True)
class Lost:
    """Perhaps done: no answer came."""

    code: str


HandOver = Accepted | Refused | Later | Lost


class Templates(Protocol):
    """Message templates by id and version."""

    def get(self, template_id: UUID, version: int) -> Template:
        """Raises `TemplateNotFound`."""

    def latest_for_update(self, template_id: UUID) -> Template | None:
        """The newest version, locked; None for an id never used."""

    def add(self, template: Template) -> None:
        """Store a new version."""

    def save(self, template: Template) -> None:
        """Store where a version stands, and under which code."""

    def newest(self) -> Sequence[Template]:
        """The newest version of each template, by theme and name."""

    def told(self) -> Sequence[Template]:
        """Of each template the newest version that was approved or withdrawn, by theme and name."""

    def told_of(self, template_id: UUID) -> Template | None:
        """Of one template the newest version that was approved or withdrawn."""

    def code_stands_for_another(self, template: Template) -> bool:
        """Whether the code was submitted or approved for another text than this one's."""

    def claim_submitted(self, lease: timedelta, now: datetime) -> Template | None:
        """A submitted version that is due, for this worker under a lease of the database's clock."""

    def look_again(self, template: Template, at: datetime) -> None:
        """Let a submitted version wait until then."""


class Cards(Protocol):
    """Pictures of templates, and under which keys providers have them."""

    def add(self, card: Card) -> None:
        """Keep a picture; the same again changes nothing."""

    def get(self, key: str) -> Card | None:
        """A picture; None for a key that is none of ours."""

    def uploaded(self, keys: Collection[str], provider: str, since: datetime) -> Mapping[str, str]:
        """The provider's keys of those pictures that were uploaded to it since then."""

    def note_upload(self, key: str, provider: str, file_key: str, now: datetime) -> None:
        """The provider has a picture, under this key of its own."""


class Deliveries(Protocol):
    """Messages to recipients."""

    def add(self, batch: Batch, deliveries: Sequence[Delivery]) -> bool:
        """Store a batch with its deliveries; False when it is there already."""

    def claim(
        self, rows_max: int, lease: timedelta, now: datetime, sent_as: Channel = Channel.ALIMTALK
    ) -> Sequence[Outgoing]:
        """Queued deliveries of a channel that are due, claimed under a lease of the database's clock."""

    def add_mms(self, rows: Sequence[Delivery]) -> None:
        """Store MMSs in the place of alimtalks; the database refuses a second one for a recipient of a batch."""

    def mms_in_place_of(self, alimtalks: Sequence[Delivery]) -> Sequence[Delivery]:
        """The MMSs that stand in the place of these, locked."""

    def lock_handing_over(self, delivery_ids: Sequence[UUID]) -> Collection[UUID]:
        """Lock deliveries in the order of their ids; those of them that are being handed over still."""

    def for_update(self, delivery_ids: Sequence[UUID]) -> Sequence[Delivery]:
        """Deliveries by id, locked; unknown ids are left out."""

    def abandoned(self, rows_max: int) -> Sequence[Delivery]:
        """Deliveries whose worker's lease ended in the middle of a call, locked."""

    def without_report(self, handed_over_before: datetime, rows_max: int) -> Sequence[Delivery]:
        """Deliveries handed over before and not settled, locked."""

    def save(self, deliveries: Sequence[Delivery]) -> None:
        """Store the changed ones."""

    def page(
        self, *, order_id: UUID | None, state: DeliveryState | None, before: UUID | None, limit: int
    ) -> Sequence[tuple[Delivery, UUID]]:
        """Deliveries with their order's id, newest first; `before` is the id that the last page ended with."""

    def batches(self, batch_ids: Iterable[UUID]) -> Mapping[UUID, Batch]:
        """The batches by id."""


class Reports(Protocol):
    """Raw reports, stored before they are understood."""

    def add(self, keyed: Sequence[tuple[str, str]], now: datetime, way: ReportWay) -> int:
        """Store reports, by key and body, in one statement; how many were new."""

    def waiting(self, rows_max: int, now: datetime) -> Sequence[RawReport]:
        """Reports to be matched now, locked."""

    def settle(self, report_ids: Sequence[UUID]) -> None:
        """These matched, or will never mean anything."""

    def postpone(self, report_ids: Sequence[UUID], now: datetime) -> None:
        """These match nothing yet; they are tried again."""

    def give_up(self, report_ids: Sequence[UUID]) -> None:
        """These matched nothing for long enough: operators look at them."""

    def unmatched(self, *, before: UUID | None, limit: int) -> Sequence[RawReport]:
        """Reports that were given up, newest first; `before` is the id that the last page ended with."""

    def counts(self, since: datetime) -> Sequence[ReportCount]:
        """Reports by Seoul day, newest first."""


class Codes(Protocol):
    """One-time codes on their way."""

    def add(self, code: OutgoingCode) -> bool:
        """Queue a code; False when it is there already."""

    def claim(self, channel: CodeChannel, rows_max: int, now: datetime) -> Sequence[OutgoingCode]:
        """Queued codes of a channel that are due, locked until the transaction ends, oldest first."""

    def known(self, ids: Sequence[UUID]) -> Set[UUID]:
        """Which of the ids are those of codes, or of members' notices."""

    def settle(self, code_id: UUID, state: PostState, reason: str) -> None:
        """Note the end and forget code and target."""

    def claimed(self, code_ids: Sequence[UUID]) -> None:
        """Note that codes are about to leave, so that they leave once."""

    def postpone(self, code_id: UUID, reason: str, next_try_at: datetime) -> None:
        """Queue a code again that surely did not leave."""


class Mails(Protocol):
    """Mails on their way."""

    def add(self, mail: Mail) -> bool:
        """Queue a mail; False when it is there already."""

    def claim(self, lease: timedelta, now: datetime) -> Mail | None:
        """The next queued mail that is due, leased to this worker."""

    def settle(self, mail_id: UUID, state: PostState, reason: str) -> None:
        """Note the end and forget text and target."""

    def postpone(self, mail_id: UUID, reason: str, now: datetime) -> None:
        """Try again after a growing wait."""


class Opener(Protocol):
    """Opens sealed values."""

    def recipient(self, sealed: Sealed[DispatchRecipient]) -> DispatchRecipient:
        """What a message needs of its recipient."""

    def text(self, sealed: Sealed[str]) -> str:
        """A sealed text."""


class MailTexts(Protocol):
    """Mail texts by occasion."""

    def render(self, occasion: str, to: str, mail_id: UUID, values: Mapping[str, str]) -> Mail:
        """The mail of an occasion, with HTML and text part."""


class Outbox(Protocol):
    """Events of the transaction."""

    def add(self, event: Event) -> None:
        """Say an event when the transaction commits."""

    def add_all(self, events: Iterable[Event]) -> None:
        """Say several events when the transaction commits."""

    def add_act(self, operator_id: UUID, act: Act) -> None:
        """Say what an operator did, for the audit log (IDN-24)."""


class UnitOfWork(Protocol):
    """One transaction: what it reads, writes and says."""

    @property
    def templates(self) -> Templates: ...
    @property
    def cards(self) -> Cards: ...
    @property
    def deliveries(self) -> Deliveries: ...
    @property
    def reports(self) -> Reports: ...
    @property
    def codes(self) -> Codes: ...
    @property
    def mails(self) -> Mails: ...
    @property
    def outbox(self) -> Outbox: ...

    def now(self) -> datetime:
        """The business clock, aware and UTC."""

    def new_id(self) -> UUID:
        """A fresh id."""


class MessageProvider(Protocol):
    """Alimtalk, MMS and SMS.

    Exactly one side falls back from alimtalk to MMS: the provider where it declares that it does (`falls_back`), and
    then we never do; else we do, after a failure that merits it.
    """

    name: str
    falls_back: bool

    def merits_mms(self, code: str) -> bool:
        """Whether an alimtalk that ended with this code surely never arrived, and an MMS may: by the table of codes."""

    def upload(self, picture: bytes) -> str | None:
        """The provider's key of a picture; None where what it sends carries none, or it does not take one now."""

    def send(self, messages: Sequence[Outgoing]) -> list[HandOver]:
        """Hand messages of one channel over, each once; the outcomes in the same order."""

    def send_sms(self, messages: Sequence[Sms]) -> list[HandOver]:
        """Hand SMSs over side by side, each once; the outcomes in the same order."""

    def send_notice(self, notice: Notice) -> HandOver:
        """Hand a member's alimtalk over, by the service's own profile."""

    def pushed(self, body: str, header: Callable[[str], str | None]) -> Sequence[str]:
        """The single reports of a push, as they came; none when it does not carry what the provider's pushes carry."""

    def read_report(self, body: str) -> Report | None:
        """What a raw report says; None when it is about nothing of ours."""

    def fetch_reports(self) -> Sequence[tuple[str, str]]:
        """Reports that can be fetched: key and raw body; an empty list when the provider does not answer."""

    def confirm_reports(self, bodies: Sequence[str]) -> None:
        """Tell the provider that these were stored."""

    def report_key(self, body: str) -> str | None:
        """What makes a report the same as another; None for what is no report."""


class Mailer(Protocol):
    """Mail over SMTP."""

    def send(self, mail: Mail) -> HandOver:
        """Hand one mail over."""


Transaction = Callable[[], AbstractContextManager[UnitOfWork]]
"""Opens a transaction that commits at the end of its block."""
