"""The composition root: the only place where the parts of the identity service meet."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from importlib import resources
from pathlib import Path

from chassis.clock import Clock, clock_from
from chassis.codes import CodeLimits
from chassis.columns import KeyedHash, bind_column_keys
from chassis.consumer import Consumer
from chassis.database import Database
from chassis.file_links import file_link_blueprints
from chassis.files import FileStore, file_store_from
from chassis.http import HttpClient
from chassis.migrations import Migrations
from chassis.relay import Relay
from chassis.sealing import Keyring, Sealer
from chassis.tokens import Authenticator
from chassis.web import WsgiApp, create_app
from chassis.worker import Loop, Worker
from contracts.audit import OperatorActed
from contracts.queues import queues_of
from contracts.scheduler import TimerFired
from identity.adapters.access_tokens import Ed25519AccessTokens
from identity.adapters.passwords import Argon2Passwords
from identity.adapters.second_factor import TotpSecondFactor
from identity.adapters.tax_office import NtsTaxOffice
from identity.api.admin_sessions import admin_sessions_blueprint
from identity.api.admin_sign_ups import admin_sign_ups_blueprint
from identity.api.problems import problems
from identity.api.profiles import profiles_blueprint
from identity.api.sessions import sessions_blueprint
from identity.api.sign_ups import sign_ups_blueprint
from identity.application.file_disposal import dispose_of_files
from identity.application.logins import LoginRules
from identity.application.operators import CreateOperator, OperatorLoginRules, create_operator
from identity.application.sign_ups import SignUpRules
from identity.application.signing_keys import published_keys, rotate_signing_key
from identity.consumers.audit import operator_acted
from identity.consumers.scheduler import timer_fired
from identity.domain.login import LockoutRules
from identity.domain.operator import parse_roles
from identity.domain.password import PasswordRules
from identity.settings import Settings
from identity.storage import tables
from identity.storage.unit_of_work import Plumbing, UnitsOfWork

_OPERATOR_PASSWORD = "IDENTITY_OPERATOR_PASSWORD"  # noqa: S105 - the variable's name
_FILES_PATH = "/admin/files"
_FILES_LINK_BASE = "/admin/identity/files"
"""Where operators reach this service's admin port through the gateway."""


@dataclass(frozen=True)
class Parts:
    """What every process of the service is put together from."""

    clock: Clock
    database: Database
    begin: UnitsOfWork
    files: FileStore
    signer: Ed25519AccessTokens


def settings() -> Settings:
    """The settings of the environment."""
    return Settings()


def parts_of(settings: Settings) -> Parts:
    """The parts, from the settings."""
    bind_column_keys(Keyring.parse(settings.column_keys))
    clock = clock_from(settings.clock_url)
    database = Database(settings.database_url, application_name="identity")
    plumbing = Plumbing(
        clock=clock,
        sealer=Sealer(Keyring.parse(settings.sealing_keys)),
        keyed_hash=KeyedHash(Keyring.parse(settings.hash_keys)),
        code_limits=CodeLimits(
            digits=settings.code_digits,
            lifetime_seconds=settings.code_lifetime_seconds,
            tries_max=settings.code_tries_max,
            resend_seconds=settings.code_resend_seconds,
            per_target_day_max=settings.code_per_target_day_max,
            per_source_hour_max=settings.code_per_source_hour_max,
        ),
    )
    return Parts(
        clock=clock,
        database=database,
        begin=UnitsOfWork(database, plumbing),
        files=file_store_from(settings, link_base=_FILES_LINK_BASE),
        signer=Ed25519AccessTokens(lifetime_seconds=settings.access_token_seconds),
    )


def create_api(settings: Settings) -> WsgiApp:
    """Both ports."""
    return api_of(parts_of(settings), settings)


def api_of(parts: Parts, settings: Settings) -> WsgiApp:
    """Both ports, of parts that a test may have turned."""
    passwords = Argon2Passwords()
    tax_office = NtsTaxOffice(
        HttpClient(
            settings.tax_office_url, name="tax_office", read_timeout_seconds=settings.tax_office_timeout_seconds
        ),
        settings.tax_office_service_key,
    )

    def key_set() -> dict[str, object]:
        with parts.begin() as uow:
            return published_keys(uow, parts.signer)

    return create_app(
        service="identity",
        database=parts.database,
        clock=parts.clock,
        api_blueprints=[
            sign_ups_blueprint(
                parts.begin,
                tax_office=tax_office,
                files=parts.files,
                passwords=passwords,
                rules=_sign_up_rules(settings),
            ),
            sessions_blueprint(parts.begin, passwords=passwords, signer=parts.signer, rules=_login_rules(settings)),
            profiles_blueprint(parts.begin, key_set),
        ],
        admin_blueprints=[
            admin_sessions_blueprint(
                parts.begin,
                passwords=passwords,
                second_factor=TotpSecondFactor(),
                signer=parts.signer,
                rules=_operator_login_rules(settings),
            ),
            admin_sign_ups_blueprint(
                parts.begin, files=parts.files, certificate_link_seconds=settings.certificate_link_seconds
            ),
            *file_link_blueprints(parts.files, path=_FILES_PATH),
        ],
        problems=problems(customer_centre_phone=settings.customer_centre_phone),
        authenticator=Authenticator(key_set, parts.database, clock=parts.clock),
        settings=settings,
    )


