"""Expired proofs and old codes are forgotten, and nothing else."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

from ordering_probe.builders import an_order
from sqlalchemy import text

from chassis.clock import FixedClock
from chassis.codes import OneTimeCodes
from chassis.database import Database
from ordering.application.placing import place_order
from ordering.settings import OrderRules
from ordering.storage.pruning import prune_expired
from ordering.storage.recipients import PostgresRecipients
from ordering.storage.unit_of_work import Equipment, PostgresUnitOfWork

Unit = Callable[[], AbstractContextManager[PostgresUnitOfWork]]


def test_proofs_that_hold_and_codes_that_count_stay(
    stocked: Unit, database: Database, rules: OrderRules, equipment: Equipment, fixed_clock: FixedClock
) -> None:
    with stocked() as uow:
        place_order(an_order(), uow, rules.placing())
    at = fixed_clock.now()
    with database.transaction() as session:
        line_id = session.execute(text("SELECT id FROM order_lines")).scalar_one()
        recipients = PostgresRecipients(session)
        recipients.add_proof(b"holds", line_id, at + timedelta(days=9), at)
        recipients.add_proof(b"expired", line_id, at + timedelta(minutes=1), at)
        OneTimeCodes(session, fixed_clock, equipment.keyed_hash, rules.code_limits()).issue(
            purpose="recipient", target="line", source="127.0.0.1"
        )

    def prune() -> bool:
        with database.transaction() as session:
            codes = OneTimeCodes(session, fixed_clock, equipment.keyed_hash, rules.code_limits())
            return prune_expired(session, fixed_clock.now(), codes)

    assert not prune()
    fixed_clock.advance(timedelta(days=3))
    assert prune()
    assert not prune()
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT proof_hash FROM recipient_proofs")).scalars().all() == [b"holds"]
        assert connection.execute(text("SELECT count(*) FROM one_time_codes")).scalar_one() == 0
