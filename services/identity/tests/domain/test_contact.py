"""Addresses and phones as they are typed."""

import pytest

from identity.domain.contact import mask_email, mask_phone, parse_email, parse_phone
from identity.domain.errors import InvalidValueError


@pytest.mark.rule("IDN-04")
def test_an_address_is_compared_in_lower_case() -> None:
    assert parse_email(" Master.Kim@Example.CO.KR ") == "master.kim@example.co.kr"


@pytest.mark.rule("IDN-04")
@pytest.mark.parametrize(
    "text",
    [
        *("", "master", "master@", "@example.kr", "a b@example.kr", "a@b", "a..b@example.kr", ".a@example.kr"),
        *("a@-b.kr", "x" * 65 + "@example.kr", "a@" + "x." * 130 + "kr", "a@example.kr\nbcc:b@example.kr"),
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidValueError):
        parse_email(text)


@pytest.mark.rule("IDN-05")
@pytest.mark.parametrize("text", ["01012345678", "010-1234-5678", "010 1234 5678"])
def test_hyphens_and_spaces_of_a_phone_do_not_matter(text: str) -> None:
    assert parse_phone(text) == "01012345678"


@pytest.mark.rule("IDN-05")
@pytest.mark.parametrize(
    "text", ["", "0212345678", "0101234567890", "+821012345678", "010-1234-567a", "０１０１２３４５６"]
)
def test_what_is_no_mobile_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidValueError):
        parse_phone(text)


def test_masks_show_only_what_their_owner_needs_to_recognise_them() -> None:
    assert mask_phone("01012345678") == "010-****-5678"
    assert mask_email("hong@example.kr") == "ho***@example.kr"
