"""The read side: what a member sees of the money (WAL-04, WAL-19)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from wallet.application.ports import UnitOfWork
from wallet.domain.errors import TooManyLinesError
from wallet.domain.funds import Funds, cash_like_usable_krw, usable_krw
from wallet.domain.history import HistoryFilter, HistoryLine
from wallet.domain.month import seoul_month


@dataclass(frozen=True)
class WalletView:
    """What a member may use in this Seoul month, in KRW."""

    funds: Funds
    month: str
    usable_krw: int
    cash_like_usable_krw: int


def view_wallet(company_id: UUID, member_id: UUID, *, by_sub_member: bool, uow: UnitOfWork) -> WalletView:
    """The money of a member's company, as far as that member may use it. Raises `UnknownCompanyError`."""
    company = uow.companies.get(company_id)
    month = seoul_month(uow.at)
    funds = uow.figures.of(company.id, company.method, member_id, month)
    return WalletView(
        funds=funds,
        month=month,
        usable_krw=usable_krw(funds, by_sub_member=by_sub_member),
        cash_like_usable_krw=cash_like_usable_krw(funds, by_sub_member=by_sub_member),
    )


def view_history(
    company_id: UUID, uow: UnitOfWork, *, wanted: HistoryFilter, before_seq: int | None, rows_max: int
) -> Sequence[HistoryLine]:
    """A page of 충전/사용내역, for prepaid masters (WAL-01). Raises `UnknownCompanyError`, `PrepaidOnlyError`."""
    uow.companies.get(company_id).must_charge_in_advance()
    return uow.histories.lines(company_id, before_seq=before_seq, rows_max=rows_max, wanted=wanted)


def whole_history(company_id: UUID, uow: UnitOfWork, *, wanted: HistoryFilter, rows_max: int) -> Sequence[HistoryLine]:
    """Every wanted line at once, oldest first, for a workbook.

    Raises `TooManyLinesError` beside what `view_history` raises.
    """
    lines = view_history(company_id, uow, wanted=wanted, before_seq=None, rows_max=rows_max + 1)
    if len(lines) > rows_max:
        raise TooManyLinesError(rows_max)
    return tuple(reversed(lines))


def balances_of(company_id: UUID, uow: UnitOfWork) -> WalletView:
    """A company's money as operators see it. Raises `UnknownCompanyError`."""
    company = uow.companies.get(company_id)
    return view_wallet(company.id, company.master_id, by_sub_member=False, uow=uow)
