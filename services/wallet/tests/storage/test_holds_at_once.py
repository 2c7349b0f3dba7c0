"""Many workers at once on one company: whatever they win, the books stay proven and nothing is overdrawn."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError
from wallet_builders import an_order_placed, failed, issued, withdrawn

from chassis.consumer import Poison
from contracts.wallet import FundsRefused, FundsReserved
from wallet.application.verification import prove_ledger
from wallet.storage.books import SqlBooks


def at_once(wallet, events: list, threads: int) -> None:
    """Deliver events from many threads; what collides comes again, as the broker would bring it."""
    left, lock = list(events), threading.Lock()

    def work(_: int) -> None:
        while True:
            with lock:
                if not left:
                    return
                event = left.pop()
            for _ in range(5):
                try:
                    wallet.hear(event)
                    break
                except IntegrityError:
                    continue
                except Poison:
                    break

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))


def open_krw(wallet, company_id: UUID) -> int:
    return wallet.balances(company_id)["holds"]


@pytest.mark.rule("WAL-17", "WAL-18")
@pytest.mark.parametrize("threads", [2, 16])
def test_orders_at_once_hold_no_more_than_the_balance(threads: int, wallet) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 50_000)
    wallet.credit(company_id, 50_000)
    orders = [an_order_placed(company_id, 7_000) for _ in range(20)]

    at_once(wallet, orders, threads)

    said = wallet.said()
    assert sum(isinstance(answer, FundsReserved) for answer in said) == 14
    assert sum(isinstance(answer, FundsRefused) for answer in said) == 6
    assert wallet.balances(company_id)["balance"] == 2_000
    assert prove_ledger(SqlBooks(wallet.database)).findings == ()


@pytest.mark.rule("WAL-17", "WAL-18", "WAL-09")
def test_chunks_repeats_and_withdrawals_at_once_leave_proven_books(wallet) -> None:
    company_id = wallet.a_company()
    for _ in range(4):
        wallet.credit(company_id, 30_000)
    orders = [an_order_placed(company_id, 20_000) for _ in range(5)]
    for order in orders:
        wallet.hear(order)
    events: list = [withdrawn(orders[0]), withdrawn(orders[0])]
    for order in orders[1:]:
        for chunk_no in range(4):
            events += [issued(order, 4_000, chunk_no), failed(order, 1_000, chunk_no)] * 2
    random.Random(7).shuffle(events)

    at_once(wallet, events, threads=8)

    balances = wallet.balances(company_id)
    assert (balances["balance"], balances["holds"], balances["sales"]) == (56_000, 0, 64_000)
    assert prove_ledger(SqlBooks(wallet.database)).findings == ()


@pytest.mark.rule("IDN-23", "WAL-17")
def test_orders_at_once_pass_no_monthly_limit(wallet) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 500_000)
    wallet.sql("INSERT INTO cash_like_grants VALUES (:id, 1, true, 30000)", id=company_id)
    orders = [an_order_placed(company_id, 8_000, cash_like_krw=8_000) for _ in range(12)]

    at_once(wallet, orders, threads=8)

    assert open_krw(wallet, company_id) == 24_000
    assert prove_ledger(SqlBooks(wallet.database)).findings == ()
