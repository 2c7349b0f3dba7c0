"""How soon a suspended company's tokens are refused everywhere, while a large order is being sent.

    ./coupbiz bench revocation [RECIPIENTS] [ROUNDS]

One company sends an order. Meanwhile an operator suspends another company, whose master asks every service without
pause with the token that was good a moment ago, until each has refused it; the scheduler, which serves no members, is
asked in its database. Then the company is resumed, its master logs in anew, and it is suspended again. Seconds count
from the operator's press; a round counts only if the order was still being sent at its end. The rule is 5 seconds at
every service (IDN-13). The last line is one JSON object.
"""

import json
import statistics
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from launcher.audit import database_url
from launcher.journey.outside import Outside
from launcher.journey.people import Applicant, Master, Operator, SignUp
from launcher.journey.rest import Refused
from launcher.showcase.seeding import seed
from launcher.showcase.templates import template_id
from launcher.trial import Trial, trial_suite
from launcher.words import say

ASKED = {
    "identity": "/v1/me",
    "catalog": "/v1/products",
    "ordering": "/v1/orders",
    "wallet": "/v1/wallet",
    "messaging": "/v1/templates",
}
"""What a member may ask each service for."""
FLOOR = "SELECT lowest_generation FROM session_floors WHERE subject_id = %s"
UNLIMITED = {"GATEWAY_RATE_PER_ADDRESS": "1000000/minute", "GATEWAY_RATE_PER_CALLER": "1000000/minute"}
PATIENT = {"IDENTITY_CODE_RESEND_SECONDS": "0"}
CHARGE_KRW = 10_000_000
PAUSE_SECONDS = 0.02
SECONDS_MAX = 5.0
GIVE_UP_SECONDS = 60.0
SENDING_SECONDS_MAX = 600.0


@dataclass
class Victim:
    """The company that is suspended, and its master."""

    gateway_url: str
    outside: Outside
    applicant: Applicant
    master: Master
    company_id: str

    def log_in(self) -> None:
        """A good token again."""
        self.master = Master(self.gateway_url, self.applicant, self.outside)
        self.master.rest.get("/v1/me")

    def is_refused(self, path: str) -> bool:
        """Whether the token is worthless there."""
        try:
            self.master.rest.get(path)
        except Refused as refused:
            if refused.status != 401:
                raise
            return True
        return False


def main(arguments: Sequence[str]) -> int:
    """Send, suspend, and print the figures."""
    recipients = int(arguments[0]) if arguments else 10_000
    rounds_max = int(arguments[1]) if len(arguments) > 1 else 5
    with trial_suite(say, extra={"gateway-api": UNLIMITED, "identity-api": PATIENT}) as trial:
        outside = Outside(trial.suite.sandbox_url)
        operator = Operator(trial.places.gateway_url, trial.places.operator, outside)
        seed(operator, outside, say)
        sender = _master(trial.places.gateway_url, operator, outside)[1]
        victim = _victim(trial.places.gateway_url, operator, outside)
        order_id = _send(sender, recipients)
        rounds = []
        while len(rounds) < rounds_max:
            found = _round(trial, operator, victim)
            if _state(sender, order_id) != "sending":
                break
            rounds.append(found)
            say(f"  round {len(rounds)}: {found}")
            operator.rest.post(f"/admin/identity/companies/{victim.company_id}/resume", {"reason": "측정"})
            victim.log_in()
        sender.follow(order_id, lambda order: order["state"] == "sent", "the order's end", SENDING_SECONDS_MAX)
    if not rounds:
        raise SystemExit("the order was sent before one round was over: send more recipients")
    figures = _figures(recipients, rounds)
    say(json.dumps(figures))
    return 0 if figures["slowest_seconds"] <= SECONDS_MAX else 1


def _master(gateway_url: str, operator: Operator, outside: Outside) -> tuple[Applicant, Master]:
    applicant = Applicant.new(outside)
    sign_up = SignUp(gateway_url, outside)
    sign_up.fill_in(applicant)
    operator.approve(sign_up.id)
    return applicant, Master(gateway_url, applicant, outside)


def _victim(gateway_url: str, operator: Operator, outside: Outside) -> Victim:
    applicant, master = _master(gateway_url, operator, outside)
    company_id = str(master.rest.get("/v1/me")["company_id"])
    victim = Victim(gateway_url, outside, applicant, master, company_id)
    if any(victim.is_refused(path) for path in ASKED.values()):
        raise SystemExit("a good token is refused")
    return victim


def _send(sender: Master, recipients: int) -> str:
    offer = sender.products("바나나우유")[0]["offers"][0]
    while sender.wallet()["usable_krw"] < offer["sale_price_krw"] * recipients:
        sender.charge(CHARGE_KRW)
    template = next(each for each in sender.templates() if each["template_id"] == template_id("THANKS_1"))
    people = [{"phone": f"0100{number:07d}", "name": "홍길동", "company": "한빛"} for number in range(recipients)]
    return str(sender.order(sender.order_body([offer], people, template))["order_id"])


def _state(sender: Master, order_id: str) -> str:
    return str(sender.rest.get(f"/v1/orders/{order_id}")["state"])


def _round(trial: Trial, operator: Operator, victim: Victim) -> dict[str, float]:
    """Suspend, and see how long each service takes to refuse."""
    before = _floor(trial, victim)
    looks: dict[str, Callable[[], bool]] = {
        service: lambda path=path: victim.is_refused(path)  # type: ignore[misc]
        for service, path in ASKED.items()
    }
    looks["scheduler"] = lambda: _floor(trial, victim) != before
    found: dict[str, float] = {}
    pressed = time.monotonic()

    def watch(service: str, is_refused: Callable[[], bool]) -> None:
        while time.monotonic() - pressed < GIVE_UP_SECONDS:
            if is_refused():
                found[service] = time.monotonic() - pressed
                return
            time.sleep(PAUSE_SECONDS)

    threads = [threading.Thread(target=watch, args=each) for each in looks.items()]
    for thread in threads:
        thread.start()
    operator.rest.post(f"/admin/identity/companies/{victim.company_id}/suspend", {"reason": "측정"})
    for thread in threads:
        thread.join()
    missing = sorted(looks.keys() - found.keys())
    if missing:
        raise SystemExit(f"not refused within {GIVE_UP_SECONDS:.0f} seconds by: {', '.join(missing)}")
    return {service: round(seconds, 3) for service, seconds in sorted(found.items())}


def _floor(trial: Trial, victim: Victim) -> Any:
    with psycopg.connect(database_url(trial.suite.postgres_url, "scheduler")) as connection:
        return connection.execute(FLOOR, (victim.company_id,)).fetchone()


def _figures(recipients: int, rounds: Sequence[Mapping[str, float]]) -> dict[str, Any]:
    slowest = {service: max(each[service] for each in rounds) for service in rounds[0]}
    return {
        "recipients": recipients,
        "rounds_while_sending": len(rounds),
        "median_seconds": round(statistics.median(max(each.values()) for each in rounds), 3),
        "slowest_seconds": max(slowest.values()),
        **{f"{service}_slowest_seconds": seconds for service, seconds in slowest.items()},
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
