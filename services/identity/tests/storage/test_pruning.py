"""What is deleted decided nothing any more."""

from identity_service import Identity
from sqlalchemy import Table, func, select

from chassis.tables import one_time_codes
from identity import main
from identity.storage.affair_tables import inquiries
from identity.storage.login_tables import login_challenges, password_attempts, refresh_tokens, session_families

TABLES: tuple[Table, ...] = (
    one_time_codes,
    login_challenges,
    password_attempts,
    session_families,
    refresh_tokens,
    inquiries,
)


def counts(identity: Identity) -> list[int]:
    with identity.database.transaction() as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES]


def test_codes_tries_challenges_and_sessions_go_when_their_time_is_long_over(identity: Identity) -> None:
    master = identity.member()
    master.log_in()
    master.create(f"/v1/members/{identity.sub_member(master).member_id}/withdrawal-checks")
    (prune,) = [
        loop.step for loop in main.loops_of(identity.parts, identity.settings) if loop.name == "identity.pruning"
    ]
    before = counts(identity)
    assert min(before) > 0
    assert not prune()
    assert counts(identity) == before
    identity.advance(days=16)
    assert prune()
    assert not prune()
    assert counts(identity) == [0, 0, 0, 0, 0, 0]
