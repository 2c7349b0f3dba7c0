"""Killed between any two side effects and started again: everything is applied, nothing twice."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from chassis_probe.service import QUEUE, consumer, effects_of, fired
from chassis_probe.wire import messages_in

from chassis import crash
from chassis.broker import ConfirmedPublisher, Outgoing, connected
from chassis.clock import SystemClock
from chassis.database import Database
from chassis.outbox import Outbox
from chassis.testing.events import enveloped, eventually
from contracts.envelope import Envelope

HERE = Path(__file__).parent
POINTS = [f"wallet.timers.scheduler.timer_fired.v1.{step}" for step in ("before_commit", "after_commit", "before_ack")]


@contextmanager
def process(kind: str, database: Database, broker: str, *manner: str, **environment: str) -> Iterator[subprocess.Popen]:
    url = database.engine.url.render_as_string(hide_password=False)
    child = subprocess.Popen(
        [sys.executable, "-m", "chassis_probe", kind, url, broker, *manner],
        env=os.environ | {"PYTHONPATH": str(HERE)} | environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield child
    finally:
        child.kill()
        child.wait(10)


def send(broker: str, *keys: str) -> None:
    bodies = [enveloped(fired(key)).model_dump_json().encode() for key in keys]
    with connected(broker, name="test") as connection:
        ConfirmedPublisher(connection).publish([Outgoing("", QUEUE.name, body, "m", "t") for body in bodies])


def test_every_handlers_points_are_declared(database: Database) -> None:
    consumer(database)
    assert set(POINTS) <= set(crash.points())


@pytest.mark.parametrize("point", POINTS)
def test_a_worker_killed_at_a_point_and_started_again_applies_everything_once(
    database: Database, broker: str, tmp_path: Path, point: str
) -> None:
    died = tmp_path / "died"
    here = {"COUPBIZ_CRASH_AT": f"{point}:2", "COUPBIZ_CRASH_ONCE_FILE": str(died)}
    send(broker, "a", "b", "c")
    with process("worker", database, broker, **here) as first:
        assert first.wait(30) == 137
    assert died.read_text() == point
    with process("worker", database, broker, **here):
        eventually(lambda: effects_of(database) == ["a", "b", "c"])
        eventually(lambda: messages_in(broker, QUEUE.name) == [])
    assert effects_of(database) == ["a", "b", "c"]


def test_a_relay_killed_after_the_confirmation_says_it_twice_and_the_consumer_applies_it_once(
    database: Database, broker: str, tmp_path: Path
) -> None:
    with database.transaction() as session:
        Outbox(session, producer="scheduler", clock=SystemClock()).add(fired("a"))
    here = {"COUPBIZ_CRASH_AT": "probe.relay.after_confirm", "COUPBIZ_CRASH_ONCE_FILE": str(tmp_path / "died")}
    with process("relay", database, broker, **here) as first:
        assert first.wait(30) == 137
    with process("relay", database, broker, **here):
        messages: list[Any] = []
        eventually(lambda: messages.extend(messages_in(broker, QUEUE.name)) or len(messages) == 2)
    probe = consumer(database)
    for message in messages:
        probe.handle(Envelope.model_validate_json(message.body))
    assert effects_of(database) == ["a"]


def test_with_the_acknowledgement_before_the_commit_a_killed_worker_loses_the_message(
    database: Database, broker: str, tmp_path: Path
) -> None:
    """The planted bug: what the point before the commit is there to catch."""
    send(broker, "a")
    crash_here = {"COUPBIZ_CRASH_AT": POINTS[0], "COUPBIZ_CRASH_ONCE_FILE": str(tmp_path / "died")}
    with process("worker", database, broker, "early", **crash_here) as first:
        assert first.wait(30) == 137
    assert messages_in(broker, QUEUE.name) == []
    assert effects_of(database) == []


def test_a_worker_dies_once_at_each_point_of_a_folder_and_applies_everything_once(
    database: Database, broker: str, tmp_path: Path
) -> None:
    for point in POINTS:
        (tmp_path / point).touch()
    send(broker, "a", "b")
    for died in range(1, len(POINTS) + 1):
        with process("worker", database, broker, COUPBIZ_CRASH_FOLDER=str(tmp_path)) as worker:
            assert worker.wait(30) == 137
        assert len(list(tmp_path.glob("*.died"))) == died
    with process("worker", database, broker, COUPBIZ_CRASH_FOLDER=str(tmp_path)):
        eventually(lambda: effects_of(database) == ["a", "b"])
        eventually(lambda: messages_in(broker, QUEUE.name) == [])
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(f"{point}.died" for point in POINTS)


def test_passing_a_point_that_nobody_declared_is_an_error() -> None:
    with pytest.raises(crash.UndeclaredPointError):
        crash.point("nobody.declared.me")
