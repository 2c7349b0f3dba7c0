"""How fast the ledger posts: 1 to 16 clients, on one hot company and on a company each, beside the bare SQL.

    ./coupbiz bench ledger [SECONDS] [CLIENTS …]

A client is a process of its own with connections of its own. What it does is what the wallet does for one movement of
money: a unit of work, one posting by the ledger, commit. The floor is the same work written by hand for the driver
alone, as one statement whose plan the server keeps, on the same tables, constraints, indexes, triggers and hash chain.
Beside them stand whole reservations of orders, each a posting with its decision, hold, lots and answer.

The machine may be busy with other things. So all take turns in short rounds, figures are medians of rounds, a ratio is
taken within a round, and beside the clock stands what each used of the processors, clients and server together. SECONDS
are for one figure, spread over its rounds. Afterwards every chain, ours and the floor's, has to prove itself. The last
line is one JSON object, of the hot company with most clients.
"""

import json
import multiprocessing
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
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
from wallet.storage.unit_of_work import transactions

CLIENTS = (1, 2, 4, 8, 16)
SECONDS = 3.0
ROUNDS = 7
WARM_UP = 20
HEADS_START_SECONDS = 0.05
RICH_KRW = 1_000_000_000
OF_POSTINGS = frozenset({"chain", "sum", "running_balance", "balance", "below_zero"})
"""The checks that bare postings have to pass; they come with no charges, so lots do not add up to them."""
WHERE = ("hot", "many")
OURS, FLOOR, ORDERS = "postings", "floor", "reservations"
NANOSECONDS = 1_000_000_000

BY_HAND = """
    WITH head AS (
      UPDATE ledger_heads
      SET seq = seq + 1, previous_hash = hash, hash = sha256(hash || %(canonical)s)
      WHERE company_id = %(company_id)s AND NOT EXISTS (SELECT 1 FROM postings WHERE cause = %(cause)s)
      RETURNING company_id, seq, previous_hash, hash
    ), posted AS (
      INSERT INTO postings
        (company_id, seq, id, kind, cause, posted_at, order_id, charge_id, refund_id, previous_hash, hash)
      SELECT company_id, seq, %(id)s, %(kind)s, %(cause)s, %(at)s, NULL, NULL, NULL, previous_hash, hash FROM head
    ), moved AS (
      UPDATE accounts
      SET balance_krw = accounts.balance_krw + movement.amount_krw
      FROM head, unnest(CAST(%(accounts)s AS text[]), CAST(%(amounts)s AS bigint[])) AS movement (account, amount_krw)
      WHERE accounts.company_id = head.company_id
        AND accounts.account = movement.account
        AND (accounts.balance_krw + movement.amount_krw >= 0
             OR accounts.account IN ('provider_clearing', 'receivable', 'claims'))
      RETURNING accounts.account, movement.amount_krw, accounts.balance_krw
    ), entered AS (
      INSERT INTO entries (company_id, seq, account, amount_krw, balance_after_krw)
      SELECT head.company_id, head.seq, moved.account, moved.amount_krw, moved.balance_krw FROM head, moved
      RETURNING 1
    )
    SELECT (SELECT count(*) FROM head) AS heads, (SELECT count(*) FROM entered) AS entries
"""

Do = Callable[[UUID], None]
Turn = tuple[str, UUID, float, float]
"""What to do, for which company, from when on by the machine's monotonic clock, and for how long."""


@dataclass(frozen=True)
class Done:
    """What clients did in a round: how often a second, and the processor time that once took."""

    per_second: float
    cpu_seconds: float


@dataclass(frozen=True)
class Client:
    """A process that takes turns when told to."""

    process: BaseProcess
    line: Connection


def main(arguments: Sequence[str]) -> int:
    """Measure and print the figures."""
    seconds = float(arguments[0]) if arguments else SECONDS
    counts = tuple(int(each) for each in arguments[1:]) or CLIENTS
    ladder.begin_run()
    databases = TestDatabases(ladder.server_for_tests("postgres"), "bench")
    try:
        with databases.clone(migrations()) as name:
            database = runtime_database(databases, name, "wallet")
            try:
                with _clients(database, max(counts)) as clients:
                    figures = {where: _figures(database, where, clients, counts, seconds) for where in WHERE}
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
    of_count = [each for of_where in figures.values() for each in of_where.values()]
    summary = {
        **figures["hot"][str(counts[-1])],
        "clients": counts[-1],
        "worst_to_floor": max(each["to_floor"] for each in of_count),
        "median_to_floor": statistics.median(each["to_floor"] for each in of_count),
        "worst_cpu_to_floor": max(each["cpu_to_floor"] for each in of_count),
    }
    print(json.dumps({**summary, "seconds": seconds, **figures}))
    return 0


def _figures(
    database: Database, where: str, clients: Sequence[Client], counts: Sequence[int], seconds: float
) -> Mapping[str, Mapping[str, float]]:
    found = {}
    for count in counts:
        companies = [_company(database) for _ in range(1 if where == "hot" else count)]
        rounds = [_round(clients[:count], companies, seconds / ROUNDS, backwards=no % 2 == 1) for no in range(ROUNDS)]
        found[str(count)] = _summary(rounds)
        print(f"  {where}, {count} clients: {found[str(count)]}", flush=True)
    return found


