"""What other services and operators have granted."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest

from contracts.identity import CashLikeGranted


@pytest.fixture
def cash_like() -> Callable[..., CashLikeGranted]:
    def granted(company_id: UUID, *, limit_krw: int, permitted: bool = True, version: int = 1) -> CashLikeGranted:
        return CashLikeGranted(company_id=company_id, version=version, permitted=permitted, monthly_limit_krw=limit_krw)

    return granted


@pytest.fixture
def spending_limit(wallet) -> Callable[[UUID, UUID, int | None], None]:
    def give(company_id: UUID, member_id: UUID, limit_krw: int | None) -> None:
        wallet.sql(
            "INSERT INTO spending_limits (company_id, member_id, limit_krw) VALUES (:company, :member, :limit)",
            company=company_id,
            member=member_id,
            limit=limit_krw,
        )

    return give


@pytest.fixture
def contract(wallet) -> Callable[[UUID, int], None]:
    def record(company_id: UUID, monthly_limit_krw: int) -> None:
        wallet.sql(
            "INSERT INTO credit_contracts (company_id, monthly_limit_krw, starts_on) VALUES (:company, :limit, :day)",
            company=company_id,
            limit=monthly_limit_krw,
            day=date(2026, 3, 1),
        )

    return record
