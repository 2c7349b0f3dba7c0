"""Lots are used up in the order given (WAL-09: the oldest charge first)."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet.domain.errors import LotsShortError
from wallet.domain.lots import Room, Share, spread

OLD, NEW = uuid4(), uuid4()


@pytest.mark.rule("WAL-09")
@pytest.mark.parametrize(
    ("amount_krw", "shares"),
    [
        (10_000, [(OLD, 10_000)]),
        (30_000, [(OLD, 30_000)]),
        (30_001, [(OLD, 30_000), (NEW, 1)]),
        (50_000, [(OLD, 30_000), (NEW, 20_000)]),
    ],
)
def test_each_lot_is_used_up_before_the_next(amount_krw: int, shares: list[tuple[object, int]]) -> None:
    taken = spread(amount_krw, [Room(OLD, 30_000), Room(NEW, 20_000)])

    assert [(share.charge_id, share.amount_krw) for share in taken] == shares


def test_lots_that_hold_too_little_are_broken_books() -> None:
    with pytest.raises(LotsShortError) as short:
        spread(50_001, [Room(OLD, 30_000), Room(NEW, 20_000)])

    assert short.value.missing_krw == 1


@given(st.lists(st.integers(0, 1_000), max_size=10), st.data())
def test_shares_add_up_and_never_exceed_their_lot(rooms_krw: list[int], data: st.DataObject) -> None:
    rooms = [Room(uuid4(), room_krw) for room_krw in rooms_krw]
    amount_krw = data.draw(st.integers(0, sum(rooms_krw)))

    shares = spread(amount_krw, rooms)

    room_of = {room.charge_id: room.room_krw for room in rooms}
    assert sum(share.amount_krw for share in shares) == amount_krw
    assert all(0 < share.amount_krw <= room_of[share.charge_id] for share in shares)
    assert isinstance(shares, tuple)
    assert all(isinstance(share, Share) for share in shares)
