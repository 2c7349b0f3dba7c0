"""휴면, by the scheduler's timers (manual 3-2): warned, asleep, woken by the member alone."""

from uuid import uuid4

import pytest
from identity_service import Identity, MemberAtWork

from chassis.testing.events import deliver
from contracts.identity import DormancyNear, MemberState, MemberStateChanged
from contracts.scheduler import SetTimer, TimerFired
from identity import main


@pytest.fixture
def master(identity: Identity) -> MemberAtWork:
    member = identity.member()
    assert member.log_in().status_code == 200
    return member


def fire_when_due(identity: Identity, member_id: str) -> None:
    """Let the account's timer come due, and fire it as the scheduler would: possibly twice."""
    timer = [each for each in identity.said(SetTimer) if each.key == f"dormancy/{member_id}"][-1]
    if timer.due_at > identity.clock.now():
        identity.clock.set(timer.due_at)
    lane = next(each for each in main.consumers_of(identity.parts, identity.settings) if each.queue.lane == "timers")
    fired = TimerFired(
        timer_id=uuid4(),
        asker="identity",
        key=timer.key,
        version=timer.version,
        due_at=timer.due_at,
        fired_at=timer.due_at,
    )
    deliver(lane, fired, times=2)


@pytest.mark.rule("IDN-19", "IDN-18", "IDN-13")
def test_an_account_unused_for_a_year_is_warned_falls_asleep_and_is_woken_by_its_phone(
    identity: Identity, master: MemberAtWork
) -> None:
    sub = identity.sub_member(master)
    member_id, used_at = str(sub.member_id), identity.clock.now()
    fire_when_due(identity, member_id)
    assert identity.said(DormancyNear) == []
    fire_when_due(identity, member_id)
    (near,) = identity.said(DormancyNear)
    assert (identity.clock.now() - used_at).days == 335
    assert (near.dormant_at - used_at).days == 365
    fire_when_due(identity, member_id)
    said = identity.said(MemberStateChanged)[-1]
    assert (str(said.member_id), said.state) == (member_id, MemberState.DORMANT)
    assert sub.refresh().status_code == 401
    opened = sub.password().json
    assert (opened["dormant"], opened["code_required"]) == (True, True)
    assert sub.verify(opened["challenge_id"]).json["code"] == "code_required"
    assert sub.log_in().status_code == 200
    assert sub.me().json["state"] == "active"
    assert identity.said(MemberStateChanged)[-1].state is MemberState.ACTIVE
    assert sub.password().json["dormant"] is False


@pytest.mark.rule("IDN-19")
def test_a_trusted_address_does_not_spare_the_proof(identity: Identity, master: MemberAtWork) -> None:
    sub = identity.sub_member(master)
    identity.advance(seconds=60)
    assert sub.log_in(trust_address=True).json["address_trusted"] is True
    member_id = str(sub.member_id)
    for _ in range(3):
        fire_when_due(identity, member_id)
    assert sub.password().json["code_required"] is True


@pytest.mark.rule("IDN-18")
def test_a_master_does_not_lift_dormancy(identity: Identity, master: MemberAtWork) -> None:
    sub = identity.sub_member(master)
    member_id = str(sub.member_id)
    for _ in range(3):
        fire_when_due(identity, member_id)
    identity.advance(seconds=60)
    master.log_in()
    refused = master.post(f"/v1/members/{member_id}/resume")
    assert (refused.status_code, refused.json["code"], refused.json["state"]) == (409, "state_refuses", "dormant")
