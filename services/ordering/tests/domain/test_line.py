"""What becomes of a recipient's row (ORD-09, ORD-10)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordering.domain.errors import RecipientsCountError, RecipientsRefusedError
from ordering.domain.line import Row, cleaned_phone, is_mobile, masked_phone, recipients_of
from ordering.settings import OrderRules

SAME = Row("010-1111-2222", "홍길동")


@pytest.mark.rule("ORD-09")
@pytest.mark.parametrize(
    ("given_phone", "digits"),
    [
        ("010-1234-5678", "01012345678"),
        (" 010 1234 5678 ", "01012345678"),
        ("1012345678", "01012345678"),
        ("112345678", "0112345678"),
        ("1612345678", "01612345678"),
        ("０１０１２３４５６７８", "01012345678"),
        ("+82 10-1234-5678", "01012345678"),
        ("010–1234–5678", "01012345678"),
        ("\u202a010-1234-5678\u202c", "01012345678"),
        ("\ufeff01012345678\u200b", "01012345678"),
    ],
)
def test_a_phone_is_cleaned_as_a_person_would_wish(given_phone: str, digits: str) -> None:
    assert cleaned_phone(given_phone) == digits


@pytest.mark.rule("ORD-09")
@pytest.mark.parametrize("phone", ["01012345678", "0111234567", "01112345678", "0161234567", "01912345678"])
def test_mobile_numbers_are_taken(phone: str) -> None:
    assert is_mobile(phone)


@pytest.mark.rule("ORD-09")
@pytest.mark.parametrize(
    "phone", ["0101234567", "010123456789", "0121234567", "021234567", "", "010abcd5678", "011123456", "٠١٠١٢٣٤٥٦٧٨"]
)
def test_other_numbers_are_not(phone: str) -> None:
    assert not is_mobile(phone)


@pytest.mark.rule("ORD-09")
def test_empty_rows_are_skipped_and_keep_the_others_numbers(rules: OrderRules) -> None:
    found = recipients_of(
        [Row(""), SAME, Row(" ", " ")], rules.placing().limits, repeats_allowed=False, single_recipient=False
    )
    assert [(one.row_no, one.phone) for one in found] == [(2, "01011112222")]


@pytest.mark.rule("ORD-09")
@pytest.mark.parametrize("count", [0, 10_001])
def test_no_recipient_and_more_than_ten_thousand_are_refused(rules: OrderRules, count: int) -> None:
    rows = [Row(f"0102{number:07d}") for number in range(count)]
    with pytest.raises(RecipientsCountError) as refusal:
        recipients_of(rows, rules.placing().limits, repeats_allowed=False, single_recipient=False)
    assert (refusal.value.count, refusal.value.recipients_max) == (count, 10_000)


@pytest.mark.rule("ORD-09")
def test_ten_thousand_recipients_are_taken(rules: OrderRules) -> None:
    rows = [Row(f"0102{number:07d}") for number in range(10_000)]
    found = recipients_of(rows, rules.placing().limits, repeats_allowed=False, single_recipient=False)
    assert len(found) == 10_000


@pytest.mark.rule("ORD-09")
@pytest.mark.parametrize(("field", "characters"), [("name", 10), ("company", 20), ("title", 10)])
def test_texts_of_a_row_have_a_greatest_length(rules: OrderRules, field: str, characters: int) -> None:
    limits = rules.placing().limits
    longest = Row(**{"phone": "01011112222", field: "가" * characters})
    assert recipients_of([longest], limits, repeats_allowed=False, single_recipient=False)
    with pytest.raises(RecipientsRefusedError) as refusal:
        recipients_of(
            [Row(**{"phone": "01011112222", field: "가" * (characters + 1)})],
            limits,
            repeats_allowed=False,
            single_recipient=False,
        )
    assert [(row.row_no, row.field, row.code) for row in refusal.value.rows] == [(1, field, f"{field}_too_long")]


def test_every_bad_row_is_named_with_its_column_and_reason(rules: OrderRules) -> None:
    rows = [Row("02-123-4567"), SAME, Row("", "이름만")]
    with pytest.raises(RecipientsRefusedError) as refusal:
        recipients_of(rows, rules.placing().limits, repeats_allowed=False, single_recipient=False)
    assert [(row.row_no, row.field, row.code) for row in refusal.value.rows] == [
        (1, "phone", "phone_invalid"),
        (3, "phone", "phone_missing"),
    ]


@pytest.mark.rule("ORD-10")
def test_repeated_phones_are_refused_naming_the_first_row(rules: OrderRules) -> None:
    rows = [SAME, Row("01033334444"), Row("01011112222")]
    with pytest.raises(RecipientsRefusedError) as refusal:
        recipients_of(rows, rules.placing().limits, repeats_allowed=False, single_recipient=False)
    assert [(row.row_no, row.code, row.repeats_row_no) for row in refusal.value.rows] == [(3, "phone_repeated", 1)]


@pytest.mark.rule("ORD-10")
def test_allowed_repeats_are_separate_recipients(rules: OrderRules) -> None:
    found = recipients_of([SAME, SAME], rules.placing().limits, repeats_allowed=True, single_recipient=False)
    assert [one.row_no for one in found] == [1, 2]


@pytest.mark.rule("ORD-10")
def test_with_a_single_recipient_product_repeats_are_refused_always(rules: OrderRules) -> None:
    with pytest.raises(RecipientsRefusedError):
        recipients_of([SAME, SAME], rules.placing().limits, repeats_allowed=True, single_recipient=True)


@given(st.text())
def test_whatever_is_typed_as_a_phone_is_a_number_or_refused_and_never_a_fault(text: str) -> None:
    cleaned = cleaned_phone(text)
    assert is_mobile(cleaned) == (cleaned.isascii() and is_mobile(cleaned))


@pytest.mark.rule("ORD-26")
def test_a_masked_phone_shows_its_beginning_and_its_end() -> None:
    assert masked_phone("01012345678") == "010-****-5678"
    assert masked_phone("0111234567") == "011-***-4567"
