"""The main job's speed: one order of N recipients, from the press to the last message handed over.

    ./coupbiz bench main_job [N] [RUNS]

Everything is real but the outside world, which is the sandbox at zero delay on the same machine. The floor is measured
in the same run: the bare HTTP calls that the job cannot do without (one to the supplier and one to the message provider
for each recipient), by the same client, to a sandbox of its own. The ratio to it is the figure; seconds depend on the
machine. A run counts only if the audit finds nothing lost and nothing twice. The last line is one JSON object.
"""

import json
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from floor import floor

from launcher.audit import audit
from launcher.journey.outside import Outside
from launcher.journey.people import Applicant, Master, Operator, SignUp
from launcher.journey.rest import wait_for
from launcher.showcase.seeding import seed
from launcher.showcase.templates import template_id
from launcher.suite import Suite
from launcher.trial import trial_suite
from launcher.words import say

CHARGE_KRW = 10_000_000
REST_TIMEOUT_SECONDS = 120.0


@dataclass(frozen=True)
class Timing:
    """Seconds from the press of the button."""

    accepted: float
    first_coupon: float
    last_coupon: float
    last_message: float
    sent: float


def main(arguments: Sequence[str]) -> int:
    """Run the orders and print the figures."""
    recipients = int(arguments[0]) if arguments else 1_000
    runs = int(arguments[1]) if len(arguments) > 1 else 3
    with floor() as under, trial_suite(say) as trial:
        places, outside = trial.places, Outside(trial.suite.sandbox_url)
        operator = Operator(places.gateway_url, places.operator, outside)
        seed(operator, outside, say)
        master = _master(places.gateway_url, operator, outside)
        _order(master, outside, recipients // 10 or 1)
        timings, floors = [], []
        for _ in range(runs):
            floors.append(under.seconds(recipients))
            timings.append(_order(master, outside, recipients))
            say(f"  floor {floors[-1]:.2f} s; {timings[-1]}")
        found = wait_for("rest", lambda: _clean(trial.suite), timeout_seconds=REST_TIMEOUT_SECONDS)
    say(f"  audit: {dict(found)}")
    say(json.dumps(_figures(recipients, timings, floors)))
    return 0


def _master(gateway_url: str, operator: Operator, outside: Outside) -> Master:
    applicant = Applicant.new(outside)
    sign_up = SignUp(gateway_url, outside)
    sign_up.fill_in(applicant)
    operator.approve(sign_up.id)
    return Master(gateway_url, applicant, outside)


def _order(master: Master, outside: Outside, recipients: int) -> Timing:
    offer = master.products("바나나우유")[0]["offers"][0]
    while master.wallet()["usable_krw"] < offer["sale_price_krw"] * recipients:
        master.charge(CHARGE_KRW)
    template = next(each for each in master.templates() if each["template_id"] == template_id("THANKS_1"))
    people = [{"phone": f"0100{number:07d}", "name": "홍길동", "company": "한빛"} for number in range(recipients)]
    coupons, messages = _count(outside, "coupons"), _count(outside, "messages")
    pressed = outside.now()
    began = time.monotonic()
    order = master.order(master.order_body([offer], people, template))
    accepted = time.monotonic() - began
    order = master.follow(order["order_id"], lambda seen: seen["state"] == "sent", "the end", REST_TIMEOUT_SECONDS)
    sent = time.monotonic() - began
    if order["counts"]["success"] != recipients:
        raise SystemExit(f"not every recipient was reached: {order['counts']}")
    issued = _times(outside, "coupons", coupons, "issued_at")
    told = _times(outside, "messages", messages, "accepted_at")
    first, last, told_last = ((at - pressed).total_seconds() for at in (min(issued), max(issued), max(told)))
    return Timing(accepted, first, last, told_last, sent)


def _count(outside: Outside, kind: str) -> int:
    return int(outside.control("GET", f"/journal/{kind}?limit=1")["total"])


def _times(outside: Outside, kind: str, after: int, name: str) -> list[datetime]:
    """When the outside world did its work of a kind, since `after` pieces of it."""
    found: list[datetime] = []
    while True:
        page = outside.control("GET", f"/journal/{kind}?after={after}&limit=1000")
        found += [datetime.fromisoformat(row[name]) for row in page["items"]]
        if page["next"] is None:
            return found
        after = page["next"]


def _clean(suite: Suite) -> Mapping[str, int] | None:
    found = audit(suite.postgres_url, suite.sandbox_url)
    return None if found.wrong else found.looked_at


def _figures(recipients: int, timings: Sequence[Timing], floors: Sequence[float]) -> Mapping[str, Any]:
    medians = {name: statistics.median(getattr(each, name) for each in timings) for name in Timing.__annotations__}
    bare = statistics.median(floors)
    return {
        "recipients": recipients,
        "floor_seconds": round(bare, 3),
        **{f"{name}_seconds": round(value, 3) for name, value in medians.items()},
        "last_message_to_floor": round(medians["last_message"] / bare, 2),
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
