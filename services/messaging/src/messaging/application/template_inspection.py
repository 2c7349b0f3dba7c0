"""Submitted templates on their way through the provider's inspection (MSG-04)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from messaging.application.ports import Transaction
from messaging.application.templates import template_published
from messaging.domain.sender_profile_errors import ChannelProviderAway
from messaging.domain.template import Template
from messaging.domain.template_approval import Inspection, InspectionState, TemplateState, TemplateStep

CODE_TAKEN = "이미 다른 내용으로 등록된 템플릿 코드입니다."
"""Shown to operators where the provider has the code with another text."""


class TemplateNotTaken(Exception):
    """The provider will never take this template; `reason` says why, in its words or by its code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TemplateInspector(Protocol):
    """The provider's desk for templates. Every call may raise `ChannelProviderAway`: nobody knows what was done."""

    def detail(self, provider_code: str) -> Inspection | None:
        """How a code stands; None when the provider does not know it."""

    def add(self, template: Template) -> None:
        """Register a text under its code. Raises `TemplateNotTaken`."""

    def request(self, provider_code: str) -> None:
        """Ask for the inspection of what is registered. Raises `TemplateNotTaken`."""


@dataclass(frozen=True)
class InspectTemplates:
    """One portion of the loop. Each turn first asks how the code stands, so a lost answer is settled by the next."""

    transaction: Transaction
    inspector: TemplateInspector
    every: timedelta
    lease: timedelta
    crash_point: Callable[[str], None]

    def __call__(self) -> bool:
        """Take the next submitted version that is due one step on; whether there was one."""
        with self.transaction() as uow:
            claimed = uow.templates.claim_submitted(self.lease, uow.now())
        if claimed is None:
            return False
        self.crash_point("after_claim")
        step, reason = self._ask(claimed)
        self.crash_point("after_call")
        with self.transaction() as uow:
            uow.templates.latest_for_update(claimed.id)
            template = uow.templates.get(claimed.id, claimed.version)
            if template.state is not TemplateState.SUBMITTED:
                return True
            if step is None:
                uow.templates.look_again(template, uow.now() + self.every)
                return True
            settled = template.stepped(step, reason=reason)
            uow.templates.save(settled)
            if settled.usable:
                uow.outbox.add(template_published(settled))
        return True

    def _ask(self, template: Template) -> tuple[TemplateStep | None, str]:
        """The step that the provider's answer means, with its reason; none while it has not decided, or is away."""
        try:
            found = self.inspector.detail(template.provider_code)
            if found is None:
                self.inspector.add(template)
                found = Inspection(InspectionState.REGISTERED, template.body)
            if found.body != template.body:
                return TemplateStep.REJECT, CODE_TAKEN
            if found.state is InspectionState.REGISTERED:
                self.inspector.request(template.provider_code)
        except ChannelProviderAway:
            return None, ""
        except TemplateNotTaken as refusal:
            return TemplateStep.REJECT, refusal.reason
        decided = {InspectionState.APPROVED: TemplateStep.APPROVE, InspectionState.REJECTED: TemplateStep.REJECT}
        return decided.get(found.state), found.reason
