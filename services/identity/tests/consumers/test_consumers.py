"""What identity hears; everything is delivered twice."""

from uuid import uuid4

import pytest
from identity_builders import AT, PNG
from identity_service import Applicant, Identity
from sqlalchemy import select

from chassis.consumer import Consumer, Poison
from chassis.files import FileMissing
from chassis.testing.events import deliver
from contracts.audit import OperatorActed
from contracts.scheduler import SetTimer, TimerFired
from identity import main
from identity.application.file_disposal import dispose_of_files
from identity.storage.tables import audit_log, sign_ups


@pytest.fixture
def consumers(identity: Identity) -> dict[str, Consumer[object]]:
    return {each.queue.lane: each for each in main.consumers_of(identity.parts, identity.settings)}


def an_act() -> OperatorActed:
    return OperatorActed(
        act_id=uuid4(),
        service="catalog",
        operator_id=uuid4(),
        action="offer.repriced",
        target_kind="offer",
        target_id=str(uuid4()),
        reason="공급가 인상",
        before={"sale_price_krw": 9_900},
        after={"sale_price_krw": 10_500},
        acted_at=AT,
    )


def the_timer_of(identity: Identity, applicant: Applicant) -> TimerFired:
    timer = next(each for each in identity.said(SetTimer) if applicant.sign_up_id in each.key)
    return TimerFired(
        timer_id=uuid4(),
        asker="identity",
        key=timer.key,
        version=timer.version,
        due_at=timer.due_at,
        fired_at=timer.due_at,
    )


@pytest.mark.rule("IDN-24")
def test_an_operators_act_in_any_service_is_logged_once(
    identity: Identity, consumers: dict[str, Consumer[object]]
) -> None:
    act = an_act()
    deliver(consumers["audit"], act, times=2)
    deliver(consumers["audit"], act)
    with identity.database.transaction() as session:
        (row,) = session.execute(select(audit_log)).all()
    assert (row.act_id, row.service, row.action, row.before, row.after, row.reason) == (
        act.act_id,
        "catalog",
        "offer.repriced",
        {"sale_price_krw": 9_900},
        {"sale_price_krw": 10_500},
        "공급가 인상",
    )


def test_an_application_that_was_not_submitted_ends_and_is_forgotten(
    identity: Identity, consumers: dict[str, Consumer[object]]
) -> None:
    applicant = identity.start()
    applicant.fill()
    file_key = _file_key(identity, applicant)
    identity.clock.set(the_timer_of(identity, applicant).due_at)
    deliver(consumers["timers"], the_timer_of(identity, applicant), times=2)
    ended = applicant.get()
    assert ended["state"] == "expired"
    assert (ended["email"], ended["phone"], ended["member"], ended["certificate"]) == (None, None, None, None)
    assert identity.parts.files.link(file_key, 60)
    assert dispose_of_files(identity.parts.begin, identity.parts.files)
    assert not dispose_of_files(identity.parts.begin, identity.parts.files)
    with pytest.raises(FileMissing):
        identity.parts.files.get(file_key)


def test_a_submitted_application_waits_however_long(identity: Identity, consumers: dict[str, Consumer[object]]) -> None:
    applicant = identity.submitted()
    identity.clock.set(the_timer_of(identity, applicant).due_at)
    deliver(consumers["timers"], the_timer_of(identity, applicant), times=2)
    assert applicant.get()["state"] == "submitted"


def test_a_timer_that_fires_early_ends_nothing(identity: Identity, consumers: dict[str, Consumer[object]]) -> None:
    applicant = identity.start()
    deliver(consumers["timers"], the_timer_of(identity, applicant))
    assert applicant.get()["state"] == "draft"


@pytest.mark.parametrize("key", ["order/1", "sign-up-expiry/no-id", ""])
def test_a_timer_that_was_never_ours_is_a_dead_letter(
    identity: Identity, consumers: dict[str, Consumer[object]], key: str
) -> None:
    fired = TimerFired(timer_id=uuid4(), asker="identity", key=key, version=1, due_at=AT, fired_at=AT)
    with pytest.raises(Poison):
        deliver(consumers["timers"], fired)


@pytest.mark.rule("IDN-03")
def test_a_replaced_certificate_is_deleted_and_the_present_one_stays(identity: Identity) -> None:
    applicant = identity.start()
    applicant.upload((PNG, "1.png"))
    first = _file_key(identity, applicant)
    applicant.upload((PNG, "2.png"))
    second = _file_key(identity, applicant)
    assert dispose_of_files(identity.parts.begin, identity.parts.files)
    with pytest.raises(FileMissing):
        identity.parts.files.get(first)
    assert identity.parts.files.get(second).content == PNG


def _file_key(identity: Identity, applicant: Applicant) -> str:
    with identity.database.transaction() as session:
        kept = session.scalars(select(sign_ups.c.certificate).where(sign_ups.c.id == applicant.sign_up_id)).one()
    return str(kept["file_key"])
