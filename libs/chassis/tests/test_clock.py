"""Business time: aware UTC, moved only by the sandbox or by a test."""

import json
import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest

from chassis.clock import SEOUL, ClockUnavailableError, FixedClock, SandboxClock, SystemClock, clock_from
from chassis.testing.wire import Exchange, WireServer

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class ControlPlane:
    """The part of the sandbox that keeps the offset."""

    def __init__(self) -> None:
        self.offset_seconds = 0.0

    def __call__(self, exchange: Exchange) -> None:
        exchange.answer(200, json.dumps({"offset_seconds": self.offset_seconds}).encode())


def seconds_ahead(clock: SandboxClock) -> float:
    return (clock.now() - datetime.now(UTC)).total_seconds()


def test_the_system_clock_is_aware_and_utc() -> None:
    clock = SystemClock()
    clock.refresh()
    assert clock.now().utcoffset() == timedelta(0)
    assert abs((datetime.now(UTC) - clock.now()).total_seconds()) < 5


def test_a_fixed_clock_stands_until_it_is_moved() -> None:
    clock = FixedClock(NOON)
    clock.refresh()
    assert clock.now() == NOON
    assert clock.advance(timedelta(minutes=3)) == NOON + timedelta(minutes=3)
    clock.set(datetime(2026, 3, 2, 21, 0, tzinfo=timezone(timedelta(hours=9))))
    assert clock.now() == NOON
    assert clock.now().tzinfo is UTC


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        FixedClock(datetime(2026, 3, 2))
    with pytest.raises(ValueError, match="zone"):
        FixedClock(NOON).set(datetime(2026, 3, 2))


def test_midnight_in_seoul_is_fifteen_hours_utc() -> None:
    assert datetime(2026, 3, 2, tzinfo=SEOUL).astimezone(UTC) == datetime(2026, 3, 1, 15, 0, tzinfo=UTC)


def test_the_sandbox_clock_follows_the_offset_at_each_refresh() -> None:
    plane = ControlPlane()
    with WireServer(plane) as server:
        clock = clock_from(f"{server.url}/__sim/clock")
        assert isinstance(clock, SandboxClock)
        assert abs(seconds_ahead(clock)) < 5
        plane.offset_seconds = 7 * 86_400.0
        assert abs(seconds_ahead(clock)) < 5
        clock.refresh()
        assert abs(seconds_ahead(clock) - 7 * 86_400) < 5
        assert server.requests[0].target == "/__sim/clock"


def test_refreshes_share_a_connection() -> None:
    with WireServer(ControlPlane()) as server:
        clock = SandboxClock(server.url)
        for _ in range(20):
            clock.refresh()
        assert len({id(request.connection) for request in server.requests}) == 1


def test_refreshes_of_several_threads_do_not_mix() -> None:
    plane = ControlPlane()
    plane.offset_seconds = 60.0
    with WireServer(plane) as server:
        clock = SandboxClock(server.url)
        threads = [threading.Thread(target=lambda: [clock.refresh() for _ in range(20)]) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(server.requests) == 160
        assert abs(seconds_ahead(clock) - 60) < 5


def test_a_sandbox_that_is_away_leaves_the_last_reading_in_force() -> None:
    plane = ControlPlane()
    plane.offset_seconds = 3600.0
    with WireServer(plane) as server:
        clock = SandboxClock(server.url)
        clock.refresh()
    clock.refresh()
    assert abs(seconds_ahead(clock) - 3600) < 5


def test_without_any_reading_there_is_no_time() -> None:
    with WireServer(ControlPlane()) as server:
        url = server.url
    with pytest.raises(ClockUnavailableError):
        SandboxClock(url).now()


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"offset_seconds": "soon"}', b'{"offset_seconds": null}'])
def test_an_answer_that_is_no_offset_is_not_taken_for_one(body: bytes) -> None:
    with WireServer(lambda exchange: exchange.answer(200, body)) as server, pytest.raises(ClockUnavailableError):
        SandboxClock(server.url).now()


def test_a_refusal_of_the_sandbox_is_no_reading() -> None:
    with WireServer(lambda exchange: exchange.answer(500)) as server, pytest.raises(ClockUnavailableError):
        SandboxClock(server.url).now()


def test_without_a_setting_it_is_the_machines_clock() -> None:
    assert isinstance(clock_from(None), SystemClock)
    with pytest.raises(ValueError, match="http://"):
        SandboxClock("ftp://sandbox/clock")