def _summary(rounds: Sequence[Mapping[str, Done]]) -> Mapping[str, float]:
    rates = {kind: statistics.median(each[kind].per_second for each in rounds) for kind in _WORK}
    cpu = {kind: statistics.median(each[kind].cpu_seconds for each in rounds) for kind in _WORK}
    return {
        "postings_per_second": round(rates[OURS]),
        "floor_per_second": round(rates[FLOOR]),
        "to_floor": round(statistics.median(each[FLOOR].per_second / each[OURS].per_second for each in rounds), 2),
        "cpu_seconds_per_1000": round(1_000 * cpu[OURS], 3),
        "floor_cpu_seconds_per_1000": round(1_000 * cpu[FLOOR], 3),
        "cpu_to_floor": round(cpu[OURS] / cpu[FLOOR], 2),
        "reservations_per_second": round(rates[ORDERS]),
    }


def _round(
    clients: Sequence[Client], companies: Sequence[UUID], seconds: float, *, backwards: bool
) -> Mapping[str, Done]:
    kinds = tuple(reversed(_WORK)) if backwards else tuple(_WORK)
    return {kind: _turn(kind, clients, companies, seconds) for kind in kinds}


def _turn(kind: str, clients: Sequence[Client], companies: Sequence[UUID], seconds: float) -> Done:
    begins = time.monotonic() + HEADS_START_SECONDS
    for number, client in enumerate(clients):
        client.line.send((kind, companies[number % len(companies)], begins, seconds))
    told = [client.line.recv() for client in clients]
    times = sum(done for done, _, _ in told)
    return Done(sum(done / took for done, took, _ in told), sum(cpu for _, _, cpu in told) / times)


@contextmanager
def _clients(database: Database, count: int) -> Iterator[Sequence[Client]]:
    url = database.engine.url.render_as_string(hide_password=False)
    warm = [_company(database) for _ in range(count)]
    context = multiprocessing.get_context("forkserver")
    clients = []
    try:
        for company_id in warm:
            ours, theirs = context.Pipe()
            process = context.Process(target=_client, args=(url, company_id, theirs), daemon=True)
            process.start()
            clients.append(Client(process, ours))
        for client in clients:
            client.line.recv()
        yield clients
    finally:
        for client in clients:
            client.line.send(None)
            client.process.join()


def _client(url: str, company_id: UUID, line: Connection) -> None:
    """Take turns until told to stop."""
    with ExitStack() as stack:
        work = {kind: stack.enter_context(begin(url)) for kind, begin in _WORK.items()}
        for do, _ in work.values():
            for _ in range(WARM_UP):
                do(company_id)
        line.send(None)
        while (turn := line.recv()) is not None:
            line.send(_take(turn, work))


def _take(turn: Turn, work: Mapping[str, tuple[Do, int]]) -> tuple[int, float, float]:
    """How often it was done, the seconds by the clock, and those of the processor here and at the server."""
    kind, company_id, begins, seconds = turn
    do, backend = work[kind]
    time.sleep(max(0.0, begins - time.monotonic()))
    cpu, began, done = time.process_time() + _cpu_seconds(backend), time.perf_counter(), 0
    while done == 0 or time.perf_counter() - began < seconds:
        do(company_id)
        done += 1
    return done, time.perf_counter() - began, time.process_time() + _cpu_seconds(backend) - cpu


def _cpu_seconds(process_id: int) -> float:
    return int(Path(f"/proc/{process_id}/schedstat").read_text(encoding="ascii").split()[0]) / NANOSECONDS


@contextmanager
def _wallet(url: str) -> Iterator[tuple[Do, int]]:
    database = Database(url, application_name="bench ledger")
    begin = transactions(database, SystemClock())

    def post(company_id: UUID) -> None:
        with begin() as uow:
            posting_id = uow.new_id()
            entries = transfer(Account.PROVIDER_CLEARING, Account.BALANCE, 1_000)
            uow.ledger.post(Posting(posting_id, company_id, PostingKind.CHARGE, f"bench:{posting_id}", uow.at, entries))

    yield post, _backend(database)
    database.dispose()


@contextmanager
def _floor(url: str) -> Iterator[tuple[Do, int]]:
    with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://")) as connection:
        connection.execute("SET timezone = 'UTC'")
        connection.commit()

        def post(company_id: UUID) -> None:
            posting_id, at = new_id(), datetime.now(UTC)
            content = (
                f'["{posting_id}","{company_id}","charge","bench:{posting_id}",'
                f'"{at.isoformat(timespec="microseconds")}",null,null,'
                f'[["balance",1000],["provider_clearing",-1000]]]'
            )
            values: dict[str, Any] = {
                "id": posting_id,
                "company_id": company_id,
                "kind": "charge",
                "cause": f"bench:{posting_id}",
                "at": at,
                "canonical": content.encode(),
                "accounts": ["provider_clearing", "balance"],
                "amounts": [-1_000, 1_000],
            }
            connection.execute(BY_HAND, values)
            connection.commit()

        yield post, connection.info.backend_pid


@contextmanager
def _orders(url: str) -> Iterator[tuple[Do, int]]:
    database = Database(url, application_name="bench ledger")
    begin = transactions(database, SystemClock())
    label = OrderLabel("CB20260302C0001", "주문건", "fixed")
    member_id = uuid4()

    def reserve(company_id: UUID) -> None:
        with begin() as uow:
            order = ReserveFunds(
                order_id=new_id(),
                company_id=company_id,
                member_id=member_id,
                by_sub_member=False,
                amount_krw=1,
                cash_like_krw=0,
                month=seoul_month(uow.at),
                placed_at=uow.at,
                label=label,
            )
            reserve_funds(order, uow)

    yield reserve, _backend(database)
    database.dispose()


_WORK = {OURS: _wallet, FLOOR: _floor, ORDERS: _orders}


def _backend(database: Database) -> int:
    """The process of the server that works for the one connection of a client's pool."""
    with database.transaction() as session:
        return int(session.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar_one())


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
