"""A virtual host of the broker for each test process, emptied between tests."""

import os
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit, urlunsplit

from chassis import topology
from chassis.broker import connected
from contracts.queues import QUEUES

CONTROL_VARIABLE = "COUPBIZ_TEST_RABBITMQCTL"
"""The command that administers the test broker, where it is not plain `rabbitmqctl` on this machine."""

_TIMEOUT_SECONDS = 60
_DELAYS_SECONDS = (1, 10, 60)


@contextmanager
def virtual_host(server_url: str, worker: str) -> Iterator[str]:
    """A virtual host that is there during the block; its URL."""
    name = f"test_{os.getpid()}_{worker}"
    user = urlsplit(server_url).username or "guest"
    _control("add_vhost", name)
    try:
        _control("set_permissions", "-p", name, user, ".*", ".*", ".*")
        parts = urlsplit(server_url)
        yield urlunsplit(parts._replace(path="/" + quote(name, safe="")))
    finally:
        _control("delete_vhost", name)


def empty(url: str) -> None:
    """Delete the suite's queues, and whatever is in them."""
    with connected(url, name="test") as connection, connection.channel() as channel:
        for queue in QUEUES:
            for name in (
                queue.name,
                topology.dead_queue(queue.name),
                *(topology.retry_queue(queue.name, delay_seconds) for delay_seconds in _DELAYS_SECONDS),
            ):
                channel.queue_delete(name)


def _control(*arguments: str) -> None:
    command = shlex.split(os.environ.get(CONTROL_VARIABLE, "rabbitmqctl"))
    subprocess.run(
        [*command, "--quiet", *arguments], check=True, timeout=_TIMEOUT_SECONDS, capture_output=True, text=True
    )
