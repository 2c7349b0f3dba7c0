"""What the database itself promises, whoever writes at once."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from identity_builders import AT, NUMBER, a_company, a_complete_draft, a_master, a_submitted
from identity_service import Identity
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import IntegrityError, ProgrammingError

from identity.application.queries import AuditEntry
from identity.domain.errors import (
    CompanyAlreadyRegisteredError,
    EmailInUseError,
    LoginLockedError,
    OperatorExistsError,
)
from identity.domain.login import LockoutRules, PasswordAttempts, SubjectKind
from identity.domain.member import MemberRole
from identity.domain.operator import Operator, OperatorRole
from identity.domain.sign_up import Contact, SignUp, SignUpState
from identity.storage.login_tables import signing_keys
from identity.storage.tables import audit_log


def keep(identity: Identity, *applications: SignUp) -> None:
    with identity.parts.begin() as uow:
        for sign_up in applications:
            uow.sign_ups.add(sign_up)


def test_an_application_comes_back_as_it_was_kept(identity: Identity) -> None:
    sign_up = a_submitted()
    keep(identity, sign_up)
    with identity.parts.begin() as uow:
        assert uow.sign_ups.get(sign_up.id) == sign_up


@pytest.mark.rule("IDN-27")
def test_a_second_waiting_application_of_a_company_is_refused_by_the_database(identity: Identity) -> None:
    other = replace(a_complete_draft(email="other@example.co.kr"), state=SignUpState.DRAFT)
    keep(identity, a_submitted(), other)
    with pytest.raises(CompanyAlreadyRegisteredError), identity.parts.begin() as uow:
        uow.sign_ups.save(replace(other, state=SignUpState.SUBMITTED))


@pytest.mark.rule("IDN-04")
def test_a_second_waiting_application_with_an_address_is_refused_by_the_database(identity: Identity) -> None:
    other = replace(a_complete_draft(), business_number=None, standing=None)
    keep(identity, a_submitted(), other)
    with pytest.raises(EmailInUseError), identity.parts.begin() as uow:
        uow.sign_ups.save(replace(other, state=SignUpState.SUBMITTED))


@pytest.mark.rule("IDN-27")
def test_one_company_a_business_number_and_one_member_an_address(identity: Identity) -> None:
    first, second = a_submitted(), replace(a_submitted(), id=uuid4(), state=SignUpState.REJECTED)
    keep(identity, first, second)
    company = a_company(first.id)
    with identity.parts.begin() as uow:
        uow.companies.add(company)
        uow.members.add(a_master(company), ())
    with pytest.raises(CompanyAlreadyRegisteredError), identity.parts.begin() as uow:
        uow.companies.add(a_company(second.id))
    with pytest.raises(EmailInUseError), identity.parts.begin() as uow:
        uow.members.add(replace(a_master(company), id=uuid4(), role=MemberRole.SUB), ())
    with identity.parts.begin() as uow:
        assert uow.companies.get(company.id) == company
        assert uow.companies.has_number(NUMBER)
        assert uow.members.by_email("master@example.co.kr") == a_master(company)


def test_one_operator_an_address(identity: Identity) -> None:
    operator = Operator(uuid4(), "op@example.co.kr", "박", "hash", "SECRET", frozenset({OperatorRole.ADMIN}), AT)
    with identity.parts.begin() as uow:
        uow.operators.add(operator)
    with pytest.raises(OperatorExistsError), identity.parts.begin() as uow:
        uow.operators.add(replace(operator, id=uuid4()))


@pytest.mark.rule("IDN-24")
@pytest.mark.parametrize(
    "statement", [update(audit_log).values(action="nothing"), delete(audit_log), text("TRUNCATE audit_log")]
)
def test_the_service_itself_cannot_change_the_audit_log(identity: Identity, statement: object) -> None:
    entry = AuditEntry(uuid4(), "identity", uuid4(), "act", "sign_up", "1", None, None, None, None, AT)
    with identity.parts.begin() as uow:
        uow.audit_log.add(entry)
    with pytest.raises(ProgrammingError, match="permission denied"), identity.database.transaction() as session:
        session.execute(statement)  # type: ignore[call-overload]


def test_phones_secrets_and_private_keys_are_not_readable_in_the_database(identity: Identity) -> None:
    sign_up = replace(a_submitted(), phone=Contact("01012345678"))
    keep(identity, sign_up)
    company = a_company(sign_up.id)
    with identity.parts.begin() as uow:
        uow.companies.add(company)
        uow.members.add(a_master(company), ())
        uow.operators.add(Operator(uuid4(), "op@example.co.kr", "박", "hash", "SECRET", frozenset(), AT))
        key = uow.signing_keys.add_first(identity.parts.signer.new_key(AT))
    with identity.database.transaction() as session:
        stored = session.execute(
            text(
                "SELECT sign_ups.phone, members.phone, operators.totp_secret, signing_keys.private_jwk"
                " FROM sign_ups, members, operators, signing_keys"
            )
        ).one()
    for value, plain in zip(stored, ("01012345678", "01012345678", "SECRET", key.private_jwk), strict=True):
        assert plain not in value


@pytest.mark.rule("IDN-13")
def test_of_many_first_keys_made_at_once_one_is_active(identity: Identity) -> None:
    kids: list[str] = []

    def make() -> None:
        with identity.parts.begin() as uow:
            kids.append(uow.signing_keys.add_first(identity.parts.signer.new_key(AT)).kid)

    side_by_side(make, times=4)
    assert len(kids) == 4
    assert len(set(kids)) == 1
    with identity.database.transaction() as session:
        assert session.scalars(select(signing_keys.c.kid)).all() == [kids[0]]


@pytest.mark.rule("IDN-12")
def test_tries_side_by_side_cannot_exceed_the_limit(identity: Identity) -> None:
    rules = LockoutRules(10, timedelta(minutes=15), timedelta(minutes=15))
    counted: list[bool] = []

    def attempt() -> None:
        try:
            with identity.parts.begin() as uow:
                attempts = uow.attempts.get_for_update(SubjectKind.MEMBER, "a@example.kr")
                uow.attempts.save(SubjectKind.MEMBER, "a@example.kr", attempts.count(AT, rules))
            counted.append(True)
        except LoginLockedError:
            counted.append(False)

    side_by_side(attempt, times=16)
    assert sorted(counted) == [False] * 6 + [True] * 10
    with identity.parts.begin() as uow:
        assert uow.attempts.get_for_update(SubjectKind.OPERATOR, "a@example.kr") == PasswordAttempts()


@pytest.mark.rule("IDN-13")
def test_a_refresh_token_shown_twice_at_once_rotates_once(identity: Identity) -> None:
    member = identity.member()
    token = member.log_in().json["refresh_token"]
    statuses: list[int] = []
    side_by_side(lambda: statuses.append(member.refresh(token).status_code), times=2)
    assert sorted(statuses) == [200, 401]


@pytest.mark.rule("IDN-27")
def test_a_company_has_one_master(identity: Identity) -> None:
    sign_up = a_submitted()
    keep(identity, sign_up)
    company = a_company(sign_up.id)
    with identity.parts.begin() as uow:
        uow.companies.add(company)
        uow.members.add(a_master(company), ())
    with pytest.raises(IntegrityError, match="uq_members_company_id_master"), identity.parts.begin() as uow:
        uow.members.add(replace(a_master(company, email="second@example.co.kr"), id=uuid4()), ())


def side_by_side(act: Callable[[], object], *, times: int) -> None:
    """Do it in so many threads that begin together."""
    together = threading.Barrier(times)

    def run() -> None:
        together.wait()
        act()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
