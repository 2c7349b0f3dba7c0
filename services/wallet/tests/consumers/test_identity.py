"""Copies of identity's state: kept at the highest version, in any order of arrival."""

from uuid import uuid4

import pytest
from wallet_builders import NOON, a_company_changed

from contracts.identity import CashLikeGranted, MemberState, MemberStateChanged, SessionsRevoked
from contracts.values import MemberRole, Sealed
from contracts.values import PaymentMethod as SaidMethod
from wallet.domain.holds import PaymentMethod


def test_a_new_company_gets_its_accounts_once(wallet) -> None:
    company_id = uuid4()

    wallet.hear(a_company_changed(company_id), times=2)
    wallet.hear(a_company_changed(company_id, version=2))

    assert set(wallet.balances(company_id).values()) == {0}
    assert len(wallet.balances(company_id)) == 9


@pytest.mark.parametrize("versions", [(1, 2), (2, 1)])
def test_the_newest_state_of_a_company_is_kept_in_any_order(versions, wallet) -> None:
    company_id = uuid4()
    methods = {1: SaidMethod.PREPAID, 2: SaidMethod.POSTPAID}

    for version in versions:
        wallet.hear(a_company_changed(company_id, version=version, payment_method=methods[version]))

    with wallet.begin() as uow:
        assert uow.companies.get(company_id).method is PaymentMethod.POSTPAID


@pytest.mark.rule("IDN-23")
@pytest.mark.parametrize("versions", [(1, 2), (2, 1)])
def test_the_newest_cash_like_permission_is_kept_in_any_order(versions, wallet) -> None:
    company_id = wallet.a_company()

    for version in versions:
        wallet.hear(
            CashLikeGranted(
                company_id=company_id, version=version, permitted=version == 1, monthly_limit_krw=version * 1_000
            )
        )

    with wallet.begin() as uow:
        assert uow.figures.of(company_id, PaymentMethod.PREPAID, uuid4(), "2026-03").cash_like is None


def test_a_member_is_kept_without_its_phone_and_with_its_address_sealed_as_it_came(wallet) -> None:
    member_id, email = uuid4(), Sealed(key_id="k", ciphertext="ZW1haWwtY2FuYXJ5")
    wallet.hear(
        MemberStateChanged(
            member_id=member_id,
            company_id=uuid4(),
            version=1,
            role=MemberRole.SUB,
            state=MemberState.ACTIVE,
            name="홍길동",
            department="",
            title="",
            email=email,
            phone=Sealed(key_id="k", ciphertext="cGhvbmUtdmFsdWU="),
            joined_at=NOON,
        )
    )

    (row,) = wallet.sql("SELECT * FROM members WHERE id = :id", id=member_id)
    assert (row.role, row.state, row.name) == ("sub", "active", "홍길동")
    assert (row.email_key_id, row.email_ciphertext) == ("k", "ZW1haWwtY2FuYXJ5")
    assert "cGhvbmUt" not in str(tuple(row))


def test_revoked_sessions_raise_the_lowest_generation(wallet) -> None:
    subject_id = uuid4()
    wallet.hear(SessionsRevoked(subject_id=subject_id, version=3, lowest_generation=3))
    wallet.hear(SessionsRevoked(subject_id=subject_id, version=2, lowest_generation=2))

    (row,) = wallet.sql("SELECT lowest_generation FROM session_floors WHERE subject_id = :id", id=subject_id)
    assert row.lowest_generation == 3
