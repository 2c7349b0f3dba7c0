"""Names, titles, numbers (ORD-06, ORD-07, ORD-16), values of a message (ORD-13), keys and expiry of coupons."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from contracts.values import OrderNumber
from ordering.domain.coupon import expires_at, masked, tr_id
from ordering.domain.errors import (
    OrderNameInvalidError,
    SendTitleInvalidError,
    SendTitleMissingError,
    TypedValueError,
    TypedValueMissingError,
)
from ordering.domain.line import Recipient
from ordering.domain.link import LinkKeys, token_hash
from ordering.domain.message import Template, filled, lacking, typed_values, values_of
from ordering.domain.naming import order_name, order_number, send_title
from ordering.settings import OrderRules

SEOUL = ZoneInfo("Asia/Seoul")
EVENING = datetime(2026, 3, 2, 15, 5, tzinfo=UTC)
"""Already 00:05 of the next day in Seoul."""
GREETING = Template(UUID(int=1), 1, "#{이름}님, #{회사명}의 #{기념일}", ("이름", "회사명", "기념일"), usable=True)


@pytest.mark.rule("ORD-06")
def test_an_order_without_a_name_is_called_by_its_minute_in_seoul() -> None:
    assert order_name(" ", EVENING, SEOUL, 50) == "202603030005 주문건"


@pytest.mark.rule("ORD-06")
def test_an_order_name_has_at_most_50_characters(rules: OrderRules) -> None:
    longest = "가나다 !@# abc 123".ljust(50, "x")
    assert order_name(longest, EVENING, SEOUL, rules.order_name_characters_max) == longest
    with pytest.raises(OrderNameInvalidError) as refusal:
        order_name("x" * 51, EVENING, SEOUL, rules.order_name_characters_max)
    assert refusal.value.characters_max == 50


@pytest.mark.rule("ORD-07")
@pytest.mark.parametrize("title", ["a", "연말 감사 2026", "ㅋㅋ", "가" * 16])
def test_send_titles_of_digits_hangul_and_latin_are_taken(rules: OrderRules, title: str) -> None:
    assert send_title(title, rules.send_title_characters_max) == title


@pytest.mark.rule("ORD-07")
@pytest.mark.parametrize("title", ["감사!", "두  칸", "가" * 17, "café", "중국漢字", "줄\n바꿈"])
def test_other_send_titles_are_refused(rules: OrderRules, title: str) -> None:
    with pytest.raises(SendTitleInvalidError):
        send_title(title, rules.send_title_characters_max)


@pytest.mark.rule("ORD-07")
def test_an_empty_send_title_is_missing(rules: OrderRules) -> None:
    with pytest.raises(SendTitleMissingError):
        send_title("  ", rules.send_title_characters_max)


@pytest.mark.rule("ORD-16")
@pytest.mark.parametrize(
    ("number", "text"), [(7, "CB20241028C0007"), (388, "CB20241028C0388"), (12_345, "CB20241028C12345")]
)
def test_an_order_number_carries_its_day_and_at_least_four_digits(number: int, text: str) -> None:
    assert order_number(date(2024, 10, 28), number) == text
    assert TypeAdapter(OrderNumber).validate_python(text) == text


@pytest.mark.rule("ORD-13")
def test_name_and_company_come_from_the_row_unless_typed_and_the_occasion_is_typed(rules: OrderRules) -> None:
    typed = typed_values({"#{기념일}": "생일", "회사명": "다우"}, GREETING, rules.placing().limits)
    values = values_of(GREETING.variables, typed, "홍길동", "다른회사")
    assert filled(GREETING.body, values) == "홍길동님, 다우의 생일"


@pytest.mark.rule("ORD-13")
@pytest.mark.parametrize(("variable", "characters"), [("이름", 10), ("회사명", 20), ("기념일", 10)])
def test_a_typed_value_has_a_greatest_length(rules: OrderRules, variable: str, characters: int) -> None:
    limits = rules.placing().limits
    assert typed_values({"기념일": "생일", variable: "가" * characters}, GREETING, limits)
    with pytest.raises(TypedValueError) as refusal:
        typed_values({"기념일": "생일", variable: "가" * (characters + 1)}, GREETING, limits)
    assert refusal.value.characters_max == characters


@pytest.mark.rule("ORD-13")
def test_a_value_that_nobody_gives_is_reported_before_ordering(rules: OrderRules) -> None:
    with pytest.raises(TypedValueMissingError):
        typed_values({}, GREETING, rules.placing().limits)
    rows = [Recipient(1, "01011112222", "홍길동", "", ""), Recipient(2, "01011113333", "", "다우", "")]
    assert [(row.row_no, row.code) for row in lacking(rows, GREETING.variables, {"기념일": "생일"})] == [
        (2, "name_needed"),
        (1, "company_needed"),
    ]


@pytest.mark.rule("ORD-33")
@given(st.uuids(), st.integers(1, 20))
def test_a_coupons_key_is_always_the_same_and_fits_the_supplier(line_id: UUID, item_no: int) -> None:
    key = tr_id(line_id, item_no)
    assert key == tr_id(line_id, item_no)
    assert len(key) == 20
    assert key.isalnum()


@pytest.mark.rule("ORD-33")
def test_different_coupons_have_different_keys() -> None:
    line_id, other = uuid4(), uuid4()
    assert len({tr_id(one, item_no) for one in (line_id, other) for item_no in range(1, 21)}) == 40


@pytest.mark.rule("SCH-04")
def test_a_coupon_of_30_days_ends_with_the_last_moment_of_the_30th_day_after_its_own() -> None:
    ends = expires_at(EVENING, 30, SEOUL)
    assert ends == datetime(2026, 4, 2, 23, 59, 59, 999_999, tzinfo=SEOUL)


@pytest.mark.rule("ORD-25")
def test_a_masked_coupon_number_shows_its_last_four_characters() -> None:
    assert masked("123456789012") == "********9012"
    assert masked("12") == "12"


@pytest.mark.rule("ORD-26")
def test_a_link_can_be_built_again_and_only_under_its_key() -> None:
    line_id = uuid4()
    keys = LinkKeys("new", {"new": b"n" * 32, "old": b"o" * 32})
    token = keys.token(line_id, "new")
    assert token == keys.token(line_id, "new")
    assert token != keys.token(line_id, "old")
    assert len(token) * 6 >= 128
    assert len(token_hash(token)) == 32
    assert "nnn" not in repr(keys)
