"""The page that [확인하러 가기] opens: its card and its message, freely edited, counted as the form counts (ORD-14)."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordering.domain.coupon_page import (
    CARDS,
    CardUnknownError,
    CouponMessageInvalidError,
    CouponMessageTooLongError,
    CouponPageText,
)
from ordering.domain.line import Recipient
from ordering.domain.message import Template, filled
from ordering.settings import OrderRules

TEMPLATE = Template(UUID(int=1), 1, "안녕하세요 #{이름}님", ("이름",), usable=True)
BYTES_MAX = OrderRules().coupon_message_bytes_max


def page(message: str | None, card: str | None = None) -> CouponPageText:
    return CouponPageText.of(card, message, TEMPLATE)


def people(*names: str) -> list[Recipient]:
    return [Recipient(row_no, "01000000001", name, "다우기술", "") for row_no, name in enumerate(names, start=1)]


@pytest.mark.rule("ORD-14")
@pytest.mark.parametrize("message", [None, "", "  \n "])
def test_without_a_message_the_alimtalks_text_is_shown_and_the_first_card(message: str | None) -> None:
    assert page(message) == CouponPageText("basic", "안녕하세요 #{이름}님", ("이름",))


@pytest.mark.rule("ORD-14")
def test_it_is_edited_freely_with_the_same_variables() -> None:
    edited = page(" #{이름}님,\r\n#{기념일}을 축하해요. #{이름}님께 #{회사명} 드림 ", "birthday_party")
    assert edited.message == "#{이름}님,\n#{기념일}을 축하해요. #{이름}님께 #{회사명} 드림"
    assert (edited.card, edited.variables) == ("birthday_party", ("이름", "기념일", "회사명"))


@pytest.mark.rule("ORD-14")
def test_cards_come_by_theme_and_no_other_is_taken() -> None:
    assert [page(None, card.code).card for card in CARDS] == [card.code for card in CARDS]
    assert len({card.code for card in CARDS}) == len(CARDS)
    with pytest.raises(CardUnknownError):
        page(None, "<script>")


@pytest.mark.rule("ORD-14")
@pytest.mark.parametrize(
    ("message", "found"), [("#{주소}로 오세요", "#{주소}"), ("a\x07b", "U+0007"), ("a\u202eb", "U+202E")]
)
def test_what_nobody_fills_or_sees_is_refused_by_name(message: str, found: str) -> None:
    with pytest.raises(CouponMessageInvalidError) as refused:
        page(message)
    assert refused.value.found == found


@pytest.mark.rule("ORD-14")
def test_two_thousand_bytes_of_the_longest_row_are_the_limit() -> None:
    text = page("#{이름}" + "가" * 995)
    assert BYTES_MAX == 2_000
    text.admit_longest(people("홍", "남궁길동이"), {}, BYTES_MAX)
    with pytest.raises(CouponMessageTooLongError) as refused:
        text.admit_longest(people("홍", "남궁길동이이"), {}, BYTES_MAX)
    assert (refused.value.size, refused.value.size_max) == (2_002, 2_000)


@pytest.mark.rule("ORD-14")
def test_joined_emoji_stay_whole() -> None:
    assert page("축하해요 👨\u200d👩\u200d👧").message == "축하해요 👨\u200d👩\u200d👧"


@given(st.text(max_size=20), st.text(max_size=20))
def test_what_stands_in_a_value_is_no_variable(name: str, company: str) -> None:
    assert (
        filled("#{이름}|#{회사명}", {"이름": "#{회사명}" + name, "회사명": company}) == f"#{{회사명}}{name}|{company}"
    )
