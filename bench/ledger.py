"""How fast the ledger posts: 1 to 16 clients, on one hot company and on a company each, beside the bare SQL.

    ./coupbiz bench ledger [SECONDS] [CLIENTS …]

A client is a process of its own with a connection of its own. What it does is what the wallet does for one movement of
money: a unit of work, one posting by the ledger, commit. The floor is the same statement sent by hand, with the same
tables, constraints, indexes, triggers and hash chain, to the same server, measured in turn in the same run. Beside them
stand whole reservations of orders, each a posting with its decision, hold, lots and answer. Afterwards every chain,
ours and the floor's, has to prove itself. The last line is one JSON object, of the hot company with most clients.
"""

import json
import multiprocessing
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from typing import Any
from uuid import UUID, uuid4

import psycopg

from chassis.clock import SystemClock
from chassis.database import Database
from chassis.ids import new_id
from chassis.testing.postgres import TestDatabases, runtime_database
from launcher.servers import ladder
from wallet.application.companies import keep_company
from wallet.application.crediting import settle_charge
from wallet.application.reservations import ReserveFunds, reserve_funds
from wallet.application.verification import prove_ledger
from wallet.domain.charge import Charge, ChargeMethod, ChargeState
from wallet.domain.company import Company
from wallet.domain.holds import OrderLabel, PaymentMethod
from wallet.domain.ledger import Account, Posting, PostingKind, transfer
from wallet.domain.month import seoul_month
from wallet.domain.payment import Credit, Payment, PaymentStatus
from wallet.main import migrations
from wallet.storage.books import SqlBooks
from wallet.storage.ledger import _POST
from wallet.storage.unit_of_work import transactions

CLIENTS = (1, 2, 4, 8, 16)
WARM_UP = 20
RICH_KRW = 1_000_000_000
OF_POSTINGS = frozenset({"chain", "sum", "running_balance", "balance", "below_zero"})
"""The checks that bare postings have to pass; they come with no charges, so lots do not add up to them."""

BY_HAND = re.sub(r"(?<!:):(\w+)", r"%(\1)s", str(_POST))
KINDS = ("wallet", "floor", "order")
WHERE = ("hot", "many")

Do = Callable[[], None]
Figures = Mapping[str, float]


@dataclass(frozen=True)
class Place:
    """What a client needs to know of where it works."""

    url: str
    kind: str
    company_id: UUID
    seconds: float


def main(arguments: Sequence[str]) -> int:
    """Measure and print the figures."""
    seconds = float(arguments[0]) if arguments else 3.0
    counts = tuple(int(each) for each in arguments[1:]) or CLIENTS
    ladder.begin_run()
    databases = TestDatabases(ladder.server_for_tests("postgres"), "bench")
    try:
        with databases.clone(migrations()) as name:
            database = runtime_database(databases, name, "wallet")
            try:
                figures = {where: _figures(database, where, counts, seconds) for where in WHERE}
                proof = prove_ledger(SqlBooks(database))
            finally:
                database.dispose()
    finally:
        databases.drop_templates()
        ladder.end_run()
    broken = [finding for finding in proof.findings if finding.check in OF_POSTINGS]
    if broken:
        raise SystemExit(f"the chains do not prove themselves: {broken[:3]}")
    print(f"  {proof.postings} postings of {proof.companies} companies, proven")
    most = figures["hot"][str(counts[-1])]
    ratios = [each["to_floor"] for of_count in figures.values() for each in of_count.values()]
    summary = {
        **most,
        "clients": counts[-1],
        "worst_to_floor": max(ratios),
        "median_to_floor": statistics.median(ratios),
    }
    print(json.dumps({**summary, "seconds": seconds, **figures}))
    return 0


def _figures(
    database: Database, where: str, counts: Sequence[int], seconds: float
) -> Mapping[str, Mapping[str, float]]:
    found = {}
    for clients in counts:
        rates = {kind: _rate(database, kind, where, clients, seconds) for kind in KINDS}
        found[str(clients)] = {
            "postings_per_second": round(rates["wallet"]),
            "floor_per_second": round(rates["floor"]),
            "to_floor": round(rates["floor"] / rates["wallet"], 2),
            "reservations_per_second": round(rates["order"]),
        }
        print(f"  {where}, {clients} clients: {found[str(clients)]}")
    return found


