"""A small order's way, from the press to its message at the provider: alone, and beside a large one."""

import itertools
import time

from headline.stand import Journal, phone_of
from headline.suite_job import Orderer
from launcher.journey.outside import Outside
from launcher.journey.rest import wait_for

FIRST_PHONE = 9_000_000
POLL_SECONDS = 0.005
TIMEOUT_SECONDS = 120.0
PERCENT = 99

_phones = itertools.count(FIRST_PHONE)


def idle(orderer: Orderer, outside: Outside, samples: int) -> list[float]:
    """One small order after another."""
    orderer.pay_for(samples)
    return [_one(orderer, outside) for _ in range(samples)]


def beside_large(orderer: Orderer, large: Orderer, outside: Outside, samples: int, recipients: int) -> list[float]:
    """The same while large orders run, one after another, as long as it takes."""
    orderer.pay_for(samples)
    found: list[float] = []
    while len(found) < samples:
        large.pay_for(recipients)
        all_handed_over = Journal(outside.url).after(messages=recipients)
        order = large.place([phone_of(number) for number in range(recipients)])
        while len(found) < samples and not all_handed_over():
            found.append(_one(orderer, outside))
        large.end(order["order_id"])
    return found


def percentile(samples: list[float], percent: int = PERCENT) -> float:
    """The sample that so many percent are not above."""
    ordered = sorted(samples)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def _one(orderer: Orderer, outside: Outside) -> float:
    phone = phone_of(next(_phones))
    began = time.perf_counter()
    orderer.place([phone])
    while not any(message["links"] for message in outside.messages(phone)):
        if time.perf_counter() - began > TIMEOUT_SECONDS:
            wait_for("a small order's message", lambda: None, timeout_seconds=0)
        time.sleep(POLL_SECONDS)
    return time.perf_counter() - began
