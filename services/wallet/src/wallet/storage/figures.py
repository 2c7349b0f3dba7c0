"""The figures that orders are judged by, and the use of monthly limits."""

from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.dialects.postgresql import insert

from wallet.domain.errors import LimitShortError
from wallet.domain.funds import Funds, MonthlyLimit, UseScope
from wallet.domain.holds import Hold, PaymentMethod
from wallet.domain.movements import use_subject
from wallet.storage.tables import monthly_uses

_FIGURES = text("""
    SELECT
      coalesce((SELECT balance_krw FROM accounts WHERE company_id = :company_id AND account = 'balance'), 0) AS balance,
      coalesce((SELECT balance_krw FROM accounts WHERE company_id = :company_id AND account = 'holds'), 0) AS held,
      (SELECT monthly_limit_krw FROM credit_contracts WHERE company_id = :company_id) AS credit_limit,
      (SELECT used_krw FROM monthly_uses
       WHERE subject_id = :company_id AND scope = 'credit_line' AND month = :month) AS credit_used,
      EXISTS (SELECT 1 FROM spending_limits WHERE member_id = :member_id) AS has_spending_limit,
      (SELECT limit_krw FROM spending_limits WHERE member_id = :member_id) AS spending_limit,
      (SELECT used_krw FROM monthly_uses
       WHERE subject_id = :member_id AND scope = 'spending' AND month = :month) AS spending_used,
      (SELECT monthly_limit_krw FROM cash_like_grants WHERE company_id = :company_id AND permitted) AS cash_like_limit,
      (SELECT used_krw FROM monthly_uses
       WHERE subject_id = :company_id AND scope = 'cash_like' AND month = :month) AS cash_like_used
""")

_LIMITS = {
    UseScope.CREDIT_LINE: "SELECT monthly_limit_krw FROM credit_contracts WHERE company_id = :subject_id",
    UseScope.SPENDING: "SELECT coalesce(limit_krw, :unlimited) FROM spending_limits WHERE member_id = :subject_id",
    UseScope.CASH_LIKE: "SELECT monthly_limit_krw FROM cash_like_grants WHERE company_id = :subject_id AND permitted",
}

_UNLIMITED_KRW = 2**63 - 1

_TAKE = {
    scope: text(f"""
        UPDATE monthly_uses SET used_krw = used_krw + :amount_krw
        WHERE subject_id = :subject_id AND scope = :scope AND month = :month
          AND used_krw + :amount_krw <= ({limit})
        RETURNING used_krw
    """)  # noqa: S608 - the limits are the constants above
    for scope, limit in _LIMITS.items()
}


class SqlFigures:
    """`Figures` in one statement, so that they belong together."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, company_id: UUID, method: PaymentMethod, member_id: UUID, month: str) -> Funds:
        """The figures of a company and a member in a Seoul month."""
        row = self._connection.execute(
            _FIGURES, {"company_id": company_id, "member_id": member_id, "month": month}
        ).one()
        return Funds(
            method=method,
            balance_krw=row.balance,
            held_krw=row.held,
            credit=_limit(row.credit_limit, row.credit_used),
            spending=MonthlyLimit(row.spending_limit, row.spending_used or 0) if row.has_spending_limit else None,
            cash_like=_limit(row.cash_like_limit, row.cash_like_used),
        )


def _limit(limit_krw: int | None, used_krw: int | None) -> MonthlyLimit | None:
    return None if limit_krw is None else MonthlyLimit(limit_krw, used_krw or 0)


class SqlMonthlyUses:
    """`MonthlyUses` by conditional updates of the month's row."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, hold: Hold, scope: UseScope, amount_krw: int) -> None:
        """Count a hold's amount in its month. Raises `LimitShortError`."""
        subject_id = use_subject(hold, scope)
        row = {"subject_id": subject_id, "scope": scope.value, "month": hold.month}
        first = insert(monthly_uses).values(**row, company_id=hold.company_id, used_krw=0)
        self._connection.execute(first.on_conflict_do_nothing())
        unlimited = {"unlimited": _UNLIMITED_KRW} if scope is UseScope.SPENDING else {}
        taken = self._connection.execute(_TAKE[scope], {**row, **unlimited, "amount_krw": amount_krw})
        if taken.one_or_none() is None:
            raise LimitShortError(scope.value, subject_id)

    def give_back(self, hold: Hold, scope: UseScope, amount_krw: int) -> None:
        """Take an amount off the use of the hold's own month."""
        self._connection.execute(
            monthly_uses.update()
            .where(
                monthly_uses.c.subject_id == use_subject(hold, scope),
                monthly_uses.c.scope == scope.value,
                monthly_uses.c.month == hold.month,
            )
            .values(used_krw=monthly_uses.c.used_krw - amount_krw)
        )
