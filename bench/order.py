"""The headline job: one order of N recipients, from the press to the last of N messages at the provider.

    ./coupbiz bench order [N] [ROUNDS] [SMALL_ORDERS]

The whole suite runs, with the sandbox at zero delay on the same machine. In the same run and interleaved with it: a
tuned Celery baseline, a naive one, and the sum of the raw floors, all on the suite's own PostgreSQL and RabbitMQ. Each
is checked to have done the work. Reports of messages come after the job, since they are no part of it and no baseline
deals with them; one run more has them come at once. Then small orders, alone and beside large ones. A run that fails
the audit prints no figure. Seconds depend on the machine, the ratios hardly. The last line is one JSON object.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any

from headline import small_orders
from headline.baselines import Baseline, baselines
from headline.figures import Rounds, Sized, figures, table
from headline.floors import Floors, floors
from headline.stand import stand
from headline.suite_job import Orderer, late_seconds
from headline.usage import Meter

from launcher.audit import audit
from launcher.journey.outside import Outside
from launcher.journey.people import Operator
from launcher.journey.rest import wait_for
from launcher.services import SERVICES
from launcher.showcase.seeding import seed
from launcher.trial import Trial, trial_suite
from launcher.words import say

WARM_UP_RECIPIENTS = 300
NAIVE_WARM_UP_RECIPIENTS = 20
REST_SECONDS = 300.0
ANSWER_AT_ONCE = {"ORDERING_PLACING_WAIT_SECONDS": "0"}
"""An order is answered as soon as it is stored, so that accepting is measured by itself."""

STAY_LOGGED_IN = {"IDENTITY_ACCESS_TOKEN_SECONDS": "36000"}
"""The run outlasts a token of 15 minutes (IDN-13)."""


def main(arguments: Sequence[str]) -> int:
    """Run everything and print the figures."""
    recipients, rounds, small = (int(given) for given in (*arguments, *("10000", "3", "100")[len(arguments) :]))
    with ExitStack() as block:
        trial = block.enter_context(trial_suite(say, extra=_environment()))
        meter = Meter(trial.running)
        meter.prepare()
        suite = trial.suite
        outside_of_others = block.enter_context(stand(suite))
        celery = block.enter_context(baselines(suite, outside_of_others))
        under = block.enter_context(floors(suite, outside_of_others))
        outside = Outside(suite.sandbox_url)
        operator = Operator(suite.gateway_url, trial.places.operator, outside)
        seed(operator, outside, say)
        large, little = (Orderer(suite.gateway_url, operator, outside) for _ in range(2))

        _warm_up(large, celery, under)
        sizes = [
            _sized(large, meter, size) for size in sorted({recipients // 100, recipients // 10, recipients}) if size
        ]
        measured = _rounds(rounds, recipients, large, celery, under)
        say(f"  reports at once: {large.run(recipients, reports_at_once=True)}")
        idle = small_orders.idle(little, outside, small)
        large.have_reports_late(late_seconds(recipients))
        beside = small_orders.beside_large(little, large, outside, small, recipients)
        outside.control("DELETE", "/faults")
        looked_at = _audited(trial)
    say(table(sizes, measured, idle, beside))
    say(f"  audit: {dict(looked_at)}")
    say(json.dumps(figures(recipients, sizes, measured, idle, beside)))
    return 0


def _environment() -> Mapping[str, Mapping[str, str]]:
    """As in production, services go by the machine's clock: asking the sandbox's would be measured as well."""
    told = {
        f"{service.package}-{role}": {f"{service.package.upper()}_CLOCK_URL": ""}
        for service in SERVICES
        for role in service.roles
    }
    return {
        **told,
        "identity-api": {**told["identity-api"], **STAY_LOGGED_IN},
        "ordering-api": {**told["ordering-api"], **ANSWER_AT_ONCE},
    }


def _warm_up(suite: Orderer, celery: Mapping[str, Baseline], under: Floors) -> None:
    suite.run(WARM_UP_RECIPIENTS)
    celery["tuned"].seconds(WARM_UP_RECIPIENTS)
    celery["naive"].seconds(NAIVE_WARM_UP_RECIPIENTS)
    under.seconds(WARM_UP_RECIPIENTS)


def _sized(suite: Orderer, meter: Meter, recipients: int) -> Sized:
    with meter.metered() as usage:
        timing = suite.run(recipients)
    say(f"  {recipients:,}: {timing}, {usage.counted}")
    return Sized(recipients, timing, usage)


def _rounds(rounds: int, recipients: int, suite: Orderer, celery: Mapping[str, Baseline], under: Floors) -> Rounds:
    """Everybody once a round, in an order that turns."""
    measured = Rounds()
    turns = [
        lambda: measured.floors.append(under.seconds(recipients)),
        lambda: measured.tuned.append(celery["tuned"].seconds(recipients)),
        lambda: measured.suite.append(suite.run(recipients)),
        lambda: measured.naive.append(celery["naive"].seconds(recipients)),
        lambda: measured.tenth.append(suite.run(max(1, recipients // 10))),
    ]
    for number in range(rounds):
        for turn in turns[number % len(turns) :] + turns[: number % len(turns)]:
            turn()
        say(f"  round {number + 1}: {measured.last()}")
    return measured


def _audited(trial: Trial) -> Mapping[str, int]:
    def look() -> Mapping[str, Any] | None:
        found = audit(trial.suite.postgres_url, trial.suite.sandbox_url)
        return None if found.wrong else found.looked_at

    return wait_for("a clean audit", look, timeout_seconds=REST_SECONDS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
