"""What is left of a withdrawn member: the orders' owner for five years, then nobody (IDN-21)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from identity_builders import PDF
from identity_service import Identity, MemberAtWork
from sqlalchemy import MetaData, Text, cast, func, select

from chassis.files import FileMissing
from contracts.identity import MemberState, MemberStateChanged
from contracts.scheduler import SetTimer, TimerFired
from identity.application.file_disposal import dispose_of_files
from identity.storage.pruning import prune_expired

EMAIL, NAME, PHONE, ADDRESS = "leaves@example.co.kr", "나떠남", "01044445555", "203.0.113.77"


@pytest.fixture
def master(identity: Identity) -> MemberAtWork:
    member = identity.member()
    assert member.log_in().status_code == 200
    return member


def withdraw(identity: Identity, master: MemberAtWork, sub: MemberAtWork) -> str:
    """The whole way; where the proof lies in the file store."""
    path = f"/v1/members/{sub.member_id}"
    check_id = master.create(f"{path}/withdrawal-checks").json["check_id"]
    identity.count_orders(identity.asked())
    file_id = master.upload("/v1/members/withdrawal-files", PDF, f"{NAME} 재직증명서.pdf").json["file_id"]
    withdrawal = master.create(f"{path}/withdrawals", check_id=check_id, file_ids=[file_id]).json
    identity.count_orders(identity.asked())
    support = identity.operator("support")
    support.post(f"/admin/withdrawals/{withdrawal['withdrawal_id']}/approve")
    identity.count_orders(identity.asked())
    identity.log_acts()
    return f"withdrawals/{master.me().json['company_id']}/{file_id}"


def erasure_of(identity: Identity, member_id: str) -> TimerFired:
    (timer,) = [each for each in identity.said(SetTimer) if each.key == f"erasure/{member_id}"]
    return TimerFired(
        timer_id=uuid4(),
        asker="identity",
        key=timer.key,
        version=timer.version,
        due_at=timer.due_at,
        fired_at=timer.due_at,
    )


def texts(identity: Identity) -> Iterator[tuple[str, str]]:
    """Every column of every table but those of the plumbing's messages, with all that stands in it."""
    found = MetaData()
    with identity.database.transaction() as session:
        found.reflect(session.connection())
        for table in found.sorted_tables:
            for column in table.columns:
                yield (
                    f"{table.name}.{column.name}",
                    session.scalar(select(func.coalesce(func.string_agg(cast(column, Text), "\n"), ""))) or "",
                )


@pytest.mark.rule("IDN-21")
def test_a_withdrawn_member_is_erased_five_years_later_and_not_a_moment_before(
    identity: Identity, master: MemberAtWork
) -> None:
    sub = identity.sub_member(master, EMAIL, name=NAME, phone=PHONE)
    member_id = str(sub.member_id)
    file_key = withdraw(identity, master, sub)
    fired = erasure_of(identity, member_id)
    assert fired.due_at == datetime(2031, 3, 2, 15, 0, tzinfo=UTC), "the end of 2 March 2031 in Seoul"
    identity.clock.set(fired.due_at - timedelta(seconds=1))
    identity.hear("timers", fired)
    assert identity.said(MemberStateChanged)[-1].name == NAME
    identity.clock.set(fired.due_at)
    identity.hear("timers", fired, times=2)
    said = identity.said(MemberStateChanged)[-1]
    opened = identity.parts.sealer.open_text
    assert (said.state, said.name, opened(said.email), opened(said.phone)) == (
        MemberState.WITHDRAWN,
        "탈퇴회원",
        "",
        "",
    )
    assert dispose_of_files(identity.parts.begin, identity.parts.files)
    with pytest.raises(FileMissing):
        identity.parts.files.get(file_key)
    assert master.log_in().status_code == 200
    (row,) = master.get("/v1/members?state=withdrawn").json["items"]
    assert (row["id"], row["name"], row["email"], row["phone"]) == (member_id, "탈퇴회원", "", "")


@pytest.mark.rule("IDN-21")
def test_after_the_erasure_no_table_tells_who_it_was_and_the_audit_log_is_as_before(
    identity: Identity, master: MemberAtWork
) -> None:
    sub = identity.sub_member(master, EMAIL, name=NAME, phone=PHONE)
    identity.advance(seconds=60)
    assert sub.log_in(address=ADDRESS, trust_address=True).json["address_trusted"] is True
    member_id = str(sub.member_id)
    withdraw(identity, master, sub)
    before = {place: text for place, text in texts(identity) if place.startswith("audit_log.")}
    assert member_id in before["audit_log.target_id"]
    fired = erasure_of(identity, member_id)
    identity.clock.set(fired.due_at)
    identity.hear("timers", fired)
    with identity.database.transaction() as session:
        prune_expired(session, identity.clock.now(), identity.parts.begin.in_session(session).codes)
    after = dict(texts(identity))
    assert {place: after[place] for place in before} == before
    told = [place for place, text in after.items() if any(each in text for each in (EMAIL, NAME, PHONE, ADDRESS))]
    assert [place for place in told if not place.startswith(("outbox.", "inbox."))] == []


@pytest.mark.rule("IDN-21")
def test_nobody_who_is_not_withdrawn_is_erased(identity: Identity, master: MemberAtWork) -> None:
    sub = identity.sub_member(master, EMAIL, name=NAME, phone=PHONE)
    member_id = str(sub.member_id)
    fired = TimerFired(
        timer_id=uuid4(),
        asker="identity",
        key=f"erasure/{member_id}",
        version=1,
        due_at=identity.clock.now(),
        fired_at=identity.clock.now(),
    )
    identity.hear("timers", fired)
    assert sub.me().json["name"] == NAME


@pytest.mark.rule("IDN-20", "IDN-21")
def test_who_is_withdrawn_can_be_invited_again_as_somebody_new(identity: Identity, master: MemberAtWork) -> None:
    sub = identity.sub_member(master, EMAIL, name=NAME, phone=PHONE)
    first = str(sub.member_id)
    withdraw(identity, master, sub)
    identity.advance(seconds=60)
    again = identity.sub_member(master, EMAIL, name=NAME, phone=PHONE)
    assert str(again.member_id) != first
