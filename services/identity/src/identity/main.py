"""The composition root: the only place where the parts of the identity service meet."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import resources
from pathlib import Path

from sqlalchemy.orm import Session

from chassis.clock import Clock, clock_from
from chassis.columns import KeyedHash, bind_column_keys
from chassis.consumer import Consumer
from chassis.database import Database
from chassis.file_links import file_link_blueprints
from chassis.files import FileStore, file_store_from
from chassis.http import HttpClient
from chassis.migrations import Migrations
from chassis.plumbing_admin import plumbing_blueprints
from chassis.relay import Relay
from chassis.republish import Republish
from chassis.sealing import Keyring, Sealer
from chassis.stepping import Probe, stepping_blueprints
from chassis.tokens import Authenticator
from chassis.waiting import LongPolls
from chassis.web import WsgiApp, create_app
from chassis.worker import Loop, Worker
from contracts.event import StateEvent
from contracts.queues import queues_of
from identity.adapters.access_tokens import Ed25519AccessTokens
from identity.adapters.passwords import Argon2Passwords
from identity.adapters.second_factor import TotpSecondFactor
from identity.adapters.tax_office import NtsTaxOffice
from identity.adapters.workbooks import workbook_of
from identity.api.admin_audit import admin_audit_blueprint
from identity.api.admin_companies import admin_companies_blueprint
from identity.api.admin_payment_changes import admin_payment_changes_blueprint
from identity.api.admin_sessions import admin_sessions_blueprint
from identity.api.admin_sign_ups import admin_sign_ups_blueprint
from identity.api.admin_withdrawals import admin_withdrawals_blueprint
from identity.api.invitations import invitations_blueprint
from identity.api.own_company import own_company_blueprint
from identity.api.problems import problems
from identity.api.profiles import profiles_blueprint
from identity.api.security import security_blueprint
from identity.api.sessions import sessions_blueprint
from identity.api.sign_ups import sign_ups_blueprint
from identity.api.sub_members import sub_members_blueprint
from identity.api.withdrawals import Patience, withdrawals_blueprint
from identity.application.file_disposal import dispose_of_files
from identity.application.operators import CreateOperator, create_operator
from identity.application.passwords import mail_resets
from identity.application.signing_keys import published_keys, rotate_signing_key
from identity.application.withdrawal_files import forget_stray_proofs
from identity.consumers.queues import handlers_of
from identity.domain.operator import parse_roles
from identity.settings import Settings
from identity.storage import tables
from identity.storage.open_work import open_work
from identity.storage.pruning import prune_expired
from identity.storage.republishing import cash_like_batches, company_batches, member_batches
from identity.storage.unit_of_work import Plumbing, UnitsOfWork

SERVICE = "identity"
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
    sealer: Sealer
    signer: Ed25519AccessTokens
    passwords: Argon2Passwords


def settings() -> Settings:
    """The settings of the environment."""
    return Settings()


def parts_of(settings: Settings, *, clock: Clock | None = None, database: Database | None = None) -> Parts:
    """The parts, from the settings; a test brings its own clock and database."""
    bind_column_keys(Keyring.parse(settings.column_keys))
    clock = clock or clock_from(settings.clock_url)
    database = database or Database(settings.database_url, application_name=SERVICE)
    sealer = Sealer(Keyring.parse(settings.sealing_keys))
    plumbing = Plumbing(
        clock=clock,
        sealer=sealer,
        keyed_hash=KeyedHash(Keyring.parse(settings.hash_keys)),
        code_limits=settings.code_limits(),
    )
    return Parts(
        clock=clock,
        database=database,
        begin=UnitsOfWork(database, plumbing),
        files=file_store_from(settings, link_base=_FILES_LINK_BASE),
        sealer=sealer,
        signer=Ed25519AccessTokens(lifetime_seconds=settings.access_token_seconds),
        passwords=Argon2Passwords(),
    )


def create_api(settings: Settings) -> WsgiApp:
    """Both ports."""
    return api_of(parts_of(settings), settings)


def api_of(parts: Parts, settings: Settings) -> WsgiApp:
    """Both ports, of these parts."""
    tax_office = NtsTaxOffice(
        HttpClient(
            settings.tax_office_url, name="tax_office", read_timeout_seconds=settings.tax_office_timeout_seconds
        ),
        settings.tax_office_service_key,
    )

    patience = Patience(LongPolls(settings.waiting_requests_max), settings.poll_wait_seconds_max)

    def key_set() -> dict[str, object]:
        with parts.begin() as uow:
            return published_keys(uow, parts.signer)

    return create_app(
        service=SERVICE,
        database=parts.database,
        clock=parts.clock,
        api_blueprints=[
            sign_ups_blueprint(
                parts.begin,
                tax_office=tax_office,
                files=parts.files,
                passwords=parts.passwords,
                rules=settings.sign_up_rules(),
            ),
            sessions_blueprint(
                parts.begin, passwords=parts.passwords, signer=parts.signer, rules=settings.login_rules()
            ),
            profiles_blueprint(parts.begin, key_set),
            invitations_blueprint(
                parts.begin,
                passwords=parts.passwords,
                rules=settings.invitation_rules(),
                password_rules=settings.password_rules(),
                pages_url=settings.member_pages_url,
            ),
            sub_members_blueprint(parts.begin, workbook_of),
            withdrawals_blueprint(parts.begin, files=parts.files, rules=settings.withdrawal_rules(), patience=patience),
            own_company_blueprint(parts.begin),
            security_blueprint(
                parts.begin,
                passwords=parts.passwords,
                password_rules=settings.password_rules(),
                lockout=settings.lockout_rules(),
            ),
        ],
        admin_blueprints=[
            admin_sessions_blueprint(
                parts.begin,
                passwords=parts.passwords,
                second_factor=TotpSecondFactor(),
                signer=parts.signer,
                rules=settings.operator_login_rules(),
            ),
            admin_sign_ups_blueprint(
                parts.begin, files=parts.files, certificate_link_seconds=settings.certificate_link_seconds
            ),
            admin_companies_blueprint(parts.begin),
            admin_payment_changes_blueprint(parts.begin, patience=patience),
            admin_withdrawals_blueprint(parts.begin, files=parts.files, link_seconds=settings.certificate_link_seconds),
            admin_audit_blueprint(parts.begin, workbook_of),
            *file_link_blueprints(parts.files, path=_FILES_PATH),
            *plumbing_blueprints(
                parts.database, producer=SERVICE, clock=parts.clock, republishers=republishers_of(parts)
            ),
            *stepping_blueprints(Probe(SERVICE, parts.database, parts.clock, open_work()), settings),
        ],
        problems=problems(customer_centre_phone=settings.customer_centre_phone),
        authenticator=Authenticator(key_set, parts.database, clock=parts.clock),
        settings=settings,
    )


def create_worker(settings: Settings) -> Worker:
    """Consumers and loops."""
    parts = parts_of(settings)
    return Worker(
        consumers_of(parts, settings), loops_of(parts, settings), clock=parts.clock, on_stop=[parts.database.dispose]
    )


def loops_of(parts: Parts, settings: Settings) -> list[Loop]:
    """What the service looks for by itself."""

    def prune() -> bool:
        with parts.database.transaction() as session:
            return prune_expired(session, parts.clock.now(), parts.begin.in_session(session).codes)

    def resets() -> bool:
        with parts.begin() as uow:
            return mail_resets(uow, settings.reset_rules(), pages_url=settings.member_pages_url)

    return [
        Loop("identity.password_resets", resets, idle_seconds=0.5),
        Loop("identity.file_disposal", lambda: dispose_of_files(parts.begin, parts.files), idle_seconds=5),
        Loop("identity.pruning", prune, idle_seconds=60),
        Loop("identity.stray_proofs", lambda: forget_stray_proofs(parts.begin), idle_seconds=60),
    ]


def consumers_of(parts: Parts, settings: Settings) -> list[Consumer[object]]:
    """One consumer a queue."""
    handlers = handlers_of(settings.dormancy_rules(), settings.withdrawal_rules())
    return [
        Consumer(
            queue,
            handlers[queue.lane],
            database=parts.database,
            broker_url=settings.broker_url,
            clock=parts.clock,
            unit_of_work=parts.begin.in_session,
        )
        for queue in queues_of(SERVICE)
    ]


def republishers(settings: Settings) -> Mapping[str, Republish]:
    """What can be said again, by kind."""
    return republishers_of(parts_of(settings))


def republishers_of(parts: Parts) -> Mapping[str, Republish]:
    """Companies and members, which other services keep copies of."""
    kinds: dict[str, Callable[[Session], Iterator[Sequence[StateEvent]]]] = {
        "companies": company_batches,
        "cash-like": cash_like_batches,
        "members": partial(member_batches, sealer=parts.sealer),
    }
    return {
        kind: Republish(kind, batches, database=parts.database, producer=SERVICE, clock=parts.clock)
        for kind, batches in kinds.items()
    }


def create_relay(settings: Settings) -> Relay:
    """The outbox's way to the broker."""
    database = Database(settings.database_url, application_name="identity relay")
    return Relay(database, settings.broker_url, producer=SERVICE)


def migrations() -> Migrations:
    """The database's migrations."""
    return Migrations(
        SERVICE, Path(str(resources.files("identity.storage"))) / "migrations", metadata=(tables.metadata,)
    )


def _create_operator(settings: Settings, arguments: list[str]) -> None:
    """`create-operator EMAIL NAME ROLE…`; the password stands in IDENTITY_OPERATOR_PASSWORD."""
    if len(arguments) < 3 or _OPERATOR_PASSWORD not in os.environ:
        sys.stderr.write(f"usage: {_OPERATOR_PASSWORD}=… python -m identity create-operator EMAIL NAME ROLE…\n")
        raise SystemExit(2)
    email, name, *roles = arguments
    command = CreateOperator(email, name, parse_roles(roles), os.environ[_OPERATOR_PASSWORD])
    parts = parts_of(settings)
    with parts.begin() as uow:
        uri = create_operator(command, uow, parts.passwords, TotpSecondFactor(), settings.password_rules())
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
