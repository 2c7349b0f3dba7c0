"""Time-based one-time passwords of operators (RFC 6238), as authenticator apps make them."""

import hmac
from datetime import datetime

import pyotp

_ISSUER = "CoupBiz"
_STEP_SECONDS = 30
_DRIFT_STEPS = 1
"""A phone's clock is not ours: the code before and the one after count too."""


class TotpSecondFactor:
    """`SecondFactor` by TOTP: six digits, SHA-1, 30 seconds, what every app knows."""

    def new_secret(self) -> str:
        """A new secret of 160 bits in base32."""
        return pyotp.random_base32()

    def accepted_step(self, secret: str, code: str, at: datetime) -> int | None:
        """The time step whose code this is, the latest first; None when it is of none."""
        present = int(at.timestamp()) // _STEP_SECONDS
        totp = pyotp.TOTP(secret, interval=_STEP_SECONDS)
        for step in range(present + _DRIFT_STEPS, present - _DRIFT_STEPS - 1, -1):
            if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()):
                return step
        return None

    def enrolment_uri(self, secret: str, email: str) -> str:
        """The otpauth URI that an authenticator app reads."""
        return pyotp.TOTP(secret, interval=_STEP_SECONDS).provisioning_uri(name=email, issuer_name=_ISSUER)
