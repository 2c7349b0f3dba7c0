"""What the daily checks need of the world outside the use cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from wallet.domain.reconciliation import BookedSums, ProviderMove


class CheckKind(StrEnum):
    """What is checked every day."""

    PROOF = "proof"
    """The ledger proves itself."""
    RECONCILIATION = "reconciliation"
    """The day before, beside the payment provider's list."""


@dataclass(frozen=True)
class DailyCheck:
    """One check of a Seoul day; `found` counts what was wrong, and is None before the check is done."""

    kind: CheckKind
    day: date
    asked_at: datetime
    tries: int
    done_at: datetime | None = None
    found: int | None = None
    result: Mapping[str, Any] | None = None


class DailyChecks(Protocol):
    """The checks that were asked for, each once a kind and day."""

    def ask(self, kind: CheckKind, day: date) -> None:
        """Ask for a check; again changes nothing."""

    def claim_due(self, lease: timedelta) -> DailyCheck | None:
        """Claim one check that is due and nobody works on; None when there is none."""

    def postpone(self, check: DailyCheck, delay: timedelta, note: str) -> None:
        """Let a check come again after the delay."""

    def finish(self, check: DailyCheck, found: int, result: Mapping[str, Any]) -> None:
        """Keep what came of a check."""

    def listed(
        self, *, kind: CheckKind | None, before: tuple[date, CheckKind] | None, rows_max: int
    ) -> Sequence[DailyCheck]:
        """Checks, latest day first, from before one on."""


@dataclass(frozen=True)
class BookedCharge:
    """A charge with its sums in our books."""

    charge_id: UUID
    company_id: UUID
    sums: BookedSums


class Reconciliations(Protocol):
    """Our side of a reconciliation, by the ids that the provider knows charges by."""

    def of_orders(self, provider_order_ids: Sequence[str]) -> Mapping[str, BookedCharge]:
        """The charges among these."""

    def paid_between(self, start: datetime, end: datetime) -> Mapping[str, BookedCharge]:
        """Credited charges whose payment the provider dates so."""

    def sent_back_between(self, start: datetime, end: datetime) -> Mapping[str, BookedCharge]:
        """Charges whose cancellation was done then."""


class ProviderList(Protocol):
    """The provider's list of money that it moved. Nothing raises for what it answers or fails to answer."""

    def moves_between(self, start: datetime, end: datetime) -> Sequence[ProviderMove] | None:
        """Every move, both times included; None when the provider did not say it all."""
