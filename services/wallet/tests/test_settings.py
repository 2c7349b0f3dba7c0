"""The rules' numbers as they stand without any setting, and keys that do not belong where they are."""

import pytest
from pydantic import SecretStr, ValidationError

from wallet.domain.charge import ChargeMethod
from wallet.settings import Settings


@pytest.mark.rule("WAL-02")
def test_by_default_1_000_to_10_000_000_krw_are_charged_by_card_only(settings: Settings) -> None:
    rules = settings.charge_rules

    assert (rules.amount_min_krw, rules.amount_max_krw) == (1_000, 10_000_000)
    assert rules.methods == {ChargeMethod.CARD}


@pytest.mark.rule("WAL-02")
def test_means_are_switched_by_setting(settings: Settings) -> None:
    switched = settings.model_copy(update={"charge_card_enabled": False, "charge_transfer_enabled": True})

    assert switched.charge_rules.methods == {ChargeMethod.TRANSFER}


def test_a_live_key_is_refused_outside_production(settings: Settings) -> None:
    values = settings.model_dump() | {"payment_secret_key": SecretStr("live_sk_real")}

    with pytest.raises(ValidationError, match="live key"):
        Settings(**values)


def test_a_test_key_is_refused_in_production(settings: Settings) -> None:
    with pytest.raises(ValidationError, match="test key"):
        Settings(**(settings.model_dump() | {"environment": "production"}))


@pytest.mark.rule("WAL-13", "WAL-15")
def test_by_default_3_months_of_invoices_are_listed_and_they_are_kept_5_years(settings: Settings) -> None:
    assert (settings.invoice_months_shown, settings.invoice_kept_years) == (3, 5)
