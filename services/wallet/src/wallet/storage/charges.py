"""Charges and the attempts to confirm them."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from wallet.application.ports import Attempt
from wallet.domain.charge import Charge, ChargeMethod, ChargeState
from wallet.domain.errors import PaymentKeyTakenError, UnknownChargeError
from wallet.storage.attempts import SqlAttempts
from wallet.storage.tables import charge_attempts, charges


class SqlCharges:
    """`Charges` over the tables of charges and attempts."""

    def __init__(self, connection: Connection, at: datetime) -> None:
        self._connection = connection
        self._attempts = SqlAttempts(connection, at, charge_attempts, charge_attempts.c.charge_id)

    def add(self, charge: Charge) -> None:
        """Keep a new charge."""
        self._connection.execute(insert(charges).values(**_row(charge)))

    def get(self, charge_id: UUID) -> Charge:
        """The charge, its row held until the transaction ends. Raises `UnknownChargeError`."""
        found = select(charges).where(charges.c.id == charge_id).with_for_update()
        row = self._connection.execute(found).one_or_none()
        if row is None:
            raise UnknownChargeError(charge_id)
        return _charge(row)

    def of_company(self, company_id: UUID, charge_id: UUID) -> Charge:
        """A company's own charge. Raises `UnknownChargeError`."""
        found = select(charges).where(charges.c.id == charge_id, charges.c.company_id == company_id)
        row = self._connection.execute(found).one_or_none()
        if row is None:
            raise UnknownChargeError(charge_id)
        return _charge(row)

    def waiting(self, company_id: UUID, *, after: datetime, rows_max: int) -> Sequence[Charge]:
        """The company's latest charges that wait for a deposit and can be paid after a time, newest first."""
        found = (
            select(charges)
            .where(
                charges.c.company_id == company_id,
                charges.c.state == ChargeState.WAITING.value,
                charges.c.expires_at > after,
            )
            .order_by(charges.c.id.desc())
            .limit(rows_max)
        )
        return [_charge(row) for row in self._connection.execute(found)]

    def save(self, charge: Charge) -> None:
        """Write a charge's new state. Raises `PaymentKeyTakenError`."""
        try:
            with self._connection.begin_nested():
                self._connection.execute(update(charges).where(charges.c.id == charge.id).values(**_row(charge)))
        except IntegrityError as error:
            if "uq_charges_payment_key" in str(error.orig):
                raise PaymentKeyTakenError(charge.id) from error
            raise

    def open_attempt(self, charge: Charge, owner: UUID, lease: timedelta) -> None:
        """Note that the provider is about to be called, before it is: claimed by `owner` until the lease ends."""
        self._attempts.open(charge.id, charge.call_key, owner, lease)

    def claim_due(self, owner: UUID, lease: timedelta) -> Attempt | None:
        """Claim one attempt that is due and nobody works on; None when there is none."""
        claimed = self._attempts.claim_due(owner, lease)
        return None if claimed is None else Attempt(claimed.subject_id, owner, claimed.tries)

    def postpone(self, attempt: Attempt, delay: timedelta | None, *, note: str) -> None:
        """Let go of an attempt until the delay is over; without a delay it waits for an operator."""
        self._attempts.postpone(attempt.charge_id, attempt.owner, delay, note)

    def settle_attempt(self, charge_id: UUID, note: str) -> None:
        """Close an attempt for good."""
        self._attempts.settle(charge_id, note)

    def wake_attempt(self, charge_id: UUID) -> None:
        """Make an open attempt due at once, unless somebody works on it."""
        self._attempts.wake(charge_id)


def _row(charge: Charge) -> dict[str, object]:
    return {**asdict(charge), "method": charge.method.value, "state": charge.state.value}


def _charge(row: Row[tuple[object, ...]]) -> Charge:
    values = row._asdict()
    return Charge(**{**values, "method": ChargeMethod(values["method"]), "state": ChargeState(values["state"])})
