"""A door to the broker that a test can slam: a proxy in front of it, and what stands in a queue."""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from chassis.broker import connected


def messages_in(broker_url: str, queue: str) -> list[Any]:
    """All messages of a queue, taken out of it."""
    found = []
    with connected(broker_url, name="test") as connection, connection.channel() as channel:
        while (message := channel.basic_get(queue, no_ack=True)) is not None:
            found.append(message)
    return found


class Door:
    """A TCP proxy to the broker: cut, closed, frozen or swallowing, as the test likes."""

    def __init__(self, broker_url: str) -> None:
        self._parts = urlsplit(broker_url)
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = self._listener.getsockname()[1]
        self.url = urlunsplit(
            self._parts._replace(netloc=f"{self._parts.username}:{self._parts.password}@127.0.0.1:{port}")
        )
        self._open = threading.Event()
        self._open.set()
        self._flowing = threading.Event()
        self._flowing.set()
        self._swallowing = False
        self._sockets: list[socket.socket] = []

    def __enter__(self) -> "Door":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._flowing.set()
        self._listener.close()
        self.slam()

    def shut(self) -> None:
        """Cut everything and let nobody in."""
        self._open.clear()
        self.slam()

    def open(self) -> None:
        """Let people in again."""
        self._open.set()

    def freeze(self) -> None:
        """Keep connections, but let none of the broker's answers through."""
        self._flowing.clear()

    def thaw(self) -> None:
        """Let answers through again."""
        self._flowing.set()

    def shut_silently(self) -> None:
        """Swallow what is sent to the broker: whoever sends believes that it went."""
        self._swallowing = True

    def slam(self) -> None:
        """Cut what is connected."""
        for each in self._sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self._sockets.clear()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                if not self._open.is_set():
                    client.close()
                    continue
                server = socket.create_connection((self._parts.hostname or "", self._parts.port or 5672))
                self._sockets += [client, server]
                threading.Thread(target=self._pump, args=(client, server, None), daemon=True).start()
                threading.Thread(target=self._pump, args=(server, client, self._flowing), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket, gate: threading.Event | None) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                if gate is not None:
                    gate.wait()
                if not (self._swallowing and gate is None):
                    target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)
