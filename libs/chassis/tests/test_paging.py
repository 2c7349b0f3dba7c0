"""Pages of a list: each item once, and nothing but our own cursors is taken."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.paging import cursor_of, page_of, read_cursor
from chassis.problems import InvalidRequest

AT = datetime(2026, 3, 2, 0, 0, 0, 123456, tzinfo=UTC)
ID = UUID("01890000-0000-7000-8000-000000000001")


def test_a_cursor_gives_its_sort_key_back() -> None:
    key = (AT, ID, 7, "가/+?&")
    assert read_cursor(cursor_of(*key), datetime, UUID, int, str) == key


def test_the_start_has_no_cursor() -> None:
    assert read_cursor(None, datetime, UUID) is None


@given(st.text(max_size=60))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        read_cursor(text, datetime, UUID)
    assert [error.field for error in refusal.value.errors] == ["cursor"]


@pytest.mark.parametrize(
    "cursor",
    [
        cursor_of(AT),
        cursor_of(AT, ID, 1),
        cursor_of(ID, AT),
        cursor_of(7, ID),
        cursor_of("2026-03-02T00:00:00", ID),
        cursor_of("\x00", ID),
    ],
)
def test_a_cursor_of_another_list_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidRequest):
        read_cursor(cursor, datetime, UUID)


@pytest.mark.parametrize("number", [True, 2**63, 1.5, "1", None])
def test_a_number_is_a_number_that_the_database_can_hold(number: object) -> None:
    with pytest.raises(InvalidRequest):
        read_cursor(cursor_of(number), int)  # type: ignore[arg-type]


@given(st.lists(st.integers(0, 1_000_000), unique=True, max_size=40), st.integers(1, 9))
def test_going_from_page_to_page_shows_everything_once(numbers: list[int], limit: int) -> None:
    ordered = sorted(numbers)
    seen: list[int] = []
    cursor: str | None = None
    while True:
        key = read_cursor(cursor, int)
        rows = [number for number in ordered if key is None or number > key[0]][: limit + 1]
        items, cursor = page_of(rows, limit, key=lambda number: (number,), show=lambda number: number)
        seen += items
        assert len(items) <= limit
        if cursor is None:
            break
    assert seen == ordered
