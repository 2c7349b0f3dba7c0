"""The tax office's status service on the other end of a wire."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from chassis.testing.wire import Exchange, WireServer


@dataclass
class TaxOfficeWire:
    """The status service on the other end of a wire; a number is active unless it is said otherwise."""

    states: dict[str, str] = field(default_factory=dict)
    status: int = 200
    body: bytes | None = None
    hangs: bool = False
    targets: list[str] = field(default_factory=list)

    def behave(self, exchange: Exchange) -> None:
        """Answer one request."""
        self.targets.append(exchange.target)
        if self.hangs:
            exchange.hang()
        elif self.body is not None or self.status != 200:
            exchange.answer(self.status, self.body or b'{"status_code":"INTERNAL_ERROR"}')
        else:
            exchange.answer(200, self._statuses(json.loads(exchange.body)["b_no"]), Content_Type="application/json")

    def _statuses(self, numbers: list[str]) -> bytes:
        rows = [{"b_no": number, "b_stt_cd": self.states.get(number, "01"), "tax_type": "…"} for number in numbers]
        return json.dumps({"status_code": "OK", "request_cnt": len(numbers), "data": rows}).encode()


@contextmanager
def tax_office_on_a_wire() -> Iterator[tuple[TaxOfficeWire, str]]:
    """The tax office, and its base address."""
    wire = TaxOfficeWire()
    with WireServer(wire.behave) as server:
        yield wire, server.url
