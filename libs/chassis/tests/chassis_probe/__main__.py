"""The probe as a process: `python -m chassis_probe worker|relay DATABASE_URL BROKER_URL [slow|fall|early]`."""

import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from chassis.database import Database
from chassis.receiving import Deliveries, Receiver
from chassis.relay import Relay
from chassis.worker import Loop, Worker
from chassis_probe.service import consumer, write_down
from contracts.scheduler import TimerFired

_SLOW_SECONDS = 1.0


def _slowly(event: TimerFired, session: Session) -> None:
    """Say that a delivery is in hand, and take a while."""
    Path(os.environ["PROBE_IN_HAND_FILE"]).touch()
    time.sleep(_SLOW_SECONDS)
    write_down(event, session)


class _AcknowledgingEarly(Receiver):
    """The planted bug: it acknowledges what it is about to handle."""

    def deliveries(self, *arguments: Any) -> Deliveries:
        deliveries = super().deliveries(*arguments)
        honest = deliveries.on_message

        def on_message(message: Any) -> None:
            message.channel.basic_ack(message.delivery_tag)
            honest(message)

        deliveries.on_message = on_message  # type: ignore[method-assign]
        return deliveries


class _Falling(Loop):
    def run(self, *_: object) -> None:
        """End, as no loop should."""


def main(kind: str, database_url: str, broker_url: str, manner: str = "") -> None:
    """Run until SIGTERM."""
    database = Database(database_url, application_name="probe")
    if kind == "relay":
        stop = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
        Relay(database, broker_url, producer="probe").run(stop)
        return
    if manner == "early":
        _AcknowledgingEarly(consumer(database, broker_url)).run(threading.Event())
    handler = _slowly if manner == "slow" else write_down
    loops = [_Falling("falling", lambda: False)] if manner == "fall" else []
    worker = Worker([consumer(database, broker_url, handler)], loops, every_queue=False)
    worker.run()


main(*sys.argv[1:])
