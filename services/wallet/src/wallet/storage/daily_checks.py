"""The daily checks. Leases are counted by the database's own clock, waits by business time."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from wallet.application.check_ports import CheckKind, DailyCheck
from wallet.storage.payment_tables import daily_checks

_NOW = func.clock_timestamp()


class SqlDailyChecks:
    """`DailyChecks` over their table."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._at = at

    def ask(self, kind: CheckKind, day: date) -> None:
        """Ask for a check; again changes nothing."""
        row = insert(daily_checks).values(
            kind=kind.value, day=day, state="open", asked_at=self._at, next_try_at=self._at, tries=0
        )
        self._connection.execute(row.on_conflict_do_nothing())

    def claim_due(self, lease: timedelta) -> DailyCheck | None:
        """Claim one check that is due and nobody works on; None when there is none."""
        columns = daily_checks.c
        due = (
            select(columns.kind, columns.day)
            .where(
                columns.state == "open",
                columns.next_try_at <= self._at,
                or_(columns.lease_ends_at.is_(None), columns.lease_ends_at <= _NOW),
            )
            .order_by(columns.day, columns.kind)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        row = self._connection.execute(due).one_or_none()
        if row is None:
            return None
        claimed = update(daily_checks).where(columns.kind == row.kind, columns.day == row.day)
        taken = self._connection.execute(claimed.values(lease_ends_at=_NOW + lease).returning(daily_checks)).one()
        return _check(taken)

    def postpone(self, check: DailyCheck, delay: timedelta, note: str) -> None:
        """Let a check come again after the delay."""
        self._write(
            check,
            tries=daily_checks.c.tries + 1,
            next_try_at=self._at + delay,
            lease_ends_at=None,
            result={"waits_for": note},
        )

    def finish(self, check: DailyCheck, found: int, result: Mapping[str, Any]) -> None:
        """Keep what came of a check."""
        self._write(
            check,
            state="done",
            tries=daily_checks.c.tries + 1,
            lease_ends_at=None,
            done_at=self._at,
            found=found,
            result=dict(result),
        )

    def listed(
        self, *, kind: CheckKind | None, before: tuple[date, CheckKind] | None, rows_max: int
    ) -> Sequence[DailyCheck]:
        """Checks, latest day first, from before one on."""
        key = tuple_(daily_checks.c.day, daily_checks.c.kind)
        found = select(daily_checks).order_by(daily_checks.c.day.desc(), daily_checks.c.kind.desc()).limit(rows_max)
        if kind is not None:
            found = found.where(daily_checks.c.kind == kind.value)
        if before is not None:
            found = found.where(key < tuple_(before[0], before[1].value))
        return [_check(row) for row in self._connection.execute(found)]

    def _write(self, check: DailyCheck, **values: object) -> None:
        of_check = update(daily_checks).where(
            daily_checks.c.kind == check.kind.value, daily_checks.c.day == check.day, daily_checks.c.state == "open"
        )
        self._connection.execute(of_check.values(values))


def _check(row: Row[Any]) -> DailyCheck:
    return DailyCheck(CheckKind(row.kind), row.day, row.asked_at, row.tries, row.done_at, row.found, row.result)
