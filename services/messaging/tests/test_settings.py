"""Settings that would not work are refused at the start."""

import pytest
from pydantic import ValidationError

from messaging.settings import Settings


@pytest.mark.parametrize(
    "slow",
    [{"alimtalk_per_second_max": 1.0}, {"mms_per_second_max": 1.0}, {"provider_timeout_seconds": 60.0}],
    ids=["alimtalk", "mms", "time-out"],
)
def test_a_lease_that_a_chunks_calls_outlive_is_refused(messaging_settings: Settings, slow: dict[str, float]) -> None:
    with pytest.raises(ValidationError, match="lease_seconds"):
        Settings.model_validate(messaging_settings.model_dump() | slow)


def test_a_slow_channel_of_codes_or_mail_needs_no_longer_lease(messaging_settings: Settings) -> None:
    slow = {"sms_per_second_max": 1.0, "mail_per_second_max": 0.5}
    assert Settings.model_validate(messaging_settings.model_dump() | slow).sms_per_second_max == 1.0
