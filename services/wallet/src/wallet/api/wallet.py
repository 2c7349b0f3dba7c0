"""What members see of the money: usable amounts, and 충전/사용내역."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from uuid import UUID

from flask import Response
from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, Field, field_validator

from chassis.access import caller, members
from chassis.file_types import XLSX
from chassis.paging import PageQuery, page_of, read_cursor
from wallet.api.tenancy import own_company_id
from wallet.application.ports import Transactions
from wallet.application.queries import WalletView, view_history, view_wallet, whole_history
from wallet.domain.funds import MonthlyLimit
from wallet.domain.history import KINDS, LABELS, HistoryFilter, HistoryLine
from wallet.domain.holds import PaymentMethod
from wallet.domain.month import period_of

SUB = "sub"


class LimitModel(BaseModel):
    """A limit of this Seoul month; without `limit_krw` it is unlimited."""

    limit_krw: int | None
    used_krw: int
    left_krw: int | None


class WalletModel(BaseModel):
    """The money that the caller may use. What only the master sees is absent for sub-members."""

    payment_method: PaymentMethod
    month: str = Field(description="the Seoul month of the limits, YYYY-MM")
    usable_krw: int = Field(description="사용 가능 금액: the smallest of what is left (WAL-19)")
    cash_like_usable_krw: int = Field(description="the same for cash-like products")
    balance_krw: int | None = Field(description="충전금 with what is held; prepaid masters only")
    held_krw: int | None = Field(description="held for placed orders; masters only")
    credit: LimitModel | None = Field(description="monthly credit; postpaid masters only")
    credit_period_ko: str | None = Field(
        description="the days that it counts for", examples=["10.01 - 10.31 이용 기준"]
    )
    spending: LimitModel | None = Field(description="월 구매한도; sub-members that were given one")
    cash_like: LimitModel | None = Field(description="the company's cash-like limit, if it has the permission")


class OrderOfEntry(BaseModel):
    order_id: UUID
    order_number: str
    order_name: str
    order_type: str


class EntryModel(BaseModel):
    """One line of 충전/사용내역; `balance_krw` is 현재 보유 충전금 after it."""

    seq: int
    at: datetime
    kind: str = Field(examples=["charge", "use", "use_cancelled", "issue_failure_refund"])
    kind_ko: str = Field(examples=["충전"])
    detail_ko: str
    amount_krw: int = Field(description="signed")
    balance_krw: int
    charge_id: UUID | None
    means: str | None
    order: OrderOfEntry | None
    refund_id: UUID | None


class EntryPage(BaseModel):
    items: list[EntryModel]
    next_cursor: str | None


class HistoryQuery(BaseModel):
    """Which lines: Seoul days, both included, and kinds; what is absent restricts nothing."""

    from_on: date | None = None
    until_on: date | None = None
    kind: list[str] = Field(default=[], max_length=len(KINDS), description="one or several of the lines' kinds")

    @field_validator("kind")
    @classmethod
    def _known(cls, names: list[str]) -> list[str]:
        unknown = sorted(set(names) - set(KINDS))
        if unknown:
            raise ValueError(f"no such kind; there are {', '.join(KINDS)}")
        return names

    def wanted(self) -> HistoryFilter:
        """The lines that are wanted."""
        return HistoryFilter(self.from_on, self.until_on, frozenset(KINDS[name] for name in self.kind))


class HistoryPageQuery(HistoryQuery, PageQuery):
    """A page of them."""


def wallet_blueprint(
    transactions: Transactions, write_history: Callable[[Sequence[HistoryLine]], bytes], *, workbook_rows_max: int
) -> APIBlueprint:
    """The routes under /v1/wallet."""
    blueprint = APIBlueprint("wallet", __name__, abp_tags=[Tag(name="wallet")])

    @blueprint.get("/v1/wallet", responses={200: WalletModel})
    @members
    def read_wallet() -> WalletModel:
        """The caller's usable amount, and what it is made of."""
        by_sub = SUB in caller().roles
        with transactions() as uow:
            view = view_wallet(own_company_id(), caller().subject_id, by_sub_member=by_sub, uow=uow)
        return model_of(view, by_sub_member=by_sub)

    @blueprint.get("/v1/wallet/entries", responses={200: EntryPage})
    @members(roles={"master"})
    def read_entries(query: HistoryPageQuery) -> EntryPage:
        """Movements of the balance, newest first, with the balance after each; for prepaid masters."""
        key = read_cursor(query.cursor, int)
        with transactions() as uow:
            lines = view_history(
                own_company_id(),
                uow,
                wanted=query.wanted(),
                before_seq=None if key is None else key[0],
                rows_max=query.limit + 1,
            )
        items, next_cursor = page_of(lines, query.limit, key=lambda line: (line.seq,), show=entry_of)
        return EntryPage(items=items, next_cursor=next_cursor)

    @blueprint.get("/v1/wallet/entries/xlsx")
    @members(roles={"master"})
    def download_entries(query: HistoryQuery) -> Response:
        """The same lines as a workbook, oldest first."""
        with transactions() as uow:
            lines = whole_history(own_company_id(), uow, wanted=query.wanted(), rows_max=workbook_rows_max)
        response = Response(write_history(lines), mimetype=XLSX)
        response.headers["Content-Disposition"] = 'attachment; filename="entries.xlsx"'
        response.headers["Cache-Control"] = "private, no-store"
        return response

    return blueprint


def model_of(view: WalletView, *, by_sub_member: bool) -> WalletModel:
    """A company's money as the API shows it to a master or a sub-member."""
    funds = view.funds
    prepaid_master = funds.method is PaymentMethod.PREPAID and not by_sub_member
    return WalletModel(
        payment_method=funds.method,
        month=view.month,
        usable_krw=view.usable_krw,
        cash_like_usable_krw=view.cash_like_usable_krw,
        balance_krw=funds.balance_krw + funds.held_krw if prepaid_master else None,
        held_krw=None if by_sub_member else funds.held_krw,
        credit=None if by_sub_member else _limit(funds.credit),
        credit_period_ko=None if by_sub_member or funds.credit is None else _period_ko(view.month),
        spending=_limit(funds.spending) if by_sub_member else None,
        cash_like=_limit(funds.cash_like),
    )


def _limit(limit: MonthlyLimit | None) -> LimitModel | None:
    if limit is None:
        return None
    return LimitModel(limit_krw=limit.limit_krw, used_krw=limit.used_krw, left_krw=limit.left_krw)


def _period_ko(month: str) -> str:
    first, last = period_of(month)
    return f"{first:%m.%d} - {last:%m.%d} 이용 기준"


def entry_of(line: HistoryLine) -> EntryModel:
    """A line of the history as the API shows it."""
    kind, kind_ko = LABELS[line.kind]
    order = None
    if line.order is not None and line.order_id is not None:
        order = OrderOfEntry(
            order_id=line.order_id,
            order_number=line.order.order_number,
            order_name=line.order.order_name,
            order_type=line.order.order_type,
        )
    return EntryModel(
        seq=line.seq,
        at=line.at,
        kind=kind,
        kind_ko=kind_ko,
        detail_ko=line.detail_ko,
        amount_krw=line.amount_krw,
        balance_krw=line.balance_krw,
        charge_id=line.charge_id,
        means=line.means,
        order=order,
        refund_id=line.refund_id,
    )
