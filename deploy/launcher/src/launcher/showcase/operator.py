"""The first operator of a local suite: made by identity's own command, kept beside the development keys."""

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from launcher.environment import environment_of
from launcher.journey.people import OperatorLogin
from launcher.suite import Suite
from launcher.words import LauncherError

EMAIL = "admin@coupbiz.example"
NAME = "첫관리자"
FILE_VARIABLE = "COUPBIZ_OPERATOR_FILE"
"""Names the file of an operator that exists already, as for a suite under docker compose."""


def operator_of(suite: Suite) -> OperatorLogin:
    """The suite's operator, made at the first time."""
    file = Path(os.environ.get(FILE_VARIABLE) or suite.data / "operator.json")
    if not file.exists():
        _keep(file, _create(suite))
    kept = json.loads(file.read_text(encoding="utf-8"))
    return OperatorLogin(kept["email"], kept["password"], kept["totp_secret"])


def secret_in(otpauth_uri: str) -> str:
    """The shared secret of an authenticator's address."""
    return parse_qs(urlsplit(otpauth_uri.strip()).query)["secret"][0]


def _create(suite: Suite) -> OperatorLogin:
    password = secrets.token_urlsafe(24)
    environment = {**environment_of("identity", suite), "IDENTITY_OPERATOR_PASSWORD": password}
    command = [sys.executable, "-P", "-m", "identity", "create-operator", EMAIL, NAME, "admin"]
    made = subprocess.run(
        command, env=environment, cwd=suite.data, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if made.returncode != 0:
        raise LauncherError(f"The first operator was not made:\n{made.stderr.strip()[-2000:]}")
    return OperatorLogin(EMAIL, password, secret_in(made.stdout.strip().splitlines()[-1]))


def _keep(file: Path, login: OperatorLogin) -> None:
    file.touch(mode=0o600)
    kept = {"email": login.email, "password": login.password, "totp_secret": login.totp_secret}
    file.write_text(json.dumps(kept), encoding="utf-8")
