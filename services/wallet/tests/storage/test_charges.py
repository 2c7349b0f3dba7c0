"""Attempts and notices are worked on by one at a time, and taken over when their worker dies (WAL-03)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from wallet_builders import NOON, a_charge

from chassis.stepping import Probe
from wallet.application.notice_ports import Notice
from wallet.domain.errors import PaymentKeyTakenError
from wallet.storage.open_work import open_work

LEASE = timedelta(seconds=90)
OVER = timedelta(seconds=-1)
"""A lease that has ended as soon as it began: its worker is dead."""


def an_attempt(wallet, lease: timedelta = OVER):
    charge = a_charge(company_id=wallet.a_company(), requested_at=NOON).confirming(f"pk-{uuid4()}", 100_000, NOON)
    with wallet.begin() as uow:
        uow.charges.add(charge)
        uow.charges.open_attempt(charge, uow.new_id(), lease)
    return charge


def claim(wallet):
    with wallet.begin() as uow:
        return uow.charges.claim_due(uow.new_id(), LEASE)


def test_a_charge_is_kept_as_it_was(wallet) -> None:
    charge = an_attempt(wallet)

    with wallet.begin() as uow:
        assert uow.charges.get(charge.id) == charge == uow.charges.of_company(charge.company_id, charge.id)


def test_an_attempt_belongs_to_its_worker_until_the_lease_ends(wallet) -> None:
    an_attempt(wallet, LEASE)
    assert claim(wallet) is None

    charge = an_attempt(wallet, OVER)
    assert claim(wallet).charge_id == charge.id
    assert claim(wallet) is None


@pytest.mark.rule("WAL-03")
def test_workers_at_once_claim_different_attempts(wallet) -> None:
    charges = {an_attempt(wallet).id for _ in range(4)}
    start = threading.Barrier(8)

    def claim_one(_: int):
        start.wait()
        return claim(wallet)

    with ThreadPoolExecutor(8) as pool:
        claimed = [attempt.charge_id for attempt in pool.map(claim_one, range(8)) if attempt is not None]

    assert len(claimed) == len(set(claimed))
    assert set(claimed) <= charges


def test_a_postponed_attempt_is_due_again_when_its_wait_is_over(wallet) -> None:
    an_attempt(wallet)
    attempt = claim(wallet)
    with wallet.begin() as uow:
        uow.charges.postpone(attempt, timedelta(minutes=1), note="timeout")

    assert claim(wallet) is None
    wallet.clock.advance(timedelta(minutes=1))
    again = claim(wallet)

    assert (again.charge_id, again.tries) == (attempt.charge_id, 1)


def test_who_lost_the_claim_changes_nothing(wallet) -> None:
    charge = an_attempt(wallet)
    with wallet.begin() as uow:
        stale = uow.charges.claim_due(uow.new_id(), OVER)
    fresh = claim(wallet)

    with wallet.begin() as uow:
        uow.charges.postpone(stale, None, note="too late")

    (row,) = wallet.sql("SELECT state, owner FROM charge_attempts WHERE charge_id = :id", id=charge.id)
    assert (row.state, row.owner) == ("open", fresh.owner)


def test_an_attempt_for_an_operator_is_not_taken_up_again(wallet) -> None:
    an_attempt(wallet)
    with wallet.begin() as uow:
        uow.charges.postpone(uow.charges.claim_due(uow.new_id(), LEASE), None, note="amount_differs")

    wallet.clock.advance(timedelta(days=30))

    assert claim(wallet) is None


def test_a_payment_stands_behind_one_charge_only(wallet) -> None:
    first, second = an_attempt(wallet), an_attempt(wallet)

    with wallet.begin() as uow, pytest.raises(PaymentKeyTakenError):
        uow.charges.save(second.__class__(**{**vars(second), "payment_key": first.payment_key}))


def test_a_notice_is_worked_on_by_one_and_taken_over_after_its_lease(wallet) -> None:
    with wallet.begin() as uow:
        uow.notices.keep(Notice(uow.new_id(), "t-1", b"{}", {}))

    def claim_notice(lease: timedelta):
        with wallet.begin() as uow:
            return uow.notices.claim_due(lease)

    first = claim_notice(OVER)
    second = claim_notice(LEASE)

    assert first.id == second.id
    assert claim_notice(LEASE) is None


def test_open_work_is_seen_by_the_stepping_of_the_clock(wallet) -> None:
    probe = Probe("wallet", wallet.database, wallet.clock, open_work())
    an_attempt(wallet)
    assert probe.look().unfinished["confirmations"] == 1

    with wallet.begin() as uow:
        uow.charges.postpone(uow.charges.claim_due(uow.new_id(), LEASE), timedelta(minutes=5), note="timeout")
    look = probe.look()

    assert "confirmations" not in look.unfinished
    assert look.next_due_at == wallet.clock.now() + timedelta(minutes=5)
