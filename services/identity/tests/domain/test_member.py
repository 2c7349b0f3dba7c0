"""Who may log in, and with what (IDN-09, IDN-18)."""

from dataclasses import replace
from uuid import uuid4

import pytest
from identity_builders import a_company, a_master

from identity.domain.errors import InvalidValueError, MemberNotActiveError
from identity.domain.member import Member, MemberState
from identity.domain.operator import OperatorRole, parse_roles


def a_member() -> Member:
    return a_master(a_company(uuid4()))


@pytest.mark.rule("IDN-18")
@pytest.mark.parametrize("state", sorted(set(MemberState) - {MemberState.ACTIVE}))
def test_only_active_members_log_in(state: MemberState) -> None:
    a_member().require_active()
    with pytest.raises(MemberNotActiveError):
        replace(a_member(), state=state).require_active()


@pytest.mark.rule("IDN-09", "IDN-11")
def test_secure_login_is_on_by_default_and_a_trusted_address_skips_the_code() -> None:
    assert a_member().needs_code(address_trusted=False)
    assert not a_member().needs_code(address_trusted=True)
    assert not replace(a_member(), secure_login=False).needs_code(address_trusted=False)


@pytest.mark.rule("IDN-24")
def test_an_operator_has_some_of_four_roles() -> None:
    assert parse_roles(["support", "finance", "catalog", "admin"]) == frozenset(OperatorRole)
    for names in ([], ["boss"], ["admin", "boss"]):
        with pytest.raises(InvalidValueError):
            parse_roles(names)
