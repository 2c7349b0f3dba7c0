"""Another system on the other end of a wire: real sockets, and every way of not answering."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Self, TypeAlias

_HEAD_END = b"\r\n\r\n"
_PIECE_BYTES = 65_536


@dataclass
class Exchange:
    """One request that arrived, and the connection on which to answer it, or not."""

    connection: socket.socket
    method: str
    target: str
    headers: dict[str, str]
    body: bytes = field(repr=False)
    stopping: threading.Event = field(repr=False)

    def answer(self, status: int = 200, body: bytes = b"{}", **headers: str) -> None:
        """Answer, and keep the connection. Underscores in names of headers are hyphens."""
        lines = [f"HTTP/1.1 {status} Answer", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.send("\r\n".join(lines).encode() + _HEAD_END + body)

    def send(self, raw: bytes) -> None:
        """Send bytes as they are."""
        self.connection.sendall(raw)

    def reset(self) -> None:
        """Break the connection off, as a crashed host would."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def hang_up(self) -> None:
        """Close the connection in order."""
        self.connection.shutdown(socket.SHUT_RDWR)
        self.connection.close()

    def hang(self) -> None:
        """Say nothing until the server stops."""
        self.stopping.wait()


Behave: TypeAlias = Callable[[Exchange], None]


class WireServer:
    """An HTTP server on a free port of this machine; `behave` is called for each request, in a thread."""

    def __init__(self, behave: Behave) -> None:
        self._behave = behave
        self._stopping = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self._connections: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self.requests: list[Exchange] = []
        """Every request, in the order of arrival."""

    @property
    def port(self) -> int:
        """The port that it listens on."""
        port: int = self._listener.getsockname()[1]
        return port

    @property
    def url(self) -> str:
        """Its base address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        with self._lock:
            connections = list(self._connections)
        for sock in (self._listener, *connections):
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # It was gone already.
            finally:
                sock.close()
        for thread in list(self._threads):
            thread.join()

    def _start(self, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self._connections.add(connection)
            self._start(partial(self._serve, connection))

    def _serve(self, connection: socket.socket) -> None:
        buffered = b""
        try:
            while connection.fileno() >= 0:
                exchange, buffered = self._read(connection, buffered)
                if exchange is None:
                    break
                self.requests.append(exchange)
                self._behave(exchange)
        except OSError:
            return  # The caller went away, or the server stops.
        finally:
            connection.close()
            with self._lock:
                self._connections.discard(connection)

    def _read(self, connection: socket.socket, buffered: bytes) -> tuple[Exchange | None, bytes]:
        while _HEAD_END not in buffered:
            piece = connection.recv(_PIECE_BYTES)
            if not piece:
                return None, b""
            buffered += piece
        head, _, rest = buffered.partition(_HEAD_END)
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _version = first.split(" ", 2)
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", "0"))
        if headers.get("expect", "").lower() == "100-continue":
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        while len(rest) < length:
            piece = connection.recv(_PIECE_BYTES)
            if not piece:
                return None, b""
            rest += piece
        exchange = Exchange(connection, method, target, headers, rest[:length], self._stopping)
        return exchange, rest[length:]


def in_turn(*behaviours: Behave) -> Behave:
    """The n-th request meets the n-th behaviour; the last one stays."""
    left = list(behaviours)

    def behave(exchange: Exchange) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(exchange)

    return behave


def says(status: int, body: bytes = b"{}", **headers: str) -> Behave:
    """Answers so."""
    return lambda exchange: exchange.answer(status, body, **headers)


def garbage(exchange: Exchange) -> None:
    """Answers with what is not HTTP."""
    exchange.send(b"\x00\xff this is not HTTP\r\n\r\n")
    exchange.hang_up()


def half_an_answer(exchange: Exchange) -> None:
    """Breaks off within the body."""
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")
    exchange.hang_up()


def drip(exchange: Exchange) -> None:
    """Never pauses for long, and never ends."""
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while not exchange.stopping.wait(0.05):
        exchange.send(b".")


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def unaccepting_host() -> Iterator[str]:
    """The address of a host that takes no connection and refuses none."""
    with socket.socket() as listener, ExitStack() as stack:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):  # They fill the queue of connections that nobody accepts.
            waiting = stack.enter_context(socket.socket())
            waiting.settimeout(0)
            waiting.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
