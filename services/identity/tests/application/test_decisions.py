"""Approval and rejection leave with everything that must be heard of them, in one transaction."""

from uuid import uuid4

import pytest
from identity_builders import a_submitted
from identity_fakes import FakeWorld

from contracts.identity import ApplicationDecided, CompanyChanged, MemberStateChanged
from contracts.scheduler import SetTimer
from identity.application.decisions import ApproveSignUp, RejectSignUp, approve_sign_up, reject_sign_up
from identity.domain.errors import EmailInUseError, SignUpNotFoundError
from identity.domain.sign_up import SignUpState


@pytest.mark.rule("IDN-07", "IDN-24")
def test_an_approval_says_company_master_decision_and_act() -> None:
    world, sign_up, operator_id = FakeWorld(), a_submitted(), uuid4()
    world.sign_ups.add(sign_up)
    approve_sign_up(ApproveSignUp(sign_up.id, operator_id), world)
    watched, company, member, decided = world.outbox.said
    ((acted_by, act),) = world.outbox.acts
    assert isinstance(watched, SetTimer)
    assert isinstance(company, CompanyChanged)
    assert isinstance(member, MemberStateChanged)
    assert isinstance(decided, ApplicationDecided)
    assert member.phone.ciphertext == "sealed:01012345678"
    assert (acted_by, act.before, act.after) == (
        operator_id,
        {"state": "submitted"},
        {"state": "approved", "payment_method": "prepaid"},
    )
    assert world.members.agreements[member.member_id] == sign_up.agreements


@pytest.mark.rule("IDN-07")
def test_a_rejection_says_its_reason_and_makes_nothing() -> None:
    world, sign_up = FakeWorld(), a_submitted()
    world.sign_ups.add(sign_up)
    rejected = reject_sign_up(RejectSignUp(sign_up.id, uuid4(), "흐릿합니다."), world)
    (decided,) = world.outbox.said
    ((_, act),) = world.outbox.acts
    assert isinstance(decided, ApplicationDecided)
    assert (decided.approved, decided.reason, act.reason) == (False, "흐릿합니다.", "흐릿합니다.")
    assert rejected.state is SignUpState.REJECTED
    assert world.companies.by_id == world.members.by_id == {}


def test_an_unknown_application_is_not_decided() -> None:
    with pytest.raises(SignUpNotFoundError):
        approve_sign_up(ApproveSignUp(uuid4(), uuid4()), FakeWorld())


@pytest.mark.rule("IDN-04")
def test_an_address_that_somebody_got_meanwhile_stops_the_approval() -> None:
    world, first, second = FakeWorld(), a_submitted(), a_submitted()
    world.sign_ups.add(first)
    approve_sign_up(ApproveSignUp(first.id, uuid4()), world)
    world.sign_ups.add(second)
    with pytest.raises(EmailInUseError):
        approve_sign_up(ApproveSignUp(second.id, uuid4()), world)
