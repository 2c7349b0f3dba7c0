"""Coarse rates: counted by each process for itself, in memory, forgotten at a restart.

They keep a single client from using up a process. No rule leans on them: limits of codes, logins and invitations are
counted in the owning service's database.
"""

from __future__ import annotations

import math

from gateway.domain.addresses import client_key
from gateway.domain.errors import TooManyRequests
from gateway.domain.rates import Rate, SlidingWindow


class Rates:
    """Admits a request, or raises TooManyRequests. Rates are written as `120/minute`."""

    def __init__(self, *, per_address: str, per_caller: str, careful: str, webhooks: str) -> None:
        self._per_address = SlidingWindow(Rate.parse(per_address))
        self._per_caller = SlidingWindow(Rate.parse(per_caller))
        self._careful = SlidingWindow(Rate.parse(careful))
        self._webhooks = SlidingWindow(Rate.parse(webhooks))

    def admit_address(self, address: str) -> None:
        """Count a request of the address."""
        _admit(self._per_address, client_key(address))

    def admit_careful(self, address: str) -> None:
        """Count a request of the address in which a password or a code may be tried."""
        _admit(self._careful, client_key(address))

    def admit_webhook(self, address: str) -> None:
        """Count a report of a provider; it counts for nothing else."""
        _admit(self._webhooks, client_key(address))

    def admit_caller(self, caller: str) -> None:
        """Count a request of a member or operator."""
        _admit(self._per_caller, caller)


def _admit(window: SlidingWindow, key: str) -> None:
    seconds = window.admit(key)
    if seconds:
        raise TooManyRequests(retry_after_seconds=max(1, math.ceil(seconds)))
