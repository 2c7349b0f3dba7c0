"""What the gateway itself refuses, or has to say in a service's place."""

from __future__ import annotations

from gateway.domain.parts import Part


class PartFailure(Exception):
    """A service gave no usable answer; `part` says which, `part_ko` in Korean."""

    def __init__(self, part: Part, reason: str) -> None:
        super().__init__(f"{part}: {reason}")
        self.part = part.value
        self.part_ko = part.ko
        self.reason = reason


class PartAway(PartFailure):
    """The request did not reach the service: surely nothing was done."""

    retry_after_seconds = 2


class PartBusy(PartFailure):
    """All connections to the service are in use: surely nothing was done."""

    retry_after_seconds = 1


class PartSlow(PartFailure):
    """The service has the request, and did not answer in time: it may have been done."""


class AnswerLost(PartFailure):
    """The service has the request, and its answer broke off or cannot be read: it may have been done."""


class TooManyRequests(Exception):
    """A coarse rate is exceeded."""

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(f"again in {retry_after_seconds} s")
        self.retry_after_seconds = retry_after_seconds


class TooManyWaiting(Exception):
    """No further request may wait for news at present: the client asks again without waiting."""

    retry_after_seconds = 2
