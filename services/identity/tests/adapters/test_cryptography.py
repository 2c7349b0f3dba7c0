"""Passwords, second factors and access tokens."""

import pyotp
import pytest
from identity_builders import AT

from identity.adapters.passwords import Argon2Passwords
from identity.adapters.second_factor import TotpSecondFactor


@pytest.mark.rule("IDN-12")
def test_a_password_belongs_to_its_hash_alone() -> None:
    passwords = Argon2Passwords()
    kept = passwords.hash("말랑한 초록 고양이")
    assert kept.startswith("$argon2id$")
    assert passwords.verify(kept, "말랑한 초록 고양이")
    assert not passwords.verify(kept, "말랑한 초록 강아지")
    assert not passwords.verify(None, "말랑한 초록 고양이")
    assert not passwords.verify("broken", "말랑한 초록 고양이")


@pytest.mark.rule("IDN-24")
def test_a_totp_is_known_by_its_step_with_one_step_of_drift() -> None:
    factor = TotpSecondFactor()
    secret = factor.new_secret()
    present = int(AT.timestamp()) // 30
    totp = pyotp.TOTP(secret)
    for step in (present - 1, present, present + 1):
        assert factor.accepted_step(secret, totp.generate_otp(step), AT) == step
    for code in (totp.generate_otp(present - 2), totp.generate_otp(present + 2), "", "abcdef", "１２３４５６"):
        assert factor.accepted_step(secret, code, AT) is None


@pytest.mark.rule("IDN-24")
def test_an_authenticator_app_reads_the_enrolment() -> None:
    factor = TotpSecondFactor()
    secret = factor.new_secret()
    enrolled = pyotp.parse_uri(factor.enrolment_uri(secret, "op@example.co.kr"))
    assert (enrolled.issuer, enrolled.name, enrolled.secret) == ("CoupBiz", "op@example.co.kr", secret)
