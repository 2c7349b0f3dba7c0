"""Passwords: at least 10 characters, and none of the common ones (IDN-12)."""

import pytest

from identity.domain.errors import PasswordRefusedError
from identity.domain.password import PasswordRules

pytestmark = pytest.mark.rule("IDN-12")

RULES = PasswordRules(length_min=10, common=frozenset({"password", "coupbiz", "qlalfqjsgh"}))


@pytest.mark.parametrize("password", ["correct horse 9", "말랑한초록고양이둘셋", "x7!kQp2#vLm0"])
def test_a_long_and_uncommon_password_is_taken(password: str) -> None:
    RULES.check(password)


def test_nine_characters_are_too_few_and_ten_enough() -> None:
    with pytest.raises(PasswordRefusedError):
        RULES.check("x7!kQp2#v")
    RULES.check("x7!kQp2#vL")


def test_what_would_only_cost_time_to_hash_is_refused() -> None:
    with pytest.raises(PasswordRefusedError):
        RULES.check("x7!kQp2#" * 17)


@pytest.mark.parametrize(
    "password",
    [
        *("Password2024!", "coupbiz12345", "QLALFQJSGH", "1234567890", "0987654321", "qwertyuiop"),
        *("aaaaaaaaaaaa", "abababababab", "12341234123", "abcdefghijk", "zyxwvutsrq", "5678901234"),
    ],
)
def test_common_words_runs_and_repetitions_are_refused(password: str) -> None:
    with pytest.raises(PasswordRefusedError):
        RULES.check(password)
