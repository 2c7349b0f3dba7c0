"""사업자등록번호 (manual 2-1: 규격 ***-**-*****, 폐업 되었거나 존재하지 않는 번호는 가입이 제한됩니다)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.domain.business_number import BusinessNumber, TaxStanding, check_digit
from identity.domain.errors import InvalidValueError

pytestmark = pytest.mark.rule("IDN-02")

NINE_DIGITS = st.builds(lambda office, rest: f"{office:03}{rest:06}", st.integers(101, 999), st.integers(0, 999_999))


def form(digits: str) -> str:
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"


@pytest.mark.parametrize("number", ["220-81-02810", "116-82-00276", "134-86-72683", "120-88-00767"])
def test_a_number_that_exists_is_read(number: str) -> None:
    assert str(BusinessNumber.parse(number)) == number


@pytest.mark.parametrize(
    "text",
    [
        "2208102810",
        "220-8-102810",
        "220-81-0281",
        "220-81-028100",
        " 220-81-02810",
        "220-81-02810\n",
        "２２０-８１-０２８１０",
        "abc-de-fghij",
        "",
    ],
)
def test_any_other_form_is_refused(text: str) -> None:
    with pytest.raises(InvalidValueError) as refused:
        BusinessNumber.parse(text)
    assert refused.value.errors[0]["field"] == "business_number"


@pytest.mark.parametrize("number", ["220-81-02811", "123-45-67890", "000-00-00000", "100-00-00000"])
def test_a_wrong_check_digit_or_an_office_that_is_none_is_refused(number: str) -> None:
    with pytest.raises(InvalidValueError):
        BusinessNumber.parse(number)


@given(NINE_DIGITS)
def test_exactly_one_of_ten_last_digits_fits(first_nine: str) -> None:
    accepted = []
    for last in "0123456789":
        try:
            accepted.append(BusinessNumber.parse(form(first_nine + last)).digits[-1])
        except InvalidValueError:
            continue
    assert accepted == [str(check_digit(first_nine))]


@given(NINE_DIGITS, st.integers(0, 7), st.integers(1, 9))
def test_one_mistyped_digit_is_noticed(first_nine: str, place: int, off_by: int) -> None:
    """Of the first eight digits; the ninth counts by its carry too."""
    mistyped = str((int(first_nine[place]) + off_by) % 10)
    wrong = first_nine[:place] + mistyped + first_nine[place + 1 :]
    assert check_digit(wrong) != check_digit(first_nine)


@pytest.mark.parametrize(
    ("standing", "passes"),
    [
        (TaxStanding.ACTIVE, True),
        (TaxStanding.SUSPENDED, False),
        (TaxStanding.CLOSED, False),
        (TaxStanding.UNKNOWN, False),
    ],
)
def test_only_an_active_business_may_sign_up(standing: TaxStanding, *, passes: bool) -> None:
    assert standing.may_sign_up is passes