def create_worker(settings: Settings) -> Worker:
    """Consumers and loops."""
    parts = parts_of(settings)
    loop = Loop("identity.file_disposal", lambda: dispose_of_files(parts.begin, parts.files), idle_seconds=5)
    return Worker(consumers_of(parts, settings), [loop], clock=parts.clock, on_stop=[parts.database.dispose])


def consumers_of(parts: Parts, settings: Settings) -> list[Consumer[object]]:
    """One consumer a queue."""
    handlers: dict[str, Mapping[type, Callable[..., None]]] = {
        "audit": {OperatorActed: operator_acted},
        "timers": {TimerFired: timer_fired},
    }
    return [
        Consumer(
            queue,
            handlers[queue.lane],
            database=parts.database,
            broker_url=settings.broker_url,
            clock=parts.clock,
            unit_of_work=parts.begin.in_session,
        )
        for queue in queues_of("identity")
    ]


def create_relay(settings: Settings) -> Relay:
    """The outbox's way to the broker."""
    database = Database(settings.database_url, application_name="identity relay")
    return Relay(database, settings.broker_url, producer="identity")


def migrations() -> Migrations:
    """The database's migrations."""
    return Migrations(
        "identity", Path(str(resources.files("identity.storage"))) / "migrations", metadata=(tables.metadata,)
    )


def _create_operator(settings: Settings, arguments: list[str]) -> None:
    """`create-operator EMAIL NAME ROLE…`; the password stands in IDENTITY_OPERATOR_PASSWORD."""
    if len(arguments) < 3 or _OPERATOR_PASSWORD not in os.environ:
        sys.stderr.write(f"usage: {_OPERATOR_PASSWORD}=… python -m identity create-operator EMAIL NAME ROLE…\n")
        raise SystemExit(2)
    email, name, *roles = arguments
    command = CreateOperator(email, name, parse_roles(roles), os.environ[_OPERATOR_PASSWORD])
    with parts_of(settings).begin() as uow:
        uri = create_operator(command, uow, Argon2Passwords(), TotpSecondFactor(), _password_rules(settings))
    sys.stdout.write(f"{uri}\n")


def _rotate_signing_key(settings: Settings, _: list[str]) -> None:
    """`rotate-signing-key`: sign with a fresh key from now on."""
    parts = parts_of(settings)
    with parts.begin() as uow:
        kid = rotate_signing_key(uow, parts.signer)
    sys.stdout.write(f"{kid}\n")


COMMANDS: Mapping[str, Callable[[Settings, list[str]], None]] = {
    "create-operator": _create_operator,
    "rotate-signing-key": _rotate_signing_key,
}


def _password_rules(settings: Settings) -> PasswordRules:
    lines = resources.files("identity.domain").joinpath("common_passwords.txt").read_text("utf-8").splitlines()
    common = frozenset(line for line in lines if line and not line.startswith("#"))
    return PasswordRules(length_min=settings.password_length_min, common=common)


def _sign_up_rules(settings: Settings) -> SignUpRules:
    return SignUpRules(
        lifetime_days=settings.sign_up_lifetime_days,
        certificate_bytes_max=settings.certificate_bytes_max,
        password=_password_rules(settings),
    )


def _lockout_rules(settings: Settings) -> LockoutRules:
    return LockoutRules(
        failures_max=settings.login_failures_max,
        window=timedelta(seconds=settings.login_window_seconds),
        lock=timedelta(seconds=settings.login_lock_seconds),
    )


def _login_rules(settings: Settings) -> LoginRules:
    return LoginRules(
        lockout=_lockout_rules(settings),
        challenge_lifetime=timedelta(seconds=settings.login_challenge_seconds),
        refresh_lifetime=timedelta(days=settings.refresh_token_days),
        trusted_addresses_max=settings.trusted_addresses_max,
    )


def _operator_login_rules(settings: Settings) -> OperatorLoginRules:
    return OperatorLoginRules(
        lockout=_lockout_rules(settings),
        challenge_lifetime=timedelta(seconds=settings.login_challenge_seconds),
        refresh_lifetime=timedelta(days=settings.refresh_token_days),
        tries_max=settings.second_factor_tries_max,
    )
