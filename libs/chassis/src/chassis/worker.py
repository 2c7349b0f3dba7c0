"""The worker process: each consumer and each loop in a thread of its own, ended together and gracefully."""

import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog

from chassis import broker_metrics, context, crash, inbox
from chassis.bell import Bell
from chassis.clock import Clock, SystemClock
from chassis.consumer import Consumer
from chassis.database import Database
from chassis.dead_letter_drain import DeadLetterDrain
from chassis.receiving import Receiver
from contracts.queues import queues_of

logger = structlog.get_logger(__name__)

_FAILURE_PAUSE_SECONDS_MAX = 5.0
_IDLE_SECONDS_MAX = 1.0
"""How long work that nobody rings for (a row of the API's, a retry that came due) may wait for an idle loop."""
_STOP_TIMEOUT_SECONDS = 45.0
"""How long the work in hand may take after SIGTERM: more than a statement's time-out."""

_PRUNE_SECONDS = 600.0


@dataclass(frozen=True)
class Loop:
    """Work that a service looks for by itself: claim rows, call the outside, record what came of it.

    `step` does one bounded portion and says whether it found any work. Without any it is asked again after
    `idle_seconds`, then after longer and longer pauses, and at once when the process has applied a message of one of
    the lanes that bring it work (`rung_by`). A step that raises is tried again after a growing pause. `crash_points`
    are the steps' names of its crash points: `<name>.<step>` each.
    """

    name: str
    step: Callable[[], bool]
    idle_seconds: float = 0.2
    crash_points: tuple[str, ...] = ()
    rung_by: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        crash.declare_points(*(f"{self.name}.{step}" for step in self.crash_points))

    def run(self, stop: threading.Event, clock: Clock, bell: Bell | None = None) -> None:
        """Step until told to stop."""
        bell = bell or Bell()
        pause_seconds = idle_seconds = self.idle_seconds
        while not stop.is_set():
            heard = bell.rings
            clock.refresh()
            try:
                with context.use(context.Context.begin()):
                    found_work = self.step()
            except Exception:
                logger.exception("loop failed, trying again", loop=self.name)
                broker_metrics.loop_failures.labels(self.name).inc()
                stop.wait(pause_seconds)
                pause_seconds = min(pause_seconds * 2 or 1, _FAILURE_PAUSE_SECONDS_MAX)
                continue
            pause_seconds = self.idle_seconds
            if found_work or bell.wait(heard, idle_seconds):
                idle_seconds = self.idle_seconds
            else:
                idle_seconds = max(self.idle_seconds, min(idle_seconds * 2, _IDLE_SECONDS_MAX))


class Worker:
    """The consumers and loops of one service in one process.

    SIGTERM and SIGINT end it after the deliveries and steps in hand. A thread that ends by itself ends the process with
    status 1, so that whatever supervises it starts it anew. Raises ValueError when a queue of the service has no
    consumer, or a loop is rung by a lane that has none, unless this process is meant to serve only some
    (`every_queue=False`).
    """

    def __init__(
        self,
        consumers: Sequence[Consumer[Any]],
        loops: Sequence[Loop] = (),
        *,
        clock: Clock | None = None,
        every_queue: bool = True,
        on_stop: Sequence[Callable[[], None]] = (),
    ) -> None:
        if every_queue:
            _refuse_missing(consumers, loops)
        self.consumers = tuple(consumers)
        self.loops = tuple(loops)
        self._clock = clock or SystemClock()
        self._on_stop = tuple(on_stop)
        self._stop = threading.Event()
        self._fallen = threading.Event()
        self._bells = [(loop, Bell()) for loop in self.loops]

    def run(self) -> None:
        """Work until a signal or `stop`; must be called from the main thread. Exits the process when a thread fell."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop.set())
        threads = [self._start(name, work) for name, work in self._work()]
        logger.info("worker runs", threads=[thread.name for thread in threads])
        # A wait without a time-out would keep the signal's handler from running.
        while not self._stop.wait(timeout=0.5):
            pass
        for _, bell in self._bells:
            bell.ring()
        deadline = time.monotonic() + _STOP_TIMEOUT_SECONDS
        for thread in threads:
            thread.join(max(0, deadline - time.monotonic()))
        for finish in self._on_stop:
            finish()
        if self._fallen.is_set() or any(thread.is_alive() for thread in threads):
            logger.error("worker ends after a failure")
            raise SystemExit(1)
        logger.info("worker ends")

    def stop(self) -> None:
        """Ask the worker to end after what it has in hand."""
        self._stop.set()

    def _work(self) -> list[tuple[str, Callable[[], None]]]:
        work: list[tuple[str, Callable[[], None]]] = [
            (consumer.queue.name, partial(Receiver(consumer, self._rung_by(consumer)).run, self._stop))
            for consumer in self.consumers
        ]
        if self.consumers:
            forget = partial(_prune_inbox, self.consumers[0].database)
            self._bells.append((Loop("inbox.prune", forget, _PRUNE_SECONDS), Bell()))
            work.append(("dead letters", partial(DeadLetterDrain.of(self.consumers).run, self._stop)))
        work.extend((loop.name, partial(loop.run, self._stop, self._clock, bell)) for loop, bell in self._bells)
        return work

    def _rung_by(self, consumer: Consumer[Any]) -> tuple[Bell, ...]:
        return tuple(bell for loop, bell in self._bells if consumer.queue.lane in loop.rung_by)

    def _start(self, name: str, work: Callable[[], None]) -> threading.Thread:
        def run() -> None:
            error: BaseException | None = None
            try:
                work()
            except BaseException as raised:  # noqa: BLE001 - the process ends of it, with the error in its log
                error = raised
            if error is not None or not self._stop.is_set():
                logger.error("thread ended by itself", thread_name=name, exc_info=error)
                self._fallen.set()
                self._stop.set()

        thread = threading.Thread(target=run, name=name, daemon=True)
        thread.start()
        return thread


def _refuse_missing(consumers: Sequence[Consumer[Any]], loops: Sequence[Loop]) -> None:
    served = {consumer.queue for consumer in consumers}
    missing = {queue for served_queue in served for queue in queues_of(served_queue.service)} - served
    if missing:
        raise ValueError(f"no consumer for {sorted(queue.name for queue in missing)}")
    unknown = {lane for loop in loops for lane in loop.rung_by} - {queue.lane for queue in served}
    if unknown:
        raise ValueError(f"no consumer of the lanes {sorted(unknown)} that ring a loop")


def _prune_inbox(database: Database) -> bool:
    with database.transaction() as session:
        return inbox.prune(session, older_than=inbox.RETENTION) > 0
