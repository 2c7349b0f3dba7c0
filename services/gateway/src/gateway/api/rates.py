"""Coarse rates: counted by each process for itself, in memory, forgotten at a restart.

They keep a single client from using up a process. No rule leans on them: limits of codes, logins and invitations are
counted in the owning service's database.
"""

from __future__ import annotations

import math
import time

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from gateway.domain.addresses import client_key
from gateway.domain.errors import TooManyRequests


class Rates:
    """Admits a request, or raises TooManyRequests. Rates are written as `120/minute`."""

    def __init__(self, *, per_address: str, per_caller: str, careful: str, webhooks: str) -> None:
        self._per_address = parse(per_address)
        self._per_caller = parse(per_caller)
        self._careful = parse(careful)
        self._webhooks = parse(webhooks)
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    def admit_address(self, address: str) -> None:
        """Count a request of the address."""
        self._admit(self._per_address, "address", client_key(address))

    def admit_careful(self, address: str) -> None:
        """Count a request of the address in which a password or a code may be tried."""
        self._admit(self._careful, "careful", client_key(address))

    def admit_webhook(self, address: str) -> None:
        """Count a report of a provider; it counts for nothing else."""
        self._admit(self._webhooks, "webhook", client_key(address))

    def admit_caller(self, caller: str) -> None:
        """Count a request of a member or operator."""
        self._admit(self._per_caller, "caller", caller)

    def _admit(self, rate: RateLimitItem, kind: str, key: str) -> None:
        if not self._limiter.hit(rate, kind, key):
            reset_at = self._limiter.get_window_stats(rate, kind, key).reset_time
            raise TooManyRequests(retry_after_seconds=max(1, math.ceil(reset_at - time.time())))
