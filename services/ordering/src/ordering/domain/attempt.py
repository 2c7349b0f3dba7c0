"""The one attempt to have a coupon issued (ORD-33): its key never changes, and asking settles what is unknown."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from ordering.domain.answers import (
    Answer,
    Cancelled,
    CancelRefused,
    Issued,
    NeverCame,
    NotDone,
    NotFound,
    NumberLost,
    Refused,
    Stopped,
    Unsure,
)
from ordering.domain.coupon import tr_id
from ordering.domain.limits import IssuingPatience
from ordering.domain.state_table import StateTable


class AttemptState(StrEnum):
    """How far the attempt came."""

    CALLING = "calling"
    RETRYABLE = "retryable"
    UNKNOWN = "unknown"
    ISSUED = "issued"
    REFUSED = "refused"
    SURPLUS = "surplus"
    """Issued, but paid back: given up before, or its number cannot be learnt. To be cancelled at the supplier."""
    CANCELLED = "cancelled"
    FLAGGED = "flagged"
    """The supplier keeps, or may keep, what was paid back: operators look."""


class AttemptStep(StrEnum):
    """What is done or learnt about an attempt."""

    CALL = "call"
    ISSUED = "issued"
    REFUSED = "refused"
    NOT_DONE = "not_done"
    UNSURE = "unsure"
    NEVER_CAME = "never_came"
    ISSUED_IN_VAIN = "issued_in_vain"
    CANCELLED = "cancelled"
    CANCEL_REFUSED = "cancel_refused"
    LEFT_TO_OPERATORS = "left_to_operators"


_S, _T = AttemptState, AttemptStep

ATTEMPT_STATES: StateTable[AttemptState, AttemptStep] = StateTable(
    subject="attempt",
    initial=_S.CALLING,
    moves={
        (_S.CALLING, _T.ISSUED): _S.ISSUED,
        (_S.CALLING, _T.REFUSED): _S.REFUSED,
        (_S.CALLING, _T.NOT_DONE): _S.RETRYABLE,
        (_S.CALLING, _T.UNSURE): _S.UNKNOWN,
        (_S.RETRYABLE, _T.CALL): _S.CALLING,
        (_S.RETRYABLE, _T.REFUSED): _S.REFUSED,
        (_S.UNKNOWN, _T.ISSUED): _S.ISSUED,
        (_S.UNKNOWN, _T.REFUSED): _S.REFUSED,
        (_S.UNKNOWN, _T.UNSURE): _S.UNKNOWN,
        # Nothing at the supplier after its settling time and several askings: the same key may go again.
        (_S.UNKNOWN, _T.NEVER_CAME): _S.RETRYABLE,
        (_S.UNKNOWN, _T.ISSUED_IN_VAIN): _S.SURPLUS,
        (_S.UNKNOWN, _T.LEFT_TO_OPERATORS): _S.FLAGGED,
        (_S.SURPLUS, _T.LEFT_TO_OPERATORS): _S.FLAGGED,
        (_S.SURPLUS, _T.UNSURE): _S.SURPLUS,
        (_S.SURPLUS, _T.CANCELLED): _S.CANCELLED,
        (_S.SURPLUS, _T.CANCEL_REFUSED): _S.FLAGGED,
    },
)


_OPEN_AT_THE_SUPPLIER = frozenset({_S.UNKNOWN, _S.SURPLUS})


class Action(StrEnum):
    """What to ask of the supplier about a coupon."""

    ISSUE = "issue"
    ASK = "ask"
    LOOK = "look"
    """How a coupon that was issued stands; no attempt needs it."""
    VOID = "void"
    """Take back a deduction for which no coupon came; also tells whether anything came at all."""
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One coupon's attempt. Times are the business clock's."""

    line_id: UUID
    item_no: int
    tr_id: str
    state: AttemptState
    asked: int
    next_at: datetime
    called_at: datetime
    unknown_since: datetime | None = None
    code: str | None = None

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will be done about it."""
        return ATTEMPT_STATES.is_final(self.state)

    def after(self, step: AttemptStep) -> AttemptState:
        """Where a step leads. Raises `StepRefusedError`."""
        return ATTEMPT_STATES.next(self.state, step)


def opened(line_id: UUID, item_no: int, at: datetime) -> Attempt:
    """The attempt as it is stored before the first call."""
    return Attempt(line_id, item_no, tr_id(line_id, item_no), ATTEMPT_STATES.initial, 0, at, at)


def called_again(attempt: Attempt, at: datetime) -> Attempt:
    """The same attempt under the same key, once more on its way."""
    return replace(attempt, state=attempt.after(AttemptStep.CALL), asked=0, called_at=at)


def abandoned(attempt: Attempt, at: datetime) -> Attempt:
    """The worker that called is gone: what came of the call is unknown, and is asked at once."""
    unknown = attempt.after(AttemptStep.UNSURE)
    return replace(attempt, state=unknown, next_at=at, unknown_since=at, code="lease_ended")


def gives_up_at(attempt: Attempt, patience: IssuingPatience) -> datetime | None:
    """When the recipient's message stops waiting for it; None while its outcome is not unknown."""
    if attempt.state is not AttemptState.UNKNOWN or attempt.unknown_since is None:
        return None
    return attempt.unknown_since + timedelta(seconds=patience.message_waits_seconds)


