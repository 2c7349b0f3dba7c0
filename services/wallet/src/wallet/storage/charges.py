"""Charges and the attempts to confirm them. Leases are counted by the database's own clock, waits by business time."""

from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Row, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from wallet.application.ports import Attempt
from wallet.domain.charge import Charge, ChargeMethod, ChargeState
from wallet.domain.errors import PaymentKeyTakenError, UnknownChargeError
from wallet.storage.tables import charge_attempts, charges

_NOW = func.clock_timestamp()


class SqlCharges:
    """`Charges` over the tables of charges and attempts."""

    def __init__(self, session: Session, at: datetime) -> None:
        self._session = session
        self._at = at

    def add(self, charge: Charge) -> None:
        """Keep a new charge."""
        self._session.execute(insert(charges).values(**_row(charge)))

    def get(self, charge_id: UUID) -> Charge:
        """The charge, its row held until the transaction ends. Raises `UnknownChargeError`."""
        found = select(charges).where(charges.c.id == charge_id).with_for_update()
        row = self._session.execute(found).one_or_none()
        if row is None:
            raise UnknownChargeError(charge_id)
        return _charge(row)

    def of_company(self, company_id: UUID, charge_id: UUID) -> Charge:
        """A company's own charge. Raises `UnknownChargeError`."""
        found = select(charges).where(charges.c.id == charge_id, charges.c.company_id == company_id)
        row = self._session.execute(found).one_or_none()
        if row is None:
            raise UnknownChargeError(charge_id)
        return _charge(row)

    def save(self, charge: Charge) -> None:
        """Write a charge's new state. Raises `PaymentKeyTakenError`."""
        try:
            with self._session.begin_nested():
                self._session.execute(update(charges).where(charges.c.id == charge.id).values(**_row(charge)))
        except IntegrityError as error:
            if "uq_charges_payment_key" in str(error.orig):
                raise PaymentKeyTakenError(charge.id) from error
            raise

    def open_attempt(self, charge: Charge, owner: UUID, lease: timedelta) -> None:
        """Note that confirming is about to be called, before it is: claimed by `owner` until the lease ends."""
        self._session.execute(
            insert(charge_attempts).values(
                charge_id=charge.id,
                idempotency_key=charge.confirm_key,
                state="open",
                tries=0,
                owner=owner,
                lease_ends_at=_NOW + lease,
                next_try_at=self._at,
            )
        )

    def claim_due(self, owner: UUID, lease: timedelta) -> Attempt | None:
        """Claim one attempt that is due and nobody works on; None when there is none."""
        due = (
            select(charge_attempts.c.charge_id)
            .where(
                charge_attempts.c.state == "open",
                charge_attempts.c.next_try_at <= self._at,
                or_(charge_attempts.c.owner.is_(None), charge_attempts.c.lease_ends_at <= _NOW),
            )
            .order_by(charge_attempts.c.next_try_at)
            .limit(1)
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
        claimed = self._session.execute(
            update(charge_attempts)
            .where(charge_attempts.c.charge_id == due)
            .values(owner=owner, lease_ends_at=_NOW + lease)
            .returning(charge_attempts.c.charge_id, charge_attempts.c.tries)
        ).one_or_none()
        return None if claimed is None else Attempt(claimed.charge_id, owner, claimed.tries)

    def postpone(self, attempt: Attempt, delay: timedelta | None, *, note: str) -> None:
        """Let go of an attempt until the delay is over; without a delay it waits for an operator."""
        self._session.execute(
            update(charge_attempts)
            .where(
                charge_attempts.c.charge_id == attempt.charge_id,
                charge_attempts.c.owner == attempt.owner,
                charge_attempts.c.state == "open",
            )
            .values(
                state="operator" if delay is None else "open",
                tries=charge_attempts.c.tries + 1,
                owner=None,
                next_try_at=self._at + (delay or timedelta()),
                note=note,
            )
        )

    def settle_attempt(self, charge_id: UUID, note: str) -> None:
        """Close an attempt for good."""
        self._session.execute(
            update(charge_attempts)
            .where(charge_attempts.c.charge_id == charge_id)
            .values(state="settled", owner=None, note=note)
        )

    def wake_attempt(self, charge_id: UUID) -> None:
        """Make an open attempt due at once, unless somebody works on it."""
        self._session.execute(
            update(charge_attempts)
            .where(
                charge_attempts.c.charge_id == charge_id,
                charge_attempts.c.state == "open",
                charge_attempts.c.owner.is_(None),
            )
            .values(next_try_at=self._at)
        )


def _row(charge: Charge) -> dict[str, object]:
    return {**asdict(charge), "method": charge.method.value, "state": charge.state.value}


def _charge(row: Row[tuple[object, ...]]) -> Charge:
    values = row._asdict()
    return Charge(**{**values, "method": ChargeMethod(values["method"]), "state": ChargeState(values["state"])})
