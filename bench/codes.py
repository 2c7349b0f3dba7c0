"""How long a one-time code takes from the press to the provider: alone, and while a large order is being sent.

    ./coupbiz bench codes [RECIPIENTS] [SAMPLES]

The whole suite runs, with the sandbox at zero delay on the same machine. Somebody signs up and asks for a code on a
phone, through the gateway; the clock stops when the provider has the SMS. First with nothing else to do, then beside
orders of so many recipients, one after another, from the press until each is over: issuing, messages and their reports.
Seconds depend on the machine; the promise is that codes arrive within seconds. The last line is one JSON object; the
exit code is 1 when a code beside orders took longer than that.
"""

import itertools
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from headline.small_orders import percentile
from headline.stand import phone_of
from headline.suite_job import Orderer

from launcher.journey.outside import Outside
from launcher.journey.people import Operator
from launcher.journey.rest import Refused, Rest, wait_for
from launcher.services import SERVICES
from launcher.showcase.seeding import seed
from launcher.trial import trial_suite
from launcher.words import say

DEFAULTS = ("10000", "100")
FIRST_PHONE = 8_000_000
POLL_SECONDS = 0.005
TIMEOUT_SECONDS = 60.0
PROMISED_SECONDS = 5.0
EVERY_SECONDS = 0.1
MEDIAN, P99 = 50, 99
UNCOUNTED = {
    "IDENTITY_CODE_PER_SOURCE_HOUR_MAX": "1000000",
    "IDENTITY_CODE_RESEND_SECONDS": "0",
}
"""All codes are asked for from one address here."""

_phones = itertools.count(FIRST_PHONE)


def main(arguments: Sequence[str]) -> int:
    """Measure both and print the figures."""
    recipients, samples = (int(given) for given in (*arguments, *DEFAULTS[len(arguments) :]))
    # As in production, services go by the machine's clock: asking the sandbox's would be measured as well.
    told = {
        f"{service.package}-{role}": {f"{service.package.upper()}_CLOCK_URL": ""}
        for service in SERVICES
        for role in service.roles
    }
    told["identity-api"] |= UNCOUNTED
    told["gateway-api"] |= {"GATEWAY_RATE_CAREFUL": "1000000/minute"}
    with trial_suite(say, extra=told) as trial:
        outside = Outside(trial.suite.sandbox_url)
        operator = Operator(trial.suite.gateway_url, trial.places.operator, outside)
        seed(operator, outside, say)
        orderer = Orderer(trial.suite.gateway_url, operator, outside)
        person = Person(trial.suite.gateway_url, trial.suite.sandbox_url)
        idle = [person.seconds() for _ in range(samples)]
        beside, orders = _beside(person, orderer, samples, recipients)
    figures = {
        "recipients": recipients,
        "orders": orders,
        "idle": _figures("idle", idle),
        "beside": _figures(f"beside {orders} orders of {recipients:,}", beside),
    }
    say(json.dumps(figures))
    return 0 if max(beside) <= PROMISED_SECONDS else 1


class Person:
    """Somebody who signs up anew for each code."""

    def __init__(self, gateway_url: str, sandbox_url: str) -> None:
        self._gateway_url = gateway_url
        self._gateway = Rest(gateway_url)
        self._sandbox = Rest(sandbox_url)

    def seconds(self) -> float:
        """From the press to the provider. SystemExit when it never comes."""
        started = self._gateway.post("/v1/sign-ups")
        applying = Rest(self._gateway_url, headers={"Sign-Up-Token": started["sign_up_token"]})
        phone = phone_of(next(_phones))
        began = time.perf_counter()
        applying.post(f"/v1/sign-ups/{started['sign_up_id']}/phone-codes", {"phone": phone})
        while not self._has_come(phone):
            if time.perf_counter() - began > TIMEOUT_SECONDS:
                wait_for(f"a code for {phone}", lambda: None, timeout_seconds=0)
            time.sleep(POLL_SECONDS)
        return time.perf_counter() - began

    def _has_come(self, phone: str) -> bool:
        try:
            return bool(self._sandbox.get(f"/__sim/codes/{phone}").get("code"))
        except Refused as nothing:
            if nothing.status != 404:
                raise
            return False


def _beside(person: Person, orderer: Orderer, samples: int, recipients: int) -> tuple[list[float], int]:
    """As many samples as wanted, taken only while an order is under way, and the number of orders it took."""
    found: list[float] = []
    orders = 0
    while len(found) < samples:
        orderer.pay_for(recipients)
        order = orderer.place([phone_of(number) for number in range(recipients)])
        orders += 1
        with _followed(partial(orderer.end, order["order_id"])) as is_over:
            while not is_over():
                found.append(person.seconds())
                time.sleep(EVERY_SECONDS)
    return found, orders


@contextmanager
def _followed(end: Callable[[], Any]) -> Iterator[Callable[[], bool]]:
    """Whether an order is over, asked by a thread of its own."""
    thread = threading.Thread(target=end)
    thread.start()
    try:
        yield lambda: not thread.is_alive()
    finally:
        thread.join()


def _figures(name: str, samples: Sequence[float]) -> dict[str, float]:
    median, p99 = (percentile(list(samples), percent) for percent in (MEDIAN, P99))
    say(
        f"  codes {name}: {len(samples)}, p50 {median * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, max {max(samples):.2f} s"
    )
    return {
        "samples": len(samples),
        "p50_ms": round(median * 1000, 1),
        "p99_ms": round(p99 * 1000, 1),
        "max_ms": round(max(samples) * 1000, 1),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