def next_action(attempt: Attempt, at: datetime, patience: IssuingPatience) -> Action | None:
    """What is due now, if anything."""
    if attempt.next_at > at:
        return None
    if attempt.state is AttemptState.RETRYABLE:
        return Action.ISSUE
    if attempt.state is AttemptState.SURPLUS:
        return Action.CANCEL
    if attempt.state is not AttemptState.UNKNOWN:
        return None
    settled_at = attempt.called_at + timedelta(seconds=patience.settling_seconds)
    return Action.VOID if attempt.asked >= patience.askings_min and at >= settled_at else Action.ASK


def learnt(attempt: Attempt, answer: Answer, at: datetime, patience: IssuingPatience, *, given_up: bool) -> Attempt:
    """The attempt after an answer. `given_up`: its coupon was paid back meanwhile. Raises `StepRefusedError`."""
    is_hopeless = given_up and isinstance(answer, Unsure) and _is_old(attempt, at, patience)
    step = AttemptStep.LEFT_TO_OPERATORS if is_hopeless else _step(attempt, answer, given_up=given_up)
    state = attempt.after(step)
    asked = _asked(attempt, answer, patience)
    return replace(
        attempt,
        state=state,
        asked=asked,
        next_at=_next_at(replace(attempt, asked=asked), answer, at, patience),
        unknown_since=(attempt.unknown_since or at) if state in _OPEN_AT_THE_SUPPLIER else None,
        code="not_found" if isinstance(answer, NotFound) else getattr(answer, "code", None),
    )


def _is_old(attempt: Attempt, at: datetime, patience: IssuingPatience) -> bool:
    since = attempt.unknown_since
    return since is not None and at >= since + timedelta(seconds=patience.operators_after_seconds)


def _asked(attempt: Attempt, answer: Answer, patience: IssuingPatience) -> int:
    if isinstance(answer, Unsure):
        # Voiding brought no answer: one more asking comes before the next try.
        return min(attempt.asked, patience.askings_min - 1)
    return attempt.asked + isinstance(answer, NotFound)


def _step(attempt: Attempt, answer: Answer, *, given_up: bool) -> AttemptStep:
    if given_up and isinstance(answer, Issued):
        return AttemptStep.ISSUED_IN_VAIN
    if given_up and isinstance(answer, NeverCame):
        return AttemptStep.REFUSED
    if isinstance(answer, NotDone | Stopped) and attempt.state is not AttemptState.CALLING:
        return AttemptStep.UNSURE  # Only the asking was not done; the call before it is as unknown as it was.
    return _STEPS[type(answer)]


def _next_at(attempt: Attempt, answer: Answer, at: datetime, patience: IssuingPatience) -> datetime:
    if isinstance(answer, NotFound) and attempt.asked >= patience.askings_min:
        return max(at, attempt.called_at + timedelta(seconds=patience.settling_seconds))
    if isinstance(answer, NotFound) or (isinstance(answer, Unsure) and attempt.state is AttemptState.CALLING):
        return at + timedelta(seconds=patience.next_asking_after(attempt.asked))
    if isinstance(answer, Unsure) and (gives_up_at(attempt, patience) or at) < at:
        # Nobody waits for it any more, so it need not be asked often.
        return at + timedelta(seconds=patience.asking_delays_seconds[-1])
    if isinstance(answer, NotDone | Stopped | Unsure):
        return at + timedelta(seconds=patience.retry_seconds)
    return at


_STEPS: Mapping[type[Answer], AttemptStep] = {
    Issued: AttemptStep.ISSUED,
    NumberLost: AttemptStep.ISSUED_IN_VAIN,
    Refused: AttemptStep.REFUSED,
    NotDone: AttemptStep.NOT_DONE,
    Stopped: AttemptStep.NOT_DONE,
    Unsure: AttemptStep.UNSURE,
    NotFound: AttemptStep.UNSURE,
    NeverCame: AttemptStep.NEVER_CAME,
    Cancelled: AttemptStep.CANCELLED,
    CancelRefused: AttemptStep.CANCEL_REFUSED,
}
