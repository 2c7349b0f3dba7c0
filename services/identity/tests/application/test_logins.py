"""Logins: what a stranger can learn, what trust takes, what a reused token ends."""

from datetime import timedelta
from uuid import uuid4

import pytest
from identity_builders import AT, a_company, a_master
from identity_fakes import FakeWorld
from identity_outside import FakeAccessTokens, FakePasswords

from contracts.identity import SessionsRevoked
from identity.application.logins import (
    LoginRules,
    OpenLogin,
    SendLoginCode,
    VerifyLogin,
    open_login,
    send_login_code,
    verify_login,
)
from identity.application.sessions import EndSession, RefreshSession, Tokens, end_session, refresh_session
from identity.domain.errors import LoginLockedError, LoginRefusedError, RefreshRefusedError, RefreshReusedError
from identity.domain.login import LockoutRules, SubjectKind
from identity.domain.member import Member

FORTNIGHT = timedelta(days=14)
RULES = LoginRules(
    lockout=LockoutRules(10, timedelta(minutes=15), timedelta(minutes=15)),
    challenge_lifetime=timedelta(minutes=10),
    refresh_lifetime=FORTNIGHT,
    trusted_addresses_max=10,
)
EMAIL = "master@example.co.kr"


@pytest.fixture
def world() -> FakeWorld:
    return FakeWorld()


@pytest.fixture
def member(world: FakeWorld) -> Member:
    company = a_company(uuid4())
    master = a_master(company, email=EMAIL, password_hash="hash:right")
    world.enrol(company, master)
    return master


def try_password(world: FakeWorld, passwords: FakePasswords, email: str, password: str) -> type[Exception] | None:
    try:
        open_login(OpenLogin(email, password, "203.0.113.7"), world, passwords, RULES)
    except (LoginRefusedError, LoginLockedError) as refusal:
        return type(refusal)
    return None


@pytest.mark.rule("IDN-12")
def test_known_unknown_and_locked_addresses_cost_one_comparison_outside_of_any_transaction(
    world: FakeWorld, member: Member
) -> None:
    passwords = FakePasswords(world)
    for email in (member.email, "nobody@example.co.kr"):
        answers = [try_password(world, passwords, email, "wrong") for _ in range(12)]
        assert answers == [LoginRefusedError] * 10 + [LoginLockedError] * 2
    assert len(passwords.compared) == 24
    assert {depth for _, depth in passwords.compared} == {0}


@pytest.mark.rule("IDN-12")
def test_a_locked_address_is_not_opened_by_the_right_password(world: FakeWorld, member: Member) -> None:
    passwords = FakePasswords(world)
    for _ in range(10):
        try_password(world, passwords, EMAIL, "wrong")
    assert try_password(world, passwords, EMAIL, "right") is LoginLockedError
    world.at += timedelta(minutes=15)
    assert try_password(world, passwords, EMAIL, "right") is None


def logged_in(world: FakeWorld) -> Tokens:
    opened = open_login(OpenLogin(EMAIL, "right", "203.0.113.7"), world, FakePasswords(world), RULES)
    send_login_code(SendLoginCode(opened.challenge_id, "203.0.113.7"), world)
    command = VerifyLogin(opened.challenge_id, "123456", trust_address=False, source="203.0.113.7")
    return verify_login(command, world, FakeAccessTokens(), RULES).tokens


@pytest.mark.rule("IDN-11")
def test_an_address_is_not_trusted_where_no_code_was_asked_for(world: FakeWorld, member: Member) -> None:
    world.trusted_addresses.add(member.id, "203.0.113.7", AT)
    opened = open_login(OpenLogin(EMAIL, "right", "203.0.113.7"), world, FakePasswords(world), RULES)
    assert not opened.code_required
    command = VerifyLogin(opened.challenge_id, None, trust_address=True, source="198.51.100.1")
    verify_login(command, world, FakeAccessTokens(), RULES)
    assert world.trusted_addresses.networks_of(member.id) == {"203.0.113.7"}


@pytest.mark.rule("IDN-13")
def test_a_reused_token_ends_its_family_and_every_access_token(world: FakeWorld, member: Member) -> None:
    first = logged_in(world)
    refresh = RefreshSession(first.refresh_token, SubjectKind.MEMBER)
    second = refresh_session(refresh, world, FakeAccessTokens(), refresh_lifetime=FORTNIGHT)
    with pytest.raises(RefreshReusedError):
        refresh_session(refresh, world, FakeAccessTokens(), refresh_lifetime=FORTNIGHT)
    with pytest.raises(RefreshRefusedError):
        refresh_session(
            RefreshSession(second.refresh_token, SubjectKind.MEMBER),
            world,
            FakeAccessTokens(),
            refresh_lifetime=FORTNIGHT,
        )
    assert world.floors.lowest == {member.id: 2}
    (revoked,) = [event for event in world.outbox.said if isinstance(event, SessionsRevoked)]
    assert (revoked.subject_id, revoked.lowest_generation) == (member.id, 2)


@pytest.mark.rule("IDN-13")
def test_nobody_ends_the_session_of_another(world: FakeWorld, member: Member) -> None:
    logged_in(world)
    (family,) = world.sessions.families.values()
    end_session(EndSession(SubjectKind.MEMBER, uuid4(), family.id), world)
    assert world.sessions.families[family.id].ended_at is None
    end_session(EndSession(SubjectKind.MEMBER, member.id, family.id), world)
    assert world.sessions.families[family.id].ended_at == AT
