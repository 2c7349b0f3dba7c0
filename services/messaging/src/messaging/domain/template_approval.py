"""How a version of a template comes to be used: only what the provider approved may be (MSG-04)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from messaging.domain.errors import TemplateStepNotAllowed


class TemplateState(StrEnum):
    """Where a version stands. Approved and withdrawn are what others are told of."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class TemplateStep(StrEnum):
    """What may happen to a version."""

    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"
    RECORD_APPROVAL = "record_approval"
    WITHDRAW = "withdraw"


STEPS: Mapping[tuple[TemplateState, TemplateStep], TemplateState] = {
    (TemplateState.DRAFT, TemplateStep.SUBMIT): TemplateState.SUBMITTED,
    (TemplateState.SUBMITTED, TemplateStep.APPROVE): TemplateState.APPROVED,
    (TemplateState.SUBMITTED, TemplateStep.REJECT): TemplateState.REJECTED,
    (TemplateState.DRAFT, TemplateStep.RECORD_APPROVAL): TemplateState.APPROVED,
    (TemplateState.REJECTED, TemplateStep.RECORD_APPROVAL): TemplateState.APPROVED,
    (TemplateState.APPROVED, TemplateStep.WITHDRAW): TemplateState.WITHDRAWN,
}
"""Every step that is allowed. A rejected text is changed, which makes a new draft."""


def after(state: TemplateState, step: TemplateStep) -> TemplateState:
    """Where a step leads. Raises `TemplateStepNotAllowed`."""
    try:
        return STEPS[state, step]
    except KeyError:
        raise TemplateStepNotAllowed(state.value, step.value) from None


class InspectionState(StrEnum):
    """How a text stands at the provider."""

    REGISTERED = "registered"
    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Inspection:
    """What the provider says of a code: how it stands, of which text, and why it was rejected."""

    state: InspectionState
    body: str
    reason: str = ""
