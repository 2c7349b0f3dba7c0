"""Where something can still be on its way in a suite: its services, its broker, the reports of the outside world."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import kombu
from amqp.exceptions import NotFound

from chassis import topology
from chassis.stepping import REST_PATH, Rest, Source
from contracts.queues import QUEUES
from launcher.journey.outside import Outside
from launcher.journey.rest import Rest as Client
from launcher.process import base_environment
from launcher.services import WITH_DATABASE
from launcher.suite import Suite
from launcher.words import LauncherError

ASKING_TIMEOUT_SECONDS = 10
RETRY_DELAYS_SECONDS = (1, 10, 60)
"""Those of every consumer in the suite."""
DEAD = ".dead"

# Messages of each quorum queue by its own count, those in a consumer's hands included: what the broker's listing shows
# of them is seconds old. Queues with nothing in them are left out, and those that are no quorum queues: not ours.
_MESSAGES = """
[{{unicode:characters_to_list(element(4, amqqueue:get_name(Q))), N}}
 || Q <- rabbit_amqqueue:list(<<"{virtual_host}">>),
    amqqueue:get_type(Q) =:= rabbit_quorum_queue,
    {{ok, {{_, N}}, _}} <- [ra:local_query(amqqueue:get_pid(Q), fun rabbit_fifo:query_messages_total/1)],
    N > 0].
"""
_QUEUE_IN_ANSWER = re.compile(r'\{"([^"]+)", (\d+)\}')


def sources_of(suite: Suite) -> list[Source]:
    """Every place to look at, the places that others hand on to last."""
    outside = Outside(suite.sandbox_url)
    services: list[Source] = [ServiceAtRest(suite.admin_url(package)) for package in WITH_DATABASE]
    return [*services, OutsideAtRest(outside), _broker_of(suite, outside)]


def _broker_of(suite: Suite, outside: Outside) -> Source:
    if suite.broker_given is not None:
        return GivenBrokerAtRest(suite.broker_given, outside)
    return PrivateBrokerAtRest(
        home=suite.data / "rabbitmq",
        distribution_port=suite.ports["rabbitmq-distribution"],
        virtual_host=urlsplit(suite.broker_url).path.removeprefix("/"),
        outside=outside,
    )


class ServiceAtRest:
    """A service's own word, from its admin port."""

    def __init__(self, admin_url: str) -> None:
        self._client = Client(admin_url)

    def look(self) -> Rest:
        """One look."""
        return Rest.model_validate(self._client.get(REST_PATH))


class OutsideAtRest:
    """What the outside world has still to report to us."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside

    def look(self) -> Rest:
        """One look."""
        found = self._outside.control("GET", "/idle")
        due_at = found["next_due_at"]
        return Rest(
            source="sandbox",
            now=self._outside.now(),
            unfinished={"reports": found["pending"]} if found["pending"] else {},
            next_due_at=datetime.fromisoformat(due_at) if due_at else None,
        )


@dataclass(frozen=True)
class PrivateBrokerAtRest:
    """The queues of our own broker, with what consumers have in hand."""

    home: Path
    distribution_port: int
    virtual_host: str
    outside: Outside = field(repr=False)

    def look(self) -> Rest:
        """One look. Raises LauncherError when the broker does not answer."""
        return Rest(source="broker", now=self.outside.now(), unfinished=_living(self._messages()))

    def _messages(self) -> dict[str, int]:
        # The node's cookie is read from its home, so that it stands in no command line.
        command = ["erl_call", "-address", f"127.0.0.1:{self.distribution_port}", "-e"]
        asked = subprocess.run(
            command,
            input=_MESSAGES.format(virtual_host=self.virtual_host),
            env={**base_environment(), "HOME": str(self.home)},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=ASKING_TIMEOUT_SECONDS,
            check=False,
        )
        if asked.returncode != 0 or not asked.stdout.startswith("{ok"):
            raise LauncherError("The broker does not say what is in its queues.")
        return {name: int(count) for name, count in _QUEUE_IN_ANSWER.findall(asked.stdout)}


class GivenBrokerAtRest:
    """The queues of a broker that was given to us: AMQP counts only what no consumer has in hand yet."""

    def __init__(self, url: str, outside: Outside) -> None:
        self._url = url
        self._outside = outside

    def look(self) -> Rest:
        """One look."""
        counts: dict[str, int] = {}
        with kombu.Connection(self._url, connect_timeout=ASKING_TIMEOUT_SECONDS) as connection:
            for name in _queue_names():
                counts[name] = _waiting(connection, name)
        return Rest(source="broker", now=self._outside.now(), unfinished=_living(counts))


def _waiting(connection: kombu.Connection, queue: str) -> int:
    channel = connection.channel()
    try:
        return int(channel.queue_declare(queue, passive=True).message_count)
    except NotFound:
        return 0  # Its service has not started yet.
    finally:
        channel.close()


def _queue_names() -> Sequence[str]:
    waiting = [topology.retry_queue(queue.name, delay) for queue in QUEUES for delay in RETRY_DELAYS_SECONDS]
    return [*(queue.name for queue in QUEUES), *waiting]


def _living(counts: Mapping[str, int]) -> dict[str, int]:
    """Dead letters lie where they are until somebody looks at them; they move nothing."""
    return {name: count for name, count in counts.items() if count and not name.endswith(DEAD)}
