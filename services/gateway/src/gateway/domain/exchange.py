"""A request on its way to a service, and the answer on its way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

Headers = Sequence[tuple[str, str]]
"""Names with values in their order; a name may come more than once."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request as a service gets it. `target` is the path with the query, as it stands on the wire."""

    method: str
    target: str = field(repr=False)
    headers: Headers = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A service's answer, whatever its status."""

    status: int
    headers: Headers = field(repr=False)
    body: bytes = field(repr=False)


class Upstream(Protocol):
    """One port of a service."""

    def send(self, request: Outgoing, *, timeout_seconds: float) -> Incoming:
        """The service's answer.

        Raises PartAway or PartBusy when the request was surely not done, PartSlow or AnswerLost when it may have been;
        UnsendableRequest when the request cannot be written in HTTP/1.1.
        """


class UnsendableRequest(Exception):
    """A header or the address holds what HTTP does not allow."""
