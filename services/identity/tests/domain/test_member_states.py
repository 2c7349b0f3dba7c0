"""States of a member: the table, the README that shows it, and a property over every chain of acts (IDN-18)."""

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from identity_builders import a_company, a_master

from identity.domain.errors import TransitionRefusedError
from identity.domain.member import Member
from identity.domain.member_states import TRANSITIONS, MemberAct, MemberState, follow

README = Path(__file__).parents[2] / "README.md"


def a_member(state: MemberState) -> Member:
    return replace(a_master(a_company(uuid4())), state=state)


@pytest.mark.rule("IDN-18")
@pytest.mark.parametrize(
    ("state", "act", "target"),
    [
        ("pending", "join", "active"),
        ("active", "suspend", "suspended"),
        ("suspended", "resume", "active"),
        ("active", "fall_dormant", "dormant"),
        ("dormant", "lift_dormancy", "active"),
        ("active", "request_withdrawal", "withdrawal_requested"),
        ("suspended", "request_withdrawal", "withdrawal_requested"),
        ("dormant", "request_withdrawal", "withdrawal_requested"),
        ("withdrawal_requested", "approve_withdrawal", "withdrawn"),
    ],
)
def test_an_allowed_act_leads_to_its_state(state: str, act: str, target: str) -> None:
    assert follow(MemberState(state), MemberAct(act)) == target


@pytest.mark.rule("IDN-18")
def test_every_pair_that_stands_in_no_row_is_refused() -> None:
    allowed = set(TRANSITIONS)
    refused = [(state, act) for state in MemberState for act in MemberAct if (state, act) not in allowed]
    assert len(refused) == 6 * 8 - 10
    for state, act in refused:
        with pytest.raises(TransitionRefusedError):
            follow(state, act, former=MemberState.ACTIVE)


@pytest.mark.rule("IDN-20")
@pytest.mark.parametrize("former", [MemberState.ACTIVE, MemberState.SUSPENDED, MemberState.DORMANT])
def test_a_rejected_withdrawal_leads_back_to_the_former_state(former: MemberState) -> None:
    requested = a_member(former).act(MemberAct.REQUEST_WITHDRAWAL)
    assert requested.state is MemberState.WITHDRAWAL_REQUESTED
    rejected = requested.act(MemberAct.REJECT_WITHDRAWAL)
    assert (rejected.state, rejected.former_state) == (former, None)


@pytest.mark.rule("IDN-18")
@given(st.lists(st.sampled_from(MemberAct), max_size=30))
def test_no_chain_of_acts_leaves_the_table(acts: list[MemberAct]) -> None:
    """Whatever is tried in whatever order: a refused act changes nothing, an allowed one follows the table, the
    version grows by one with each change, and who is withdrawn stays so.
    """
    member = a_member(MemberState.ACTIVE)
    for act in acts:
        before = member
        try:
            member = before.act(act)
        except TransitionRefusedError:
            assert TRANSITIONS.get((before.state, act), "refused") == "refused"
            continue
        assert member.state is (TRANSITIONS[before.state, act] or before.former_state)
        assert member.version == before.version + 1
        assert (member.former_state is not None) == (member.state is MemberState.WITHDRAWAL_REQUESTED)
        assert before.state is not MemberState.WITHDRAWN


def test_the_readme_shows_the_table_as_it_is() -> None:
    rows = [
        f"| `{state}` | {act.replace('_', ' ')} | {f'`{target}`' if target else 'the former state'} |"
        for (state, act), target in TRANSITIONS.items()
    ]
    assert "\n".join(rows) in README.read_text("utf-8")
