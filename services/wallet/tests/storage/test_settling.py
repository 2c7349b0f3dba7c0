"""Settling part of a hold: few statements, and never on figures that have changed (WAL-18)."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from wallet_builders import NOON, an_order_placed, issued
from wallet_statements import every_statement

from wallet.application.captures import CaptureChunk, ReleaseChunk, capture_chunk, release_chunk
from wallet.application.settling import settle
from wallet.domain.errors import HoldExceededError
from wallet.domain.movements import Chunk


@pytest.fixture
def order(wallet):
    """An order of 50,000 KRW that holds all of a charge of 30,000 and part of a later one."""
    company_id = wallet.a_company()
    wallet.credit(company_id, 30_000)
    wallet.credit(company_id, 30_000)
    placed = an_order_placed(company_id, 50_000)
    wallet.hear(placed)
    return placed


@contextmanager
def statements(wallet) -> Iterator[list[str]]:
    """The statements that are sent meanwhile: each is a round trip to the database."""
    sent: list[str] = []

    with every_statement(wallet.database.engine, lambda _, statement: sent.append(statement)):
        yield sent


def lots(wallet) -> list[tuple[int, ...]]:
    rows = wallet.sql("SELECT free_krw, held_krw, spent_krw FROM charge_lots ORDER BY credited_at, charge_id")
    return [tuple(row) for row in rows]


@pytest.mark.rule("WAL-18")
def test_a_capture_reads_once_posts_once_and_writes_twice(wallet, order) -> None:
    with statements(wallet) as sent, wallet.begin() as uow:
        capture_chunk(CaptureChunk(Chunk(order.order_id, 0, 0), 35_000, 1, NOON), uow)

    assert len(sent) == 4
    assert lots(wallet) == [(0, 0, 30_000), (10_000, 15_000, 5_000)]
    assert wallet.hold_of(order) == (50_000, 35_000, 0, 15_000)
    wallet.assert_proven()


@pytest.mark.rule("WAL-18", "WAL-09")
def test_a_release_gives_back_to_the_newest_charge_first(wallet, order) -> None:
    with statements(wallet) as sent, wallet.begin() as uow:
        release_chunk(ReleaseChunk(Chunk(order.order_id, 0, 0), 25_000, 0), uow)

    assert len(sent) == 3
    assert lots(wallet) == [(5_000, 25_000, 0), (30_000, 0, 0)]
    assert wallet.hold_of(order) == (50_000, 0, 25_000, 25_000)
    wallet.assert_proven()


@pytest.mark.rule("WAL-18")
def test_a_hold_that_was_settled_in_between_is_read_again(wallet, order) -> None:
    with wallet.begin() as uow:
        stale = uow.holds.held(order.order_id)
    wallet.hear(issued(order, 20_000))

    with wallet.begin() as uow:
        assert uow.holds.settle(stale.captured(10_000)) is False
    assert wallet.hold_of(order) == (50_000, 20_000, 0, 30_000)

    with wallet.begin() as uow:
        settle(stale, lambda fresh: fresh.captured(10_000), uow)
    assert wallet.hold_of(order) == (50_000, 30_000, 0, 20_000)
    with wallet.begin() as uow, pytest.raises(HoldExceededError):
        settle(stale, lambda fresh: fresh.captured(30_000), uow)
