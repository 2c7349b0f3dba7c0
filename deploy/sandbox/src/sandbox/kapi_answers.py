"""How the channel provider answers: a code in the body, and data where there is any."""

from __future__ import annotations

from typing import Any

from sandbox.records import Json
from sandbox.wire import Answer


class KapiError(Exception):
    """The provider refuses with one of its codes."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


def coded(code: int, data: Any = None) -> Answer:
    """An answer of this code."""
    body: Json = {"code": str(code), "message": "" if code == 200 else "refused"}
    return Answer(200, body if data is None else {**body, "data": data})
