"""A suite for tests, here with the sandbox alone."""

from collections.abc import Iterator

import pytest

from chassis.testing.plugin import eventually
from launcher.servers import postgres, rabbitmq
from launcher.services import SANDBOX
from launcher.strays import stray_pids
from launcher.temporary import RunningSuite, temporary_suite

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSuite]:
    with temporary_suite(only=[SANDBOX]) as running:
        yield running


def test_it_has_servers_of_its_own(running: RunningSuite) -> None:
    assert postgres.answers(running.suite.postgres_url)
    assert rabbitmq.answers(running.suite.broker_url)


def test_what_is_killed_is_started_again(running: RunningSuite) -> None:
    before = running.restarts(SANDBOX)
    running.kill(SANDBOX)
    eventually(lambda: running.restarts(SANDBOX) == before + 1)
    eventually(running.process(SANDBOX).is_ready)


def test_the_broker_can_be_away_for_a_while(running: RunningSuite) -> None:
    running.hold_down("rabbitmq")
    assert not rabbitmq.answers(running.suite.broker_url)
    running.let_up("rabbitmq")
    assert rabbitmq.answers(running.suite.broker_url)


def test_a_crash_point_is_set_for_one_life_only(running: RunningSuite) -> None:
    running.restart_with(SANDBOX, {"SANDBOX_GOODS_FILE": ""})
    running.kill(SANDBOX)
    eventually(running.process(SANDBOX).is_ready)
    assert "SANDBOX_GOODS_FILE" not in running.process(SANDBOX).spec.environment


def test_nothing_is_left_of_it() -> None:
    with temporary_suite(only=[]) as running:
        data = running.suite.data
        assert stray_pids(data)
    assert stray_pids(data) == []
    assert not data.exists()
