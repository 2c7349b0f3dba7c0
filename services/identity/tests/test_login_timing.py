"""What the time of an answer tells a stranger of who has a login here: nothing (IDN-12)."""

import statistics
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from identity_builders import PASSWORD
from identity_service import Identity, MemberAtWork, settings_for

from identity.adapters.passwords import Argon2Passwords
from identity.domain.login import PasswordAttempts, SubjectKind

TRIES = 200
SHARE_OF_A_CHECK = 0.10


@pytest.mark.long
@pytest.mark.rule("IDN-12")
def test_known_unknown_and_locked_addresses_are_answered_in_the_same_time(identity: Identity, tmp_path: Path) -> None:
    """The medians of interleaved wrong passwords differ by less than a tenth of what one password check takes."""
    known = identity.member()
    passwords = Argon2Passwords()
    settings = settings_for("http://127.0.0.1:9", tmp_path, login_failures_max=10 * TRIES)
    service = replace(identity, parts=replace(identity.parts, passwords=passwords), settings=settings)
    with service.parts.begin() as uow:
        # The fixture's members have hashes of the least cost; this one's is as in production.
        member = uow.members.by_email(known.email)
        assert member is not None
        uow.members.save(replace(member, password_hash=passwords.hash(PASSWORD)))
        uow.attempts.get_for_update(SubjectKind.MEMBER, "locked@example.co.kr")
        locked = PasswordAttempts(locked_until=uow.now() + timedelta(minutes=15))
        uow.attempts.save(SubjectKind.MEMBER, "locked@example.co.kr", locked)
    people = {
        "known": MemberAtWork(service, known.email, ""),
        "unknown": MemberAtWork(service, "nobody@example.co.kr", ""),
        "locked": MemberAtWork(service, "locked@example.co.kr", ""),
    }
    expected = {"known": 401, "unknown": 401, "locked": 429}
    times: dict[str, list[float]] = {name: [] for name in people}
    checks = []
    names = list(people)
    for turn in range(TRIES):
        first = turn % len(names)  # Nobody always comes right after the bare check.
        for name in names[first:] + names[:first]:
            person = people[name]
            began = time.perf_counter()
            assert person.password("not the password").status_code == expected[name]
            times[name].append(time.perf_counter() - began)
        began = time.perf_counter()
        passwords.verify(None, "not the password")
        checks.append(time.perf_counter() - began)
    check = statistics.median(checks)
    medians = {name: statistics.median(each) for name, each in times.items()}
    said = ", ".join(f"{name} {median * 1_000:.1f} ms" for name, median in medians.items())
    print(f"a password check {check * 1_000:.1f} ms; answers: {said}")
    assert max(medians.values()) - min(medians.values()) < SHARE_OF_A_CHECK * check
