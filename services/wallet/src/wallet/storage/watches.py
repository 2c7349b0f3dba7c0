"""Thresholds of companies and what crossed them, and the orders that are near."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, delete, select, text, update
from sqlalchemy.dialects.postgresql import insert

from wallet.application.watch_ports import Crossing
from wallet.domain.watch import NearOrder, Threshold
from wallet.storage.watch_tables import balance_thresholds, near_orders

_CROSSINGS = text("""
    WITH watched AS (
      SELECT balance_thresholds.*, CASE companies.method
        WHEN 'prepaid' THEN coalesce((
          SELECT balance_krw FROM accounts
          WHERE accounts.company_id = companies.id AND account = 'balance'), 0)
        ELSE greatest(0, coalesce((
          SELECT monthly_limit_krw FROM credit_contracts WHERE credit_contracts.company_id = companies.id), 0)
          - coalesce((
          SELECT used_krw FROM monthly_uses
          WHERE subject_id = companies.id AND scope = 'credit_line' AND month = :month), 0))
        END AS available_krw
      FROM balance_thresholds JOIN companies ON companies.id = balance_thresholds.company_id
      WHERE companies.active
    )
    SELECT balance_thresholds.company_id, balance_thresholds.threshold_krw, balance_thresholds.is_low,
      watched.available_krw
    FROM balance_thresholds JOIN watched USING (company_id)
    WHERE (watched.available_krw < balance_thresholds.threshold_krw) <> balance_thresholds.is_low
    ORDER BY balance_thresholds.company_id
    LIMIT :rows_max
    FOR UPDATE OF balance_thresholds SKIP LOCKED
""")


class SqlWatches:
    """`Watches` over their tables."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def threshold(self, company_id: UUID) -> Threshold | None:
        """What the master chose; None when nothing."""
        found = select(balance_thresholds).where(balance_thresholds.c.company_id == company_id)
        row = self._connection.execute(found).one_or_none()
        return None if row is None else Threshold(row.company_id, row.threshold_krw, row.is_low)

    def set_threshold(self, company_id: UUID, threshold_krw: int | None, at: datetime) -> None:
        """Keep a new choice, of which nobody was told anything yet; None watches no more."""
        if threshold_krw is None:
            self._connection.execute(delete(balance_thresholds).where(balance_thresholds.c.company_id == company_id))
            return
        values = {"threshold_krw": threshold_krw, "is_low": False, "chosen_at": at}
        row = insert(balance_thresholds).values(company_id=company_id, **values)
        self._connection.execute(
            row.on_conflict_do_update(index_elements=[balance_thresholds.c.company_id], set_=values)
        )

    def crossings(self, month: str, *, rows_max: int) -> Sequence[Crossing]:
        """Active companies whose money crossed their threshold, by this Seoul month; nobody else gets them."""
        rows = self._connection.execute(_CROSSINGS, {"month": month, "rows_max": rows_max})
        return [
            Crossing(Threshold(row.company_id, row.threshold_krw, row.is_low), int(row.available_krw)) for row in rows
        ]

    def note(self, threshold: Threshold) -> None:
        """Write on which side of the threshold a company is now."""
        of_company = update(balance_thresholds).where(balance_thresholds.c.company_id == threshold.company_id)
        self._connection.execute(of_company.values(is_low=threshold.is_low))

    def keep_near(self, order: NearOrder) -> bool:
        """Keep a near order; False when it was known."""
        row = insert(near_orders).values(asdict(order)).on_conflict_do_nothing().returning(near_orders.c.plan_id)
        return self._connection.scalar(row) is not None

    def near(self, company_id: UUID, *, after: date, until: date) -> Sequence[NearOrder]:
        """The company's near orders of the days after one and up to another."""
        found = select(near_orders).where(
            near_orders.c.company_id == company_id, near_orders.c.day > after, near_orders.c.day <= until
        )
        return [NearOrder(**row._asdict()) for row in self._connection.execute(found)]
