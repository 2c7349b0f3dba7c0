"""A worker ends gracefully when told to, and loudly when a part of it fell."""

import os
import signal
import subprocess
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path

import pytest
from chassis_probe.service import QUEUE, consumer, effects_of, fired
from chassis_probe.wire import messages_in

from chassis.bell import Bell
from chassis.broker import ConfirmedPublisher, Outgoing, connected
from chassis.clock import FixedClock
from chassis.database import Database
from chassis.testing.events import enveloped, eventually
from chassis.worker import Loop, Worker

HERE = Path(__file__).parent


def start(database: Database, broker: str, manner: str, in_hand: Path) -> subprocess.Popen:
    url = database.engine.url.render_as_string(hide_password=False)
    return subprocess.Popen(
        [sys.executable, "-m", "chassis_probe", "worker", url, broker, manner],
        env=os.environ | {"PYTHONPATH": str(HERE), "PROBE_IN_HAND_FILE": str(in_hand)},
        stdout=subprocess.DEVNULL,
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_told_to_end_finishes_the_delivery_in_hand_and_leaves_the_next(
    database: Database, broker: str, tmp_path: Path, number: signal.Signals
) -> None:
    bodies = [enveloped(fired(key)).model_dump_json().encode() for key in ("in hand", "next")]
    with connected(broker, name="test") as connection:
        ConfirmedPublisher(connection).publish([Outgoing("", QUEUE.name, body, "m", "t") for body in bodies])
    worker = start(database, broker, "slow", tmp_path / "in hand")
    try:
        eventually((tmp_path / "in hand").exists)
        worker.send_signal(number)
        assert worker.wait(20) == 0
    finally:
        worker.kill()
        worker.wait(10)
    assert effects_of(database) == ["in hand"]
    assert len(eventually(lambda: messages_in(broker, QUEUE.name))) == 1


def test_a_worker_of_which_a_thread_fell_ends_with_an_error(database: Database, broker: str, tmp_path: Path) -> None:
    worker = start(database, broker, "fall", tmp_path / "in hand")
    try:
        assert worker.wait(20) == 1
    finally:
        worker.kill()
        worker.wait(10)


def test_a_worker_must_serve_every_queue_of_its_service(database: Database) -> None:
    with pytest.raises(ValueError, match=r"wallet\.control"):
        Worker([consumer(database)])


def test_a_loop_is_rung_only_by_lanes_that_are_served(database: Database) -> None:
    served = [Loop("probe.rung", lambda: False, rung_by=("nowhere",))]
    with pytest.raises(ValueError, match="nowhere"):
        Worker([], served)


def test_a_loop_goes_on_after_a_step_that_failed(fixed_clock: FixedClock) -> None:
    stop, steps = threading.Event(), []

    def step() -> bool:
        steps.append(1)
        if len(steps) == 1:
            raise ZeroDivisionError
        if len(steps) == 3:
            stop.set()
        return True

    Loop("probe.steps", step, idle_seconds=0.01).run(stop, fixed_clock)
    assert len(steps) == 3


def test_a_loop_that_found_work_looks_again_at_once(fixed_clock: FixedClock) -> None:
    stop, steps = threading.Event(), []

    def step() -> bool:
        steps.append(1)
        if len(steps) == 100:
            stop.set()
        return True

    thread = threading.Thread(target=Loop("probe.busy", step, idle_seconds=60).run, args=(stop, fixed_clock))
    thread.start()
    thread.join(10)
    assert len(steps) == 100


def test_an_idle_loop_looks_less_and_less_often_until_a_consumer_rings(fixed_clock: FixedClock) -> None:
    stop, bell, looked_at = threading.Event(), Bell(), []

    def step() -> bool:
        looked_at.append(time.monotonic())
        return False

    thread = threading.Thread(target=Loop("probe.idle", step, idle_seconds=0.05).run, args=(stop, fixed_clock, bell))
    thread.start()
    eventually(lambda: len(looked_at) == 5)
    pauses = [later - earlier for earlier, later in pairwise(looked_at)]
    assert pauses[-1] > 4 * 0.05
    rung_at = time.monotonic()
    bell.ring()
    eventually(lambda: looked_at[-1] > rung_at)
    stop.set()
    bell.ring()
    thread.join(5)
    assert not thread.is_alive()


def test_a_ring_during_a_step_is_heard_after_it(fixed_clock: FixedClock) -> None:
    stop, bell, steps = threading.Event(), Bell(), []

    def step() -> bool:
        steps.append(1)
        if len(steps) == 1:
            bell.ring()
        if len(steps) == 2:
            stop.set()
        return False

    thread = threading.Thread(target=Loop("probe.rung", step, idle_seconds=60).run, args=(stop, fixed_clock, bell))
    thread.start()
    eventually(lambda: len(steps) == 2, timeout_seconds=5)
    bell.ring()
    thread.join(5)
