"""Which times a scheduled order can be sent at (ORD-08, SCH-04)."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ordering.domain.errors import SendTimeRefusedError
from ordering.domain.schedule import Schedule, TimeFault
from ordering.settings import OrderRules

SEOUL = ZoneInfo("Asia/Seoul")
MONDAY = datetime(2026, 3, 2, 9, 3, tzinfo=SEOUL)


def schedule(rules: OrderRules, now: datetime = MONDAY, *, night_restricted: bool = False) -> Schedule:
    return Schedule(rules.placing().schedule, now.astimezone(UTC), night_restricted, SEOUL)


@pytest.mark.rule("ORD-08")
@pytest.mark.rule("SCH-04")
@pytest.mark.parametrize(
    ("at", "fault"),
    [
        (MONDAY, TimeFault.TOO_SOON),
        (datetime(2026, 3, 2, 9, 10, tzinfo=SEOUL), TimeFault.TOO_SOON),
        (datetime(2026, 3, 2, 9, 20, tzinfo=SEOUL), None),
        (datetime(2026, 3, 2, 9, 25, tzinfo=SEOUL), TimeFault.NOT_ON_STEP),
        (datetime(2026, 3, 2, 9, 20, 1, tzinfo=SEOUL), TimeFault.NOT_ON_STEP),
        (datetime(2026, 4, 1, 23, 50, tzinfo=SEOUL), None),
        (datetime(2026, 4, 2, 0, 0, tzinfo=SEOUL), TimeFault.TOO_LATE),
    ],
)
def test_ten_minutes_ahead_in_steps_of_ten_until_the_thirtieth_day(
    rules: OrderRules, at: datetime, fault: TimeFault | None
) -> None:
    assert schedule(rules).fault(at) is fault


@pytest.mark.rule("ORD-08")
@pytest.mark.parametrize(("hour", "minute", "allowed"), [(5, 50, False), (6, 0, True), (23, 50, True), (0, 0, False)])
def test_a_night_restricted_product_goes_out_between_six_and_midnight(
    rules: OrderRules, hour: int, minute: int, allowed: bool
) -> None:
    at = datetime(2026, 3, 3, hour, minute, tzinfo=SEOUL)
    assert (schedule(rules, night_restricted=True).fault(at) is None) is allowed
    assert schedule(rules).fault(at) is None


@pytest.mark.rule("ORD-08")
def test_a_refused_time_tells_what_can_be_chosen(rules: OrderRules) -> None:
    with pytest.raises(SendTimeRefusedError) as refusal:
        schedule(rules).choose(MONDAY - timedelta(days=1))
    assert (refusal.value.reason, refusal.value.last_on, refusal.value.step_minutes) == (
        "too_soon",
        date(2026, 4, 1),
        10,
    )
    assert refusal.value.first_at == MONDAY + timedelta(minutes=10)


@pytest.mark.rule("ORD-08")
def test_only_times_that_can_be_chosen_are_offered(rules: OrderRules) -> None:
    today = list(schedule(rules).offered_on(date(2026, 3, 2)))
    assert today[0] == datetime(2026, 3, 2, 9, 20, tzinfo=SEOUL)
    assert today[-1] == datetime(2026, 3, 2, 23, 50, tzinfo=SEOUL)
    restricted = list(schedule(rules, night_restricted=True).offered_on(date(2026, 3, 3)))
    assert (restricted[0].astimezone(SEOUL).hour, len(restricted)) == (6, 18 * 6)
    assert list(schedule(rules).offered_on(date(2026, 4, 2))) == []


@pytest.mark.rule("ORD-08")
def test_an_immediate_order_is_not_restricted_unless_a_setting_says_so(rules: OrderRules) -> None:
    at_night = datetime(2026, 3, 2, 3, 0, tzinfo=SEOUL)
    schedule(rules, at_night, night_restricted=True).admit_now()
    strict = rules.model_copy(update={"night_restricts_immediate": True})
    with pytest.raises(SendTimeRefusedError):
        schedule(strict, at_night, night_restricted=True).admit_now()
