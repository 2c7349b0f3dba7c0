"""One-time codes on a real database: what is stored, what is refused, and what holds when many come at once."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from chassis import tables
from chassis.clock import FixedClock
from chassis.codes import (
    CodeError,
    CodeExpired,
    CodeLimitReached,
    CodeLimits,
    CodeTooSoon,
    CodeUsed,
    CodeWrong,
    IssuedCode,
    OneTimeCodes,
)
from chassis.columns import KeyedHash
from chassis.database import Database
from chassis.sealing import Keyring

PURPOSE = "log-in"
PHONE = "01012345678"
LIMITS = CodeLimits(6, 180, 5, 60, per_target_day_max=10, per_source_hour_max=20)


@pytest.fixture
def keyed_hash() -> KeyedHash:
    return KeyedHash(Keyring("k1", {"k1": os.urandom(32)}))


class Desk:
    """A service that guards something by codes: each method is one request in one transaction."""

    def __init__(self, database: Database, clock: FixedClock, keyed_hash: KeyedHash, limits: CodeLimits = LIMITS):
        self.database, self.clock, self.keyed_hash, self.limits = database, clock, keyed_hash, limits

    def codes(self, session: Session) -> OneTimeCodes:
        return OneTimeCodes(session, self.clock, self.keyed_hash, self.limits)

    def issue(self, target: str = PHONE, source: str = "192.0.2.1", purpose: str = PURPOSE) -> IssuedCode:
        with self.database.transaction() as session:
            return self.codes(session).issue(purpose=purpose, target=target, source=source)

    def check(self, code_id: UUID, code: str, purpose: str = PURPOSE, target: str = PHONE) -> None:
        with self.database.transaction() as session:
            self.codes(session).check(code_id, code, purpose=purpose, target=target)


@pytest.fixture
def desk(database: Database, fixed_clock: FixedClock, keyed_hash: KeyedHash) -> Desk:
    return Desk(database, fixed_clock, keyed_hash)


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def outcome(action: Callable[[], object]) -> str:
    try:
        action()
    except CodeError as refusal:
        return type(refusal).__name__
    return "ok"


def together(*actions: Callable[[], object]) -> list[str]:
    with ThreadPoolExecutor(len(actions)) as pool:
        return sorted(pool.map(outcome, actions))


def test_the_right_code_opens_once(desk: Desk) -> None:
    issued = desk.issue()
    assert len(issued.code) == 6
    assert issued.code.isdigit()
    desk.check(issued.code_id, issued.code)
    with pytest.raises(CodeUsed):
        desk.check(issued.code_id, issued.code)


def test_a_code_lives_three_minutes(desk: Desk) -> None:
    issued = desk.issue()
    assert issued.expires_at - desk.clock.now() == timedelta(seconds=180)
    desk.clock.advance(timedelta(seconds=180))
    with pytest.raises(CodeExpired):
        desk.check(issued.code_id, issued.code)


def test_a_code_still_opens_in_its_last_second(desk: Desk) -> None:
    issued = desk.issue()
    desk.clock.advance(timedelta(seconds=179))
    desk.check(issued.code_id, issued.code)


def test_five_wrong_tries_end_a_code_even_for_the_right_one(desk: Desk) -> None:
    issued = desk.issue()
    left = []
    for _ in range(5):
        with pytest.raises(CodeWrong) as wrong:
            desk.check(issued.code_id, other_than(issued.code))
        left.append(wrong.value.tries_left)
    assert left == [4, 3, 2, 1, 0]
    with pytest.raises(CodeLimitReached) as refusal:
        desk.check(issued.code_id, issued.code)
    assert refusal.value.limit == "tries"


def test_a_wrong_try_is_not_given_back_by_the_callers_rollback(desk: Desk) -> None:
    issued = desk.issue()
    with pytest.raises(CodeWrong), desk.database.transaction() as session:
        desk.codes(session).check(issued.code_id, other_than(issued.code), purpose=PURPOSE, target=PHONE)
    with pytest.raises(CodeWrong) as wrong:
        desk.check(issued.code_id, other_than(issued.code))
    assert wrong.value.tries_left == 3


def test_a_right_code_stays_usable_when_the_callers_work_is_rolled_back(desk: Desk) -> None:
    issued = desk.issue()

    def use_it_and_fail() -> None:
        with desk.database.transaction() as session:
            desk.codes(session).check(issued.code_id, issued.code, purpose=PURPOSE, target=PHONE)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        use_it_and_fail()
    desk.check(issued.code_id, issued.code)


def test_a_code_is_used_up_within_the_very_transaction_that_used_it(desk: Desk) -> None:
    issued = desk.issue()
    with desk.database.transaction() as session:
        codes = desk.codes(session)
        codes.check(issued.code_id, issued.code, purpose=PURPOSE, target=PHONE)
        with pytest.raises(CodeUsed):
            codes.check(issued.code_id, issued.code, purpose=PURPOSE, target=PHONE)


def test_of_many_right_checks_at_once_one_succeeds(desk: Desk) -> None:
    issued = desk.issue()
    outcomes = together(*[lambda: desk.check(issued.code_id, issued.code)] * 4)
    assert outcomes == ["CodeUsed", "CodeUsed", "CodeUsed", "ok"]


def test_more_wrong_tries_at_once_than_the_limit_get_five_tries(desk: Desk) -> None:
    issued = desk.issue()
    outcomes = together(*[lambda: desk.check(issued.code_id, other_than(issued.code))] * 12)
    assert outcomes.count("CodeWrong") == 5
    assert outcomes.count("CodeLimitReached") == 7


def test_of_many_issues_at_once_one_is_made(desk: Desk) -> None:
    outcomes = together(*[desk.issue] * 4)
    assert outcomes == ["CodeTooSoon", "CodeTooSoon", "CodeTooSoon", "ok"]


def test_a_code_may_be_sent_again_after_a_minute(desk: Desk) -> None:
    desk.issue()
    desk.clock.advance(timedelta(seconds=59))
    with pytest.raises(CodeTooSoon) as refusal:
        desk.issue()
    assert refusal.value.retry_after_seconds == 1
    desk.clock.advance(timedelta(seconds=1))
    desk.issue()


def test_a_newer_code_ends_the_older(desk: Desk) -> None:
    older = desk.issue()
    desk.clock.advance(timedelta(seconds=60))
    newer = desk.issue()
    with pytest.raises(CodeExpired):
        desk.check(older.code_id, older.code)
    desk.check(newer.code_id, newer.code)


def test_a_code_for_another_purpose_goes_its_own_way(desk: Desk) -> None:
    log_in = desk.issue()
    sign_up = desk.issue(purpose="sign-up")
    desk.check(log_in.code_id, log_in.code)
    desk.check(sign_up.code_id, sign_up.code, purpose="sign-up")


def test_a_code_opens_nothing_but_its_own_purpose_and_target(desk: Desk) -> None:
    issued = desk.issue()
    with pytest.raises(CodeExpired):
        desk.check(issued.code_id, issued.code, purpose="sign-up")
    with pytest.raises(CodeExpired):
        desk.check(issued.code_id, issued.code, target="01087654321")
    with pytest.raises(CodeExpired):
        desk.check(uuid4(), issued.code)
    desk.check(issued.code_id, issued.code)


def test_strange_input_is_a_wrong_code(desk: Desk) -> None:
    issued = desk.issue()
    for strange in ("", "\x00", "\ud800", "12345６"):
        with pytest.raises(CodeWrong):
            desk.check(issued.code_id, strange)


def test_a_target_gets_only_so_many_codes_a_day(desk: Desk) -> None:
    desk.limits = CodeLimits(6, 180, 5, 60, per_target_day_max=3, per_source_hour_max=100)
    for _ in range(3):
        desk.issue()
        desk.clock.advance(timedelta(minutes=1))
    with pytest.raises(CodeLimitReached) as refusal:
        desk.issue()
    assert (refusal.value.limit, refusal.value.retry_after_seconds) == ("target", 24 * 3600 - 180)
    desk.issue(target="01087654321")
    desk.clock.advance(timedelta(hours=24) - timedelta(minutes=3))
    desk.issue()


def test_a_source_gets_only_so_many_codes_an_hour(desk: Desk) -> None:
    desk.limits = CodeLimits(6, 180, 5, 60, per_target_day_max=100, per_source_hour_max=3)
    for number in range(3):
        desk.issue(target=f"0101234567{number}")
    with pytest.raises(CodeLimitReached) as refusal:
        desk.issue(target="01087654321")
    assert (refusal.value.limit, refusal.value.retry_after_seconds) == ("source", 3600)
    desk.issue(target="01087654321", source="192.0.2.2")
    desk.clock.advance(timedelta(hours=1))
    desk.issue(target="01000000000")


def test_the_limit_of_a_source_holds_for_issues_at_once(desk: Desk) -> None:
    desk.limits = CodeLimits(6, 180, 5, 60, per_target_day_max=100, per_source_hour_max=3)
    outcomes = together(*[lambda n=n: desk.issue(target=f"0101234567{n}") for n in range(4)])
    assert outcomes == ["CodeLimitReached", "ok", "ok", "ok"]


def test_nothing_readable_is_stored(desk: Desk) -> None:
    issued = desk.issue()
    with desk.database.transaction() as session:
        stored = session.scalar(text("SELECT c::text FROM one_time_codes c"))
    assert issued.code not in stored.replace(str(issued.code_id), "")
    assert PHONE not in stored
    assert "192.0.2.1" not in stored
    assert issued.code not in repr(issued)


def test_codes_go_on_when_the_key_of_hashes_changes(desk: Desk) -> None:
    old, new = os.urandom(32), os.urandom(32)
    desk.keyed_hash = KeyedHash(Keyring("k1", {"k1": old}))
    issued = desk.issue()
    desk.keyed_hash = KeyedHash(Keyring("k2", {"k1": old, "k2": new}))
    with pytest.raises(CodeTooSoon):
        desk.issue()
    desk.check(issued.code_id, issued.code)


def test_checks_do_not_wait_for_each_other_while_every_pooled_connection_is_held(desk: Desk) -> None:
    issued = [desk.issue(target=f"0101234567{n}") for n in range(4)]
    desk.database = Database(
        desk.database.engine.url.render_as_string(hide_password=False), application_name="small pool", pool_size=2
    )
    everyone_holds_one = Barrier(4, timeout=15)

    def check_late(number: int) -> None:
        with desk.database.transaction() as session:
            session.execute(text("SELECT 1"))
            everyone_holds_one.wait()
            code = issued[number]
            desk.codes(session).check(code.code_id, code.code, purpose=PURPOSE, target=f"0101234567{number}")

    assert together(*[lambda n=n: check_late(n) for n in range(4)]) == ["ok"] * 4
    desk.database.dispose()


def test_old_codes_are_pruned_and_the_limits_do_not_miss_them(desk: Desk) -> None:
    desk.issue()
    desk.clock.advance(timedelta(days=3))
    kept = desk.issue()
    with desk.database.transaction() as session:
        assert desk.codes(session).prune() == 1
        assert session.scalars(select(tables.one_time_codes.c.id)).all() == [kept.code_id]


def test_a_session_of_unknown_origin_is_refused(desk: Desk) -> None:
    issued = desk.issue()
    with Session(desk.database.engine) as session, pytest.raises(LookupError):
        desk.codes(session).check(issued.code_id, issued.code, purpose=PURPOSE, target=PHONE)


def test_limits_that_let_nothing_through_are_refused() -> None:
    with pytest.raises(ValueError, match="tries_max"):
        CodeLimits(6, 180, 0, 60, 10, 20)
