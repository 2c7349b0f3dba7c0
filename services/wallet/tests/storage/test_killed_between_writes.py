"""Each movement of money is one commit: killed between any two of its statements, nothing of it is there, and doing it
again does it once (WAL-17, WAL-18). What lies between two commits, with a call to the outside, is the crash walk's."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from wallet_acts import Act, Street
from wallet_builders import a_charge, an_order_placed, cancelled, failed, issued, withdrawn
from wallet_statements import every_statement

from wallet.application.crediting import settle_charge
from wallet.domain.payment import Credit, Payment, PaymentStatus

STATEMENTS_MAX = 60
_TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"


class Killer:
    """Has the database end the connection of whoever is about to make the n-th statement from now."""

    def __init__(self, wallet: Any, as_superuser: Callable[[], Any]) -> None:
        self._engine = wallet.database.engine
        self._as_superuser = as_superuser
        self._left = 0
        self.killed = False

    @contextmanager
    def before_statement(self, number: int) -> Iterator[None]:
        self._left, self.killed = number, False
        with every_statement(self._engine, self._count):
            yield

    def _count(self, cursor: Any, _: str) -> None:
        self._left -= 1
        if self._left == 0:
            self.killed = True
            with self._as_superuser() as superuser:
                process = cursor.connection.info.backend_pid
                superuser.execute(text("SELECT pg_terminate_backend(:process)"), {"process": process})
                # The end of a connection takes a moment; nothing is asked of it before it is over.
                while superuser.scalar(text("SELECT 1 FROM pg_stat_activity WHERE pid = :pid"), {"pid": process}):
                    superuser.execute(text("SELECT pg_stat_clear_snapshot()"))


def contents(wallet: Any) -> dict[str, str]:
    """What is in every table, as a hash."""
    return {
        table: wallet.sql(f"SELECT md5(string_agg(row::text, '|' ORDER BY row::text)) FROM {table} AS row")[0][0]  # noqa: S608
        for (table,) in wallet.sql(_TABLES)
        if table != "alembic_version"
    }


def a_credit(street: Street) -> Callable[[], None]:
    charge = a_charge(30_000, company_id=street.prepaid)
    paid = Payment("pk-9", charge.provider_order_id, 30_000, PaymentStatus.DONE, "카드", None, None)
    with street.wallet.begin() as uow:
        uow.charges.add(charge)

    def credit() -> None:
        with street.wallet.begin() as uow:
            settle_charge(uow.charges.get(charge.id), Credit(paid), uow)

    return credit


def an_order(street: Street, **changes: Any) -> Any:
    order = an_order_placed(street.prepaid, 50_000, **changes)
    street.wallet.hear(order)
    return order


MOVEMENTS: dict[str, Callable[[Street], Callable[[], Any]]] = {
    "a charge is credited": a_credit,
    "an order is reserved": lambda street: _hearing(street, an_order_placed(street.prepaid, 50_000, cash_like_krw=9)),
    "a postpaid order is reserved": lambda street: _hearing(street, an_order_placed(street.postpaid, 50_000)),
    "an order is refused": lambda street: _hearing(street, an_order_placed(street.prepaid, 900_000)),
    "coupons are issued and a difference comes back": lambda street: _hearing(
        street, issued(an_order(street), 30_000).model_copy(update={"difference_krw": 5_000})
    ),
    "coupons fail": lambda street: _hearing(street, failed(an_order(street), 20_000)),
    "a reservation is withdrawn": lambda street: _hearing(street, withdrawn(an_order(street))),
    "an order is cancelled": lambda street: _hearing(street, cancelled(an_order(street))),
    "a deposit is taken back": lambda street: lambda: street.take_back(Act("")),
    "a deposit comes again": lambda street: _after(street, "take_back", then=lambda: street.deposit_again(Act(""))),
    "a refund is completed": lambda street: _after(
        street, "ask_for_a_refund", "move_a_refund_on", then=lambda: street.move_a_refund_on(Act("", part=1))
    ),
    "a refund is rejected": lambda street: _after(
        street, "ask_for_a_refund", "move_a_refund_on", then=lambda: street.move_a_refund_on(Act("", part=2))
    ),
}


def _hearing(street: Street, said: Any) -> Callable[[], None]:
    return lambda: street.wallet.hear(said)


def _after(street: Street, *names: str, then: Callable[[], Any]) -> Callable[[], Any]:
    for name in names:
        getattr(street, name)(Act(name, 20_000))
    return then


@pytest.mark.rule("WAL-17", "WAL-18")
@pytest.mark.parametrize("name", list(MOVEMENTS))
def test_a_movement_that_is_killed_anywhere_leaves_nothing_and_is_done_once_when_done_again(
    name: str, wallet, as_superuser: Callable[[], Any]
) -> None:
    street = Street(wallet)
    street.charge(Act("charge", 100_000))
    movement = MOVEMENTS[name](street)
    killer = Killer(wallet, as_superuser)
    before, deaths = contents(wallet), 0

    for number in range(1, STATEMENTS_MAX):
        with killer.before_statement(number):
            try:
                movement()
            except DBAPIError:
                deaths += 1
        if not killer.killed:
            break
        assert contents(wallet) == before, f"something was left by a death before statement {number}"

    assert deaths == number - 1 >= 2
    assert contents(wallet) != before
    wallet.assert_proven()
