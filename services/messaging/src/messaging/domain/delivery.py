"""One recipient's message on its way: handed over to the provider at most once, whatever fails (MSG-01, MSG-02)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from messaging.domain.errors import IllegalTransition


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    QUEUED = "queued"
    HANDING_OVER = "handing_over"
    HANDED_OVER = "handed_over"
    IN_DOUBT = "in_doubt"
    SUCCESS = "success"
    FAILED = "failed"
    FALLEN_BACK = "fallen_back"
    WITHDRAWN = "withdrawn"


class DeliveryStep(StrEnum):
    """What happens to a delivery."""

    CLAIMED = "claimed"
    NOT_SENT = "not_sent"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    LOST = "lost"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    GIVEN_UP = "given_up"
    FELL_BACK = "fell_back"
    OVERTAKEN = "overtaken"


class Channel(StrEnum):
    """By which way a message goes: what we hand over, and what the recipient really got."""

    ALIMTALK = "alimtalk"
    MMS = "mms"


_S, _E = DeliveryState, DeliveryStep
_UNDER_WAY = (_S.HANDING_OVER, _S.HANDED_OVER, _S.IN_DOUBT)

TRANSITIONS: dict[tuple[DeliveryState, DeliveryStep], DeliveryState] = {
    (_S.QUEUED, _E.CLAIMED): _S.HANDING_OVER,
    (_S.HANDING_OVER, _E.NOT_SENT): _S.QUEUED,
    (_S.HANDING_OVER, _E.ACCEPTED): _S.HANDED_OVER,
    (_S.HANDING_OVER, _E.REFUSED): _S.FAILED,
    (_S.HANDING_OVER, _E.LOST): _S.IN_DOUBT,
    **{(state, _E.DELIVERED): _S.SUCCESS for state in _UNDER_WAY},
    **{(state, _E.UNDELIVERED): _S.FAILED for state in _UNDER_WAY},
    **{(state, _E.GIVEN_UP): _S.FAILED for state in (_S.HANDED_OVER, _S.IN_DOUBT)},
    # The late truth: a report of success after a failure, or after we gave up waiting, still counts.
    (_S.FAILED, _E.DELIVERED): _S.SUCCESS,
    # Where the provider does not fall back itself, an alimtalk that surely failed is followed by one MMS of ours. What
    # was given up is FAILED and has no such step: nothing follows an unknown outcome.
    **{(state, _E.FELL_BACK): _S.FALLEN_BACK for state in _UNDER_WAY},
    (_S.FALLEN_BACK, _E.DELIVERED): _S.SUCCESS,
    (_S.QUEUED, _E.OVERTAKEN): _S.WITHDRAWN,
}
"""Every allowed step; all others are refused. IN_DOUBT has no way back to QUEUED: it is never handed over again."""

SETTLED = frozenset({DeliveryState.SUCCESS, DeliveryState.FAILED})
"""What is said of a recipient. A delivery that fell back says nothing: the MMS in its place does."""


@dataclass(frozen=True)
class Delivery:
    """A message to one recipient. The id is our key at the provider, stored before the provider hears of it.

    `sent_as` is what we hand over. An MMS of ours in the place of an alimtalk is a delivery of its own, under a key of
    its own: it is claimed, handed over, waited for and reported like any other.
    """

    id: UUID
    batch_id: UUID
    line_id: UUID
    phone: str
    text: str
    link: str
    state: DeliveryState = DeliveryState.QUEUED
    channel: Channel | None = None
    code: str = ""
    tries: int = 0
    next_try_at: datetime | None = None
    handed_over_at: datetime | None = None
    settled_at: datetime | None = None
    provider_key: str = ""
    """The provider's own key, once it said one."""
    sent_as: Channel = Channel.ALIMTALK
    cost_jeon: int | None = None
    """What the provider charges us for it, in hundredths of a KRW, since its prices have fractions; None while it has
    reached nobody, or where our contract's price is not known."""

    def allows(self, step: DeliveryStep) -> bool:
        """Whether the step leads anywhere from here."""
        return (self.state, step) in TRANSITIONS

    def step(self, step: DeliveryStep, **changes: Any) -> "Delivery":
        """The delivery one step on, with what else the step changes. Raises `IllegalTransition`."""
        try:
            state = TRANSITIONS[self.state, step]
        except KeyError:
            raise IllegalTransition(self.state, step) from None
        return replace(self, state=state, **changes)

    def not_sent(self, code: str, next_try_at: datetime) -> "Delivery":
        """Surely nothing left us: try again later."""
        return self.step(DeliveryStep.NOT_SENT, code=code, tries=self.tries + 1, next_try_at=next_try_at)

    def accepted(self, at: datetime, provider_key: str = "") -> "Delivery":
        """The provider has it; its report will say what became of it."""
        return self.step(DeliveryStep.ACCEPTED, handed_over_at=at, code="", provider_key=provider_key)

    def is_meant_by(self, provider_key: str) -> bool:
        """Whether a report with this key of the provider's can be about it: it is known, or nobody knows it yet."""
        return not (self.provider_key and provider_key) or self.provider_key == provider_key

    def lost(self, code: str, at: datetime) -> "Delivery":
        """Whether the provider has it is not known; only a report can tell."""
        return self.step(DeliveryStep.LOST, handed_over_at=at, code=code)

    def refused(self, code: str, at: datetime) -> "Delivery":
        """The provider will not take it."""
        return self.step(DeliveryStep.REFUSED, code=code, settled_at=at)

    def delivered(self, channel: Channel, code: str, at: datetime, cost_jeon: int | None = None) -> "Delivery":
        """The recipient has it."""
        return self.step(DeliveryStep.DELIVERED, channel=channel, code=code, settled_at=at, cost_jeon=cost_jeon)

    def undelivered(self, code: str, at: datetime) -> "Delivery":
        """Neither alimtalk nor MMS got through."""
        return self.step(DeliveryStep.UNDELIVERED, code=code, settled_at=at)

    @property
    def may_fall_back(self) -> bool:
        """Whether an MMS may follow when this one surely failed: once, for an alimtalk that nobody gave up."""
        return self.sent_as is Channel.ALIMTALK and self.allows(DeliveryStep.FELL_BACK)

    def fallen_back(self, code: str, at: datetime) -> "Delivery":
        """The alimtalk surely did not get through, and an MMS of ours follows it."""
        return self.step(DeliveryStep.FELL_BACK, code=code, settled_at=at)

    def mms_in_its_place(self, mms_id: UUID) -> "Delivery":
        """The one MMS that follows."""
        return Delivery(mms_id, self.batch_id, self.line_id, self.phone, self.text, self.link, sent_as=Channel.MMS)

    def overtaken(self, at: datetime) -> "Delivery":
        """The alimtalk arrived after all, before its MMS left us: it never does."""
        return self.step(DeliveryStep.OVERTAKEN, code="overtaken", settled_at=at)

    def given_up(self, at: datetime) -> "Delivery":
        """No report came in time; a later one still turns it to success."""
        return self.step(DeliveryStep.GIVEN_UP, code=self.code or "no_report", settled_at=at)


@dataclass(frozen=True)
class DeliveryRules:
    """How long a delivery waits; the numbers are settings."""

    report_wait: timedelta
    first_retry: timedelta
    retry_max: timedelta
    upload_kept: timedelta = timedelta(days=7)
    """How long a provider is trusted to keep an uploaded picture."""
    prices_jeon: Mapping[Channel, int] = field(default_factory=dict)
    """What a message that arrives costs us by its channel, where our contract says it."""

    def next_try_at(self, tries: int, now: datetime) -> datetime:
        """When a message that could not leave us is tried again: doubling waits up to a maximum."""
        doublings: int = 2 ** min(tries, 16)
        return now + min(self.first_retry * doublings, self.retry_max)

    def waited_long_enough(self, delivery: Delivery, now: datetime) -> bool:
        """Whether no report can be expected any more."""
        return delivery.handed_over_at is not None and now >= delivery.handed_over_at + self.report_wait
