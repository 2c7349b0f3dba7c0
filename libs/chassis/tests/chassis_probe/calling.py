"""Servers for a test to call, and clients that call them."""

from contextlib import ExitStack

from chassis.http import HttpClient
from chassis.testing.wire import Behave, Exchange, WireServer, drip, garbage, half_an_answer, in_turn, says

ok = says(200, b'{"said": "yes"}')

WITHOUT_A_WHOLE_ANSWER = (Exchange.reset, Exchange.hang_up, Exchange.hang, garbage, half_an_answer, drip)
"""What may befall a request that has left."""


class Wire:
    """Starts servers, and clients that speak to them."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def server(self, *behaviours: Behave) -> WireServer:
        """The n-th request meets the n-th behaviour; the last one stays."""
        return self._stack.enter_context(WireServer(in_turn(*behaviours)))

    def client(self, url: str, **options: object) -> HttpClient:
        given = {"name": "other", "connect_timeout_seconds": 0.5, "read_timeout_seconds": 0.5, **options}
        return self._stack.enter_context(HttpClient(url, **given))  # type: ignore[arg-type]
