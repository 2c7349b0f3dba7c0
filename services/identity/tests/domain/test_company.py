"""States of a company, its cash-like permission, and changes of its business data (IDN-23, IDN-25)."""

from uuid import uuid4

import pytest
from identity_builders import AT, a_company

from identity.domain.company import BusinessChange, CashLike, ChangeState, CompanyAct, CompanyState
from identity.domain.errors import CompanyStateRefusedError, InvalidValueError, StaleChangeError


def test_a_suspension_makes_the_tokens_of_all_members_worthless_and_a_resumption_gives_none_back() -> None:
    suspended = a_company(uuid4()).act(CompanyAct.SUSPEND)
    assert (suspended.state, suspended.generation, suspended.version) == (CompanyState.SUSPENDED, 2, 2)
    resumed = suspended.act(CompanyAct.RESUME)
    assert (resumed.state, resumed.generation, resumed.version) == (CompanyState.APPROVED, 2, 3)


@pytest.mark.parametrize("acts", [(CompanyAct.RESUME,), (CompanyAct.SUSPEND, CompanyAct.SUSPEND)])
def test_every_other_act_on_a_company_is_refused(acts: tuple[CompanyAct, ...]) -> None:
    company = a_company(uuid4())
    for act in acts[:-1]:
        company = company.act(act)
    with pytest.raises(CompanyStateRefusedError):
        company.act(acts[-1])


@pytest.mark.rule("IDN-23")
def test_the_cash_like_permission_comes_with_a_limit_and_goes_with_it() -> None:
    granted = CashLike().change(permitted=True, monthly_limit_krw=5_000_000)
    assert (granted.permitted, granted.monthly_limit_krw, granted.version) == (True, 5_000_000, 1)
    revoked = granted.change(permitted=False, monthly_limit_krw=0)
    assert (revoked.permitted, revoked.monthly_limit_krw, revoked.version) == (False, 0, 2)
    for permitted, limit_krw in ((True, 0), (False, 1)):
        with pytest.raises(InvalidValueError):
            granted.change(permitted=permitted, monthly_limit_krw=limit_krw)


@pytest.mark.rule("IDN-25")
def test_only_a_change_that_waits_is_decided() -> None:
    waiting = BusinessChange(uuid4(), uuid4(), uuid4(), "새이름", "새대표", AT)
    approved = waiting.decide(uuid4(), AT, reason=None)
    rejected = waiting.decide(uuid4(), AT, reason="증빙 부족")
    assert (approved.state, rejected.state, rejected.reason) == (
        ChangeState.APPROVED,
        ChangeState.REJECTED,
        "증빙 부족",
    )
    for closed in (approved, rejected, waiting.take_back()):
        with pytest.raises(StaleChangeError):
            closed.decide(uuid4(), AT, reason=None)
