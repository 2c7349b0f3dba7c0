"""A virtual host of the broker for each test process, emptied between tests.

The server for tests has several. A process holds one by an exclusive queue in it, which the broker gives to one
connection at a time and frees when that ends, so that several runs may share a server.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import quote, urlsplit, urlunsplit

import kombu
from amqp.exceptions import NotAllowed, NotFound, ResourceLocked

from chassis import topology
from chassis.broker import connected
from contracts.queues import QUEUES, Queue

VIRTUAL_HOSTS = ("test-main", *(f"test-gw{number}" for number in range(8)))
"""The virtual hosts that a server for tests has, each for one process at a time."""

_HELD = "held-by-a-test-process"
_FREE_TIMEOUT_SECONDS = 120
_POLL_SECONDS = 0.5
_DELAYS_SECONDS = (1, 10, 60)


@contextmanager
def virtual_host(server_url: str, worker: str) -> Iterator[str]:
    """A virtual host that nobody else uses during the block; its URL. The worker's own one is tried first."""
    urls = [_at(server_url, name) for name in sorted(VIRTUAL_HOSTS, key=lambda name: name != f"test-{worker}")]
    url, holder = _hold_one(urls)
    try:
        empty(url, QUEUES)
        yield url
    finally:
        holder.release()


def empty(url: str, queues: Sequence[Queue]) -> None:
    """Delete the queues, with those beside them and whatever is in them."""
    with connected(url, name="test") as connection, connection.channel() as channel:
        for queue in queues:
            for name in (
                queue.name,
                topology.dead_queue(queue.name),
                *(topology.retry_queue(queue.name, delay_seconds) for delay_seconds in _DELAYS_SECONDS),
            ):
                channel.queue_delete(name)


def _hold_one(urls: Sequence[str]) -> tuple[str, kombu.Connection]:
    deadline = time.monotonic() + _FREE_TIMEOUT_SECONDS
    while True:
        for url in urls:
            holder = _hold(url)
            if holder is not None:
                return url, holder
        if time.monotonic() > deadline:
            raise TimeoutError(f"none of the broker's virtual hosts {', '.join(VIRTUAL_HOSTS)} is there and free")
        time.sleep(_POLL_SECONDS)


def _hold(url: str) -> kombu.Connection | None:
    # Without a heartbeat the connection lives as long as the process, though nobody reads from it.
    holder = kombu.Connection(url, heartbeat=0, connect_timeout=5)
    try:
        holder.connect()
        holder.default_channel.queue_declare(_HELD, exclusive=True, auto_delete=True)
    except (NotAllowed, NotFound, ResourceLocked):
        holder.release()
        return None
    return holder


def _at(server_url: str, name: str) -> str:
    return urlunsplit(urlsplit(server_url)._replace(path="/" + quote(name, safe="")))
