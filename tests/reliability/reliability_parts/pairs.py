"""Two messages to one service, played in both orders from the same moment of a job."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from sqlalchemy import delete

from chassis.consumer import Poison
from chassis.database import Database
from chassis.tables import outbox
from contracts.envelope import Envelope
from contracts.event import Event
from contracts.identity import CompanyChanged, MemberStateChanged, OpenAffairsAsked
from contracts.ordering.coupons import CouponsFailed
from contracts.ordering.orders import (
    ChoicesStopped,
    OpenOrdersCounted,
    OrderCancelled,
    OrderPlaced,
    OrderRejected,
    OrderSent,
    ReservationWithdrawn,
)
from contracts.ordering.plans import PlanDayNear, PlanStopped
from contracts.scheduler import TimerFired
from contracts.wallet import (
    BalanceLow,
    ForecastShort,
    FundsRefused,
    FundsReserved,
    InvoiceIssued,
    ReservationReleased,
)
from reliability_parts.contents import Contents, contents_of, difference, ids_in
from reliability_parts.houses import House
from reliability_parts.record import Delivery
from reliability_parts.rehearsal import Rehearsal, Snapshot, rehearsal


def compare_orders(house: House, stage: Database, first: Delivery, second: Delivery) -> str:
    """What the two orders of two deliveries leave behind differently; nothing when all is well.

    Where the order is meant to decide (`RACES`), only what may not depend on it is compared.
    """
    in_order = play(house, stage, first.before, (first, second))
    reversed_ = play(house, stage, first.before, (second, first))
    race = RACES.get((house.package, frozenset({first.envelope.type, second.envelope.type})))
    return difference(in_order, reversed_) if race is None else difference(race(in_order), race(reversed_))


def play(house: House, stage: Database, before: Snapshot, deliveries: Sequence[Delivery]) -> Contents:
    """What is left after deliveries to a database that held this, with the dead letters as a table of their own."""
    known = ids_in(before.text()).union(*(ids_in(each.envelope.model_dump_json()) for each in deliveries))
    with rehearsal(stage, before) as database:
        dead = _Broker(house, database).deliver_all(deliveries)
        with database.transaction() as session:
            return contents_of(session, house.package, known) | {"dead letters": dead}


def _sums(contents: Contents) -> Contents:
    """What each account of the ledger comes to."""
    sums: Counter[object] = Counter()
    for row, times in contents["entries"].items():
        entry = dict(row)
        sums[entry["account"]] += times * int(entry["amount_krw"])
    return {"sums": Counter(sums.items())}


def _states(contents: Contents) -> Contents:
    """The states of the orders."""
    return {"states": Counter((dict(row)["id"], dict(row)["state"]) for row in contents["orders"].elements())}


def _told(contents: Contents) -> Contents:
    """What is told, whatever the names in it."""
    return {
        "mails": Counter(dict(row)["subject"] for row in contents["mails"].elements()),
        "notices": Counter(dict(row)["provider_code"] for row in contents["notices"].elements()),
    }


def _apart_from(event: type[Event]) -> Callable[[Contents], Contents]:
    """All but what is said in this event."""

    def others(contents: Contents) -> Contents:
        said = {row: times for row, times in contents["outbox"].items() if event.type not in row}
        return {**contents, "outbox": Counter(said)}

    return others


def _nothing(_: Contents) -> Contents:
    return {}


RACES = {
    # Money is withdrawn after it was held, or never held: nothing stays held.
    ("wallet", frozenset({OrderPlaced.type, ReservationWithdrawn.type})): _sums,
    # A refusal names what was available at its moment.
    ("wallet", frozenset({OrderPlaced.type})): _sums,
    ("wallet", frozenset({OrderPlaced.type, CouponsFailed.type})): _sums,
    # A forecast judges by what is there at its moment.
    **{
        ("wallet", frozenset({PlanDayNear.type, news.type})): _apart_from(ForecastShort)
        for news in (OrderPlaced, OrderCancelled, CouponsFailed)
    },
    # What is open is counted as it stands at the moment.
    **{
        ("ordering", frozenset({OpenAffairsAsked.type, answer.type})): _apart_from(OpenOrdersCounted)
        for answer in (FundsReserved, FundsRefused, ReservationReleased)
    },
    # Members are told by the names and addresses that are known at the moment.
    **{
        ("messaging", frozenset({state.type, news.type})): _told
        for state in (CompanyChanged, MemberStateChanged)
        for news in (OrderSent, OrderRejected, ChoicesStopped, PlanStopped, BalanceLow, InvoiceIssued, ForecastShort)
    },
    # Ordering gives up waiting only before it has its answer, and then says so; the order is rejected either way.
    ("ordering", frozenset({TimerFired.type, FundsRefused.type})): _states,
    ("ordering", frozenset({TimerFired.type, ReservationReleased.type})): _states,
    # The order is sent, or waits for its money's release, which is still to come (ordering's own tests).
    ("ordering", frozenset({TimerFired.type, FundsReserved.type})): _nothing,
}
"""By service, pairs of events of which the first is meant to win, with what is the same all the same."""


class _Broker:
    """What broker and relay would do: what failed comes again, and what a service tells itself arrives."""

    def __init__(self, house: House, database: Rehearsal) -> None:
        self._house = house
        self._database = database
        self._dead: Counter[object] = Counter()

    def deliver_all(self, deliveries: Sequence[Delivery]) -> Counter[object]:
        """Deliver in this order; the dead letters."""
        failed = [each for each in deliveries if not self._deliver(each.queue, each.envelope)]
        for each in failed:
            if not self._deliver(each.queue, each.envelope):
                self._dead[f"still fails: {each}"] += 1
        return self._dead

    def _deliver(self, queue: str, envelope: Envelope) -> bool:
        consumer = self._house.consumers[queue]
        own, consumer.database = consumer.database, self._database
        try:
            consumer.handle(envelope)
        except Poison:
            self._dead[f"{envelope.type} → {queue}"] += 1
        except Exception:  # noqa: BLE001 - whatever a handler raises, the broker delivers again
            return False
        finally:
            consumer.database = own
        for own_mail in self._take_own_mail():
            self._deliver(*own_mail)
        return True

    def _take_own_mail(self) -> list[tuple[str, Envelope]]:
        unparked = delete(outbox).where(outbox.c.exchange == "").returning(outbox.c.routing_key, outbox.c.envelope)
        with self._database.transaction() as session:
            return [(row.routing_key, Envelope.model_validate_json(row.envelope)) for row in session.execute(unparked)]
