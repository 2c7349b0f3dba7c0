"""The table of a version's states: whatever is tried, only the provider's approval makes a version usable."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.domain.errors import TemplateStepNotAllowed
from messaging.domain.template import Template
from messaging.domain.template_approval import STEPS, TemplateState, TemplateStep

APPROVALS = (TemplateStep.APPROVE, TemplateStep.RECORD_APPROVAL)


def a_draft() -> Template:
    return Template(UUID(int=1), 1, "C1", "감사", "인사", "고맙습니다", "확인", TemplateState.DRAFT)


@pytest.mark.rule("MSG-04")
@given(st.lists(st.sampled_from(TemplateStep)))
def test_a_version_is_usable_exactly_after_an_approval_that_was_not_withdrawn(steps: list[TemplateStep]) -> None:
    template, taken = a_draft(), []
    for step in steps:
        if (template.state, step) in STEPS:
            template = template.stepped(step)
            taken.append(step)
        else:
            with pytest.raises(TemplateStepNotAllowed):
                template.stepped(step)
    assert template.usable == bool(taken and taken[-1] in APPROVALS)


@pytest.mark.rule("MSG-04")
@pytest.mark.parametrize("state", TemplateState)
def test_another_text_is_a_draft_and_the_same_text_keeps_its_judgement(state: TemplateState) -> None:
    before = Template(UUID(int=1), 4, "C1", "감사", "인사", "고맙습니다", "확인", state, reason="왜")
    other = before.followed_by(Template(UUID(int=1), 1, "C2", "감사", "인사", "다른 글", "확인", state))
    same = before.followed_by(Template(UUID(int=1), 1, "C1", "축하", "인사말", "고맙습니다", "확인", state))
    assert (other.version, other.state, other.reason) == (5, TemplateState.DRAFT, "")
    kept = TemplateState.DRAFT if state is TemplateState.WITHDRAWN else state
    assert (same.version, same.state) == (5, kept)
