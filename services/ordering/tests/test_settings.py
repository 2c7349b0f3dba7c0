"""Settings that would not work are refused at the start, and every number of a rule names it."""

import re

import pytest
from pydantic import ValidationError

from ordering.settings import OrderRules, Settings


def test_a_lease_that_a_turn_outlives_is_refused(settings: Settings) -> None:
    slow = {"supplier_per_second_max": 2.0, "issue_lease_seconds": 120.0}
    with pytest.raises(ValidationError, match="issue_lease_seconds"):
        Settings.model_validate(settings.model_dump() | slow)


def test_every_number_that_carries_a_rule_names_one() -> None:
    extras = [field.json_schema_extra for field in OrderRules.model_fields.values()]
    ids = [extra["rule"] for extra in extras if isinstance(extra, dict)]
    assert len(ids) >= 13
    assert all(isinstance(one, str) and re.fullmatch(r"[A-Z]{3}-\d{2}", one) for one in ids)


def test_no_secret_stands_in_a_repr(settings: Settings) -> None:
    assert "test-1" not in repr(settings)
    assert "token" not in repr(settings.supplier_auth_token)
