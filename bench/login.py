"""Logins a second, and what a password check costs.

    ./coupbiz bench login [SECONDS] [MEMBERS]

Members of a temporary suite log in again and again through the gateway, each from an address that it trusts: password,
then tokens, no code. Beside it stand one password check alone (argon2id, one thread), the cost that is wanted, and
the answers to a known and an unknown address in turn, which must take the same time (IDN-12). The share of
a processor's time that goes into password checks is the figure; logins a second depend on the machine. The last line is
one JSON object.
"""

import json
import os
import statistics
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from identity.adapters.passwords import Argon2Passwords
from launcher.journey.outside import Outside
from launcher.journey.people import Applicant, Operator, SignUp
from launcher.journey.rest import Refused, Rest
from launcher.trial import trial_suite
from launcher.words import say

UNLIMITED = {
    "GATEWAY_RATE_PER_ADDRESS": "1000000/minute",
    "GATEWAY_RATE_PER_CALLER": "1000000/minute",
    "GATEWAY_RATE_CAREFUL": "1000000/minute",
}
PATIENT = {"IDENTITY_CODE_RESEND_SECONDS": "0", "IDENTITY_LOGIN_FAILURES_MAX": "100000"}
"""The limits are tried elsewhere; here they would only stop the measurement."""
CHECKS = 200
ANSWERS = 200
PASSWORD = "a password that fits nobody"  # noqa: S105 - of nobody


@dataclass(frozen=True)
class Login:
    """One login of a trusted address, timed."""

    rest: Rest
    applicant: Applicant

    def once(self) -> float:
        """Seconds from the password to the tokens."""
        began = time.monotonic()
        opened = self.rest.post("/v1/sessions", self._body)
        tokens = self.rest.post(f"/v1/sessions/{opened['challenge_id']}/verify", {})
        if not tokens["access_token"]:
            raise SystemExit("a login gave no token")
        return time.monotonic() - began

    def trust(self, outside: Outside) -> None:
        """Log in with the code, and trust this address from then on (IDN-11)."""
        path = f"/v1/sessions/{self.rest.post('/v1/sessions', self._body)['challenge_id']}"
        code = outside.code_after(self.applicant.phone, lambda: self.rest.post(f"{path}/codes"))
        self.rest.post(f"{path}/verify", {"code": code, "trust_address": True})

    @property
    def _body(self) -> Mapping[str, str]:
        return {"email": self.applicant.email, "password": self.applicant.password}


def main(arguments: Sequence[str]) -> int:
    """Log in for a while and print the figures."""
    seconds = float(arguments[0]) if arguments else 20.0
    members = int(arguments[1]) if len(arguments) > 1 else 8
    check = _check_seconds()
    with trial_suite(say, extra={"gateway-api": UNLIMITED, "identity-api": PATIENT}) as trial:
        places, outside = trial.places, Outside(trial.suite.sandbox_url)
        operator = Operator(places.gateway_url, places.operator, outside)
        logins = [_member(places.gateway_url, operator, outside) for _ in range(members)]
        alone = [logins[0].once() for _ in range(20)]
        together = _together(logins, seconds)
        answers = _answers(places.gateway_url, logins[0].applicant.email)
    figures = {
        "password_check_ms": round(check * 1_000, 2),
        "login_alone_median_ms": round(statistics.median(alone) * 1_000, 2),
        "members": members,
        "logins": len(together),
        "logins_per_second": round(len(together) / seconds, 2),
        "login_median_ms": round(statistics.median(together) * 1_000, 2),
        "processors": os.cpu_count(),
        "password_checks_share": round(len(together) / seconds * check / (os.cpu_count() or 1), 3),
        **{f"answer_{name}_median_ms": round(value * 1_000, 2) for name, value in answers.items()},
        "answers_differ_by_share_of_a_check": round((max(answers.values()) - min(answers.values())) / check, 3),
    }
    say(json.dumps(figures))
    return 0


def _check_seconds() -> float:
    """The median of a wrong password's check, in this thread alone."""
    passwords = Argon2Passwords()
    return statistics.median(_timed(lambda: passwords.verify(None, PASSWORD)) for _ in range(CHECKS))


def _member(gateway_url: str, operator: Operator, outside: Outside) -> Login:
    applicant = Applicant.new(outside)
    sign_up = SignUp(gateway_url, outside)
    sign_up.fill_in(applicant)
    operator.approve(sign_up.id)
    login = Login(Rest(gateway_url), applicant)
    login.trust(outside)
    return login


def _together(logins: Sequence[Login], seconds: float) -> list[float]:
    """All members at once for a while; the times of every login."""
    times: list[float] = []
    end = time.monotonic() + seconds

    def work(login: Login) -> None:
        while time.monotonic() < end:
            times.append(login.once())

    threads = [threading.Thread(target=work, args=(login,)) for login in logins]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def _answers(gateway_url: str, known: str) -> dict[str, float]:
    """The medians of wrong passwords for a known and an unknown address, interleaved."""
    rest = Rest(gateway_url)
    times: dict[str, list[float]] = {"known": [], "unknown": []}
    for _ in range(ANSWERS):
        for name, email in (("known", known), ("unknown", "nobody@hanbit.example")):
            times[name].append(_timed(lambda email=email: _be_refused(rest, email)))
    return {name: statistics.median(each) for name, each in times.items()}


def _be_refused(rest: Rest, email: str) -> None:
    try:
        rest.post("/v1/sessions", {"email": email, "password": PASSWORD})
    except Refused as refused:
        if refused.code != "login_refused":
            raise
        return
    raise SystemExit("a wrong password was taken")


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