def _rate(database: Database, kind: str, where: str, clients: int, seconds: float) -> float:
    companies = [_company(database) for _ in range(1 if where == "hot" else clients)]
    url = database.engine.url.render_as_string(hide_password=False)
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(clients)
    places = [Place(url, kind, companies[number % len(companies)], seconds) for number in range(clients)]
    with context.Pool(clients, _begin, (barrier,)) as pool:
        return sum(pool.map(_client, places, chunksize=1))


_barriers: list[Barrier] = []


def _begin(barrier: Barrier) -> None:
    _barriers.append(barrier)


def _client(place: Place) -> float:
    """Work until the time is over; how often a second."""
    with _WORK[place.kind](place) as work:
        for _ in range(WARM_UP):
            work()
        _barriers[0].wait()
        began = time.perf_counter()
        done = 0
        while time.perf_counter() - began < place.seconds:
            work()
            done += 1
        return done / (time.perf_counter() - began)


@contextmanager
def _wallet(place: Place) -> Iterator[Do]:
    database = Database(place.url, application_name="bench ledger")
    begin = transactions(database, SystemClock())

    def post() -> None:
        with begin() as uow:
            posting_id = uow.new_id()
            entries = transfer(Account.PROVIDER_CLEARING, Account.BALANCE, 1_000)
            cause = f"bench:{posting_id}"
            uow.ledger.post(Posting(posting_id, place.company_id, PostingKind.CHARGE, cause, uow.at, entries))

    yield post
    database.dispose()


@contextmanager
def _floor(place: Place) -> Iterator[Do]:
    url = place.url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(url) as connection:
        connection.execute("SET timezone = 'UTC'")
        connection.commit()

        def post() -> None:
            posting_id, at = new_id(), datetime.now(UTC)
            content = (
                f'["{posting_id}","{place.company_id}","charge","bench:{posting_id}",'
                f'"{at.isoformat(timespec="microseconds")}",null,null,'
                f'[["balance",1000],["provider_clearing",-1000]]]'
            )
            values: dict[str, Any] = {
                "id": posting_id,
                "company_id": place.company_id,
                "kind": "charge",
                "cause": f"bench:{posting_id}",
                "at": at,
                "order_id": None,
                "charge_id": None,
                "refund_id": None,
                "canonical": content.encode(),
                "accounts": ["provider_clearing", "balance"],
                "amounts": [-1_000, 1_000],
            }
            connection.execute(BY_HAND, values)
            connection.commit()

        yield post


@contextmanager
def _orders(place: Place) -> Iterator[Do]:
    database = Database(place.url, application_name="bench ledger")
    begin = transactions(database, SystemClock())
    label = OrderLabel("CB20260302C0001", "주문건", "fixed")
    member_id = uuid4()

    def reserve() -> None:
        with begin() as uow:
            order = ReserveFunds(
                order_id=new_id(),
                company_id=place.company_id,
                member_id=member_id,
                by_sub_member=False,
                amount_krw=1,
                cash_like_krw=0,
                month=seoul_month(uow.at),
                placed_at=uow.at,
                label=label,
            )
            reserve_funds(order, uow)

    yield reserve
    database.dispose()


_WORK = {"wallet": _wallet, "floor": _floor, "order": _orders}


def _company(database: Database) -> UUID:
    """A prepaid company with a rich balance."""
    company_id = uuid4()
    with transactions(database, SystemClock())() as uow:
        company = Company(company_id, version=1, active=True, method=PaymentMethod.PREPAID, master_id=uuid4())
        keep_company(company, uow)
        charge = Charge(
            uow.new_id(), company_id, uuid4(), ChargeMethod.CARD, RICH_KRW, ChargeState.REQUESTED, uow.at, uow.at
        )
        uow.charges.add(charge)
        paid = Payment(f"pk-{charge.id}", str(charge.id), RICH_KRW, PaymentStatus.DONE, "", None, None)
        settle_charge(charge, Credit(paid), uow)
    return company_id


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
