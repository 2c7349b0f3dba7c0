"""Filling a template: every used variable has a value, values are never read as templates, and the length holds."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.domain.errors import MessageTooLong, ValueMissing
from messaging.domain.template import Template, form_bytes
from messaging.domain.template_approval import TemplateState

BODY = "안녕하세요 #{이름}님\n#{회사명}입니다.\n\n#{이름}님의 #{기념일}을(를) 축하드립니다."


def a_template(body: str = BODY) -> Template:
    return Template(UUID(int=1), 1, "T1", "기념일", "축하", body, "확인하러 가기", TemplateState.APPROVED)


@pytest.mark.rule("ORD-13")
def test_variables_are_named_once_in_the_order_of_their_use() -> None:
    assert a_template().variables == ("이름", "회사명", "기념일")


@pytest.mark.rule("ORD-13")
def test_every_place_of_a_variable_is_filled_and_the_rest_stays_as_approved() -> None:
    """Manual 4-2: 을(를) in a text stays."""
    filled = a_template().filled({"이름": "홍길동", "회사명": "다우기술", "기념일": "생일", "직책": "사원"})
    assert filled == "안녕하세요 홍길동님\n다우기술입니다.\n\n홍길동님의 생일을(를) 축하드립니다."


@pytest.mark.rule("ORD-13")
def test_a_used_variable_without_a_value_is_named() -> None:
    with pytest.raises(ValueMissing) as refusal:
        a_template().filled({"이름": "홍길동", "기념일": ""})
    assert refusal.value.variables == ("회사명", "기념일")


def test_a_value_that_looks_like_a_variable_stays_what_was_typed() -> None:
    assert a_template("#{이름}").filled({"이름": "#{회사명}", "회사명": "x"}) == "#{회사명}"


@pytest.mark.rule("ORD-13")
def test_a_filled_text_has_at_most_1000_letters() -> None:
    template = a_template("#{이름}")
    assert len(template.filled({"이름": "가" * 1_000})) == 1_000
    assert len(template.filled({"이름": "a" * 1_000})) == 1_000
    with pytest.raises(MessageTooLong) as refusal:
        template.filled({"이름": "a" * 1_001})
    assert refusal.value.passed == {"letters": {"count": 1_001, "at_most": 1_000}}


@pytest.mark.rule("ORD-13")
def test_a_filled_text_that_passes_both_limits_says_so() -> None:
    with pytest.raises(MessageTooLong) as refusal:
        a_template("#{이름}").filled({"이름": "가" * 1_001})
    assert refusal.value.passed == {
        "bytes": {"count": 2_002, "at_most": 2_000},
        "letters": {"count": 1_001, "at_most": 1_000},
    }


@pytest.mark.rule("ORD-13")
@pytest.mark.parametrize(
    ("text", "counted"), [("", 0), ("가", 2), ("a", 1), ("\n", 1), ("\r\n", 1), ("漢", 2), ("😀", 2), ("가a😀\n", 6)]
)
def test_bytes_are_counted_as_the_form_counts_them(text: str, counted: int) -> None:
    assert form_bytes(text) == counted


@given(st.text(max_size=100), st.text(min_size=1, max_size=20))
def test_a_text_without_variables_is_sent_as_it_is(text: str, value: str) -> None:
    template = a_template(text.replace("#{", ""))
    assert template.filled({"이름": value}) == template.body
