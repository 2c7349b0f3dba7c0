"""Comparing a Seoul day of the payment provider's list with our books (WAL-03).

Both sides are sums by charge, for a charge is paid once and sent back once. What is only late on one side is asked for
before it is called a difference.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from wallet.domain.difference import DifferenceKind


@dataclass(frozen=True)
class ProviderMove:
    """Money that the provider collected for an order of ours, or, below zero, sent back."""

    key: str
    provider_order_id: str
    amount_krw: int
    at: datetime


@dataclass(frozen=True)
class BookedSums:
    """What our books say of a charge."""

    charge_krw: int
    """What was asked for."""
    collected_krw: int
    """What was credited and is not taken back."""
    sent_back_krw: int


@dataclass(frozen=True)
class Difference:
    """Where the two sides differ about an order."""

    kind: DifferenceKind
    provider_order_id: str
    our_krw: int
    provider_krw: int


@dataclass(frozen=True)
class ProviderSums:
    """What the provider's list says of an order."""

    collected_krw: int = 0
    sent_back_krw: int = 0


def sums_of(moves: Iterable[ProviderMove]) -> dict[str, ProviderSums]:
    """The list's sums by order; a move that is listed twice counts once."""
    sums: dict[str, ProviderSums] = {}
    for move in {move.key: move for move in moves}.values():
        before = sums.get(move.provider_order_id, ProviderSums())
        sums[move.provider_order_id] = ProviderSums(
            before.collected_krw + max(move.amount_krw, 0), before.sent_back_krw - min(move.amount_krw, 0)
        )
    return sums


def differences(
    listed: Mapping[str, ProviderSums],
    booked: Mapping[str, BookedSums],
    *,
    paid_that_day: Iterable[str],
    sent_back_that_day: Iterable[str],
) -> tuple[Difference, ...]:
    """Where the list and the books differ.

    `booked` has every order of the list that is a charge of ours. The two sets are ours of the day: payments by the
    provider's own time, and cancellations; they have to be in the list.
    """
    found: list[Difference] = []
    for order_id, sums in sorted(listed.items()):
        found += _of_listed(order_id, sums, booked.get(order_id))
    for order_id in sorted(set(paid_that_day)):
        ours_krw = booked[order_id].collected_krw
        if listed.get(order_id, ProviderSums()).collected_krw == 0 < ours_krw:
            found.append(Difference(DifferenceKind.NOT_COLLECTED, order_id, ours_krw, 0))
    for order_id in sorted(set(sent_back_that_day)):
        ours_krw = booked[order_id].sent_back_krw
        if listed.get(order_id, ProviderSums()).sent_back_krw == 0 < ours_krw:
            found.append(Difference(DifferenceKind.NOT_SENT_BACK, order_id, ours_krw, 0))
    return tuple(found)


def _of_listed(order_id: str, listed: ProviderSums, booked: BookedSums | None) -> list[Difference]:
    if booked is None:
        return [Difference(DifferenceKind.UNKNOWN_CHARGE, order_id, 0, listed.collected_krw - listed.sent_back_krw)]
    found = []
    if listed.collected_krw not in {0, booked.charge_krw}:
        found.append(Difference(DifferenceKind.AMOUNT, order_id, booked.charge_krw, listed.collected_krw))
    elif listed.collected_krw > booked.collected_krw:
        found.append(Difference(DifferenceKind.NOT_CREDITED, order_id, booked.collected_krw, listed.collected_krw))
    if listed.sent_back_krw > booked.sent_back_krw:
        found.append(Difference(DifferenceKind.SENT_BACK, order_id, booked.sent_back_krw, listed.sent_back_krw))
    return found
