"""The composition root: the only place that wires the wallet together."""

import json
import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from prometheus_client import Gauge
from sqlalchemy.orm import Session

from chassis import crash
from chassis.clock import Clock, clock_from
from chassis.columns import bind_column_keys
from chassis.consumer import Consumer
from chassis.database import Database
from chassis.file_links import file_link_blueprints
from chassis.files import FileStore, file_store_from
from chassis.http import HttpClient
from chassis.migrations import Migrations
from chassis.plumbing_admin import plumbing_blueprints
from chassis.relay import Relay
from chassis.republish import Republish
from chassis.sealing import Keyring
from chassis.stepping import Probe, stepping_blueprints
from chassis.tokens import Authenticator
from chassis.web import WsgiApp, create_app
from chassis.worker import Loop, Worker
from contracts.queues import queues_of
from wallet.adapters.toss import TossPayments, authorization
from wallet.adapters.toss_list import TossList
from wallet.api.admin_contracts import contracts_blueprint
from wallet.api.admin_invoices import admin_invoices_blueprint
from wallet.api.admin_payments import admin_payments_blueprint
from wallet.api.admin_refunds import admin_refunds_blueprint
from wallet.api.charges import charges_blueprint
from wallet.api.invoices import InvoicePapers, invoices_blueprint
from wallet.api.ledger import ledger_blueprint, proof_model
from wallet.api.limits import limits_blueprint
from wallet.api.notices import notices_blueprint
from wallet.api.problems import PROBLEMS
from wallet.api.receipts import receipts_blueprint
from wallet.api.refunds import refunds_blueprint
from wallet.api.reservation_previews import reservation_previews_blueprint
from wallet.api.thresholds import thresholds_blueprint
from wallet.api.wallet import wallet_blueprint
from wallet.application.cancellations import CancelCharges
from wallet.application.charges import ConfirmCharges
from wallet.application.daily_checks import WorkOnChecks
from wallet.application.notices import WorkOnNotices
from wallet.application.reconciliation import Reconciler
from wallet.application.refund_files import ForgetStrayFiles
from wallet.application.verification import prove_ledger
from wallet.application.watching import WatchThresholds
from wallet.consumers import identity, ordering, scheduler
from wallet.documents.history_xlsx import history_workbook
from wallet.documents.invoice_pdf import invoice_pdf
from wallet.documents.invoice_xlsx import invoice_workbook
from wallet.documents.receipt_pdf import receipt_pdf
from wallet.settings import Settings
from wallet.storage.books import SqlBooks
from wallet.storage.limits import limit_batches
from wallet.storage.open_work import open_work
from wallet.storage.schema import metadata
from wallet.storage.unit_of_work import PRODUCER, SqlUnitOfWork, transactions

SERVICE = "wallet"
check_findings = Gauge(
    "wallet_check_findings",
    "What the last daily check of a kind found wrong; anything above 0 needs an operator.",
    ("kind",),
)
CONFIRM_LOOP = "wallet.confirm"
CANCEL_LOOP = "wallet.cancel"
NOTICE_LOOP = "wallet.notices"
WATCH_LOOP = "wallet.watch"
WATCH_IDLE_SECONDS = 1.0
CHECKS_LOOP = "wallet.checks"
FILES_LOOP = "wallet.files"
FILES_IDLE_SECONDS = 60.0
AFTER_CALL = "after_call"
AFTER_CHECK = "after_check"
CHECKS_IDLE_SECONDS = 5.0
FILES_PATH = "/admin/files"
FILES_LINK_BASE = "/admin/wallet/files"
"""Where operators reach this service's admin port through the gateway."""


def settings() -> Settings:
    """The settings in the environment."""
    return Settings()


def migrations() -> Migrations:
    """The migrations of the wallet's database."""
    return Migrations(SERVICE, Path(__file__).parent / "storage" / "migrations", [metadata])


def create_api(settings: Settings) -> WsgiApp:
    """Both applications: for members and the provider's notices, and for operators."""
    database, clock, files = _database(settings, "api"), clock_from(settings.clock_url), _files(settings)
    begin = transactions(database, clock)
    confirm_charges = _confirm_charges(settings, database, clock)
    papers = InvoicePapers(settings.invoice_sender, invoice_pdf, invoice_workbook, settings.workbook_rows_max)
    return create_app(
        service=SERVICE,
        database=database,
        clock=clock,
        api_blueprints=[
            charges_blueprint(
                begin,
                confirm_charges,
                _cancel_charges(settings, database, clock),
                settings.charge_rules,
                cancellation_rules=settings.cancellation_rules,
                window_url=settings.payment_window_url,
                return_url=settings.payment_return_url,
                deposits_shown=settings.deposits_shown,
            ),
            receipts_blueprint(begin, settings.supplier, receipt_pdf),
            wallet_blueprint(begin, history_workbook, workbook_rows_max=settings.workbook_rows_max),
            reservation_previews_blueprint(begin),
            limits_blueprint(begin),
            invoices_blueprint(begin, papers, months_shown=settings.invoice_months_shown),
            thresholds_blueprint(begin),
            refunds_blueprint(
                begin,
                files,
                settings.refund_rules,
                settings.refund_form,
                file_bytes_max=settings.refund_file_bytes_max,
            ),
            notices_blueprint(begin, settings.payment_webhook_secret),
        ],
        admin_blueprints=[
            ledger_blueprint(begin, SqlBooks(database)),
            contracts_blueprint(begin),
            admin_invoices_blueprint(begin, papers),
            admin_payments_blueprint(begin),
            admin_refunds_blueprint(begin, files, settings.refund_form, link_seconds=settings.refund_link_seconds),
            *file_link_blueprints(files, path=FILES_PATH),
            *plumbing_blueprints(database, producer=SERVICE, clock=clock, republishers=republishers(settings)),
            *stepping_blueprints(Probe(SERVICE, database, clock, open_work()), settings),
        ],
        problems=PROBLEMS,
        authenticator=Authenticator(settings.token_keys_url, database, clock=clock),
        settings=settings,
    )


def create_worker(settings: Settings) -> Worker:
    """The consumers of every queue of the wallet, and the loops that settle charges and work on notices."""
    database, clock = _database(settings, "worker"), clock_from(settings.clock_url)
    confirm_charges = _confirm_charges(settings, database, clock)
    notices = WorkOnNotices(
        transactions(database, clock),
        _provider(settings),
        confirm_charges,
        delays=_delays(settings.notice_retry_delays_seconds),
        lease=timedelta(seconds=settings.confirm_lease_seconds),
    )
    cancel_charges = _cancel_charges(settings, database, clock)
    strays = ForgetStrayFiles(transactions(database, clock), _files(settings))
    loops = [
        Loop(CONFIRM_LOOP, confirm_charges.step, crash_points=(AFTER_CALL,)),
        Loop(CANCEL_LOOP, cancel_charges.step, crash_points=(AFTER_CALL,)),
        Loop(NOTICE_LOOP, notices.step),
        Loop(
            CHECKS_LOOP,
            _checks(settings, database, clock, confirm_charges).step,
            idle_seconds=CHECKS_IDLE_SECONDS,
            crash_points=(AFTER_CHECK,),
        ),
        Loop(WATCH_LOOP, WatchThresholds(transactions(database, clock)).step, idle_seconds=WATCH_IDLE_SECONDS),
        Loop(FILES_LOOP, strays.step, idle_seconds=FILES_IDLE_SECONDS),
    ]
    return Worker(create_consumers(settings, database, clock), loops, clock=clock)


def create_consumers(settings: Settings, database: Database, clock: Clock) -> list[Consumer[Any]]:
    """One consumer a queue."""

    def unit_of_work(session: Session) -> SqlUnitOfWork:
        return SqlUnitOfWork(session.connection(), clock)

    handlers: Mapping[str, tuple[Mapping[Any, Any], Callable[..., Any]]] = {
        "control": (identity.CONTROL_HANDLERS, lambda session: session),
        "state": (identity.STATE_HANDLERS, unit_of_work),
        "orders": (ordering.HANDLERS, unit_of_work),
        "timers": (scheduler.HANDLERS, unit_of_work),
        "calendar": (
            scheduler.calendar_handlers(invoice_kept_years=settings.invoice_kept_years),
            unit_of_work,
        ),
    }
    return [
        Consumer(
            queue,
            handlers[queue.lane][0],
            database=database,
            broker_url=settings.broker_url,
            clock=clock,
            unit_of_work=handlers[queue.lane][1],
        )
        for queue in queues_of(SERVICE)
    ]


def create_relay(settings: Settings) -> Relay:
    """The outbox's way to the broker."""
    return Relay(_database(settings, "relay"), settings.broker_url, producer=PRODUCER)


def republishers(settings: Settings) -> Mapping[str, Republish]:
    """The limits of sub-members; all else that the wallet says are facts."""
    database, clock = _database(settings, "republish"), clock_from(settings.clock_url)
    return {"limits": Republish("limits", limit_batches, database=database, producer=PRODUCER, clock=clock)}


def verify(settings: Settings, _: list[str]) -> None:
    """Prove the ledger, print the proof as JSON, and exit with status 1 when something is wrong."""
    proof = proof_model(prove_ledger(SqlBooks(_database(settings, "verify"))))
    sys.stdout.write(json.dumps(proof.model_dump(mode="json"), indent=2) + "\n")
    if not proof.proven:
        raise SystemExit(1)


COMMANDS: Mapping[str, Callable[[Settings, list[str]], None]] = {"verify": verify}


def _database(settings: Settings, process: str) -> Database:
    # Whoever reads or writes rows needs the keys of the encrypted columns among them.
    bind_column_keys(Keyring.parse(settings.column_keys))
    return Database(settings.database_url, application_name=f"{SERVICE} {process}")


def _files(settings: Settings) -> FileStore:
    return file_store_from(settings, link_base=FILES_LINK_BASE)


def _provider_client(settings: Settings) -> HttpClient:
    return HttpClient(
        settings.payment_url,
        name="payment provider",
        read_timeout_seconds=settings.payment_read_timeout_seconds,
    )


def _provider(settings: Settings) -> TossPayments:
    return TossPayments(_provider_client(settings), settings.payment_secret_key)


def _checks(settings: Settings, database: Database, clock: Clock, charges: ConfirmCharges) -> WorkOnChecks:
    point = f"{CHECKS_LOOP}.{AFTER_CHECK}"
    crash.declare_points(point)
    begin = transactions(database, clock)
    listing = TossList(_provider_client(settings), authorization(settings.payment_secret_key))
    return WorkOnChecks(
        begin,
        SqlBooks(database),
        Reconciler(begin, listing, charges),
        retry=timedelta(seconds=settings.check_retry_seconds),
        lease=timedelta(seconds=settings.check_lease_seconds),
        report=lambda kind, found: check_findings.labels(kind).set(found),
        checkpoint=lambda: crash.point(point),
    )


def _confirm_charges(settings: Settings, database: Database, clock: Clock) -> ConfirmCharges:
    point = f"{CONFIRM_LOOP}.{AFTER_CALL}"
    crash.declare_points(point)
    return ConfirmCharges(
        transactions(database, clock),
        _provider(settings),
        delays=_delays(settings.confirm_retry_delays_seconds),
        lease=timedelta(seconds=settings.confirm_lease_seconds),
        sweep=timedelta(seconds=settings.deposit_sweep_seconds),
        checkpoint=lambda: crash.point(point),
    )


def _cancel_charges(settings: Settings, database: Database, clock: Clock) -> CancelCharges:
    point = f"{CANCEL_LOOP}.{AFTER_CALL}"
    crash.declare_points(point)
    return CancelCharges(
        transactions(database, clock),
        _provider(settings),
        settings.cancellation_rules,
        delays=_delays(settings.confirm_retry_delays_seconds),
        lease=timedelta(seconds=settings.confirm_lease_seconds),
        checkpoint=lambda: crash.point(point),
    )


def _delays(seconds: tuple[float, ...]) -> list[timedelta]:
    return [timedelta(seconds=delay) for delay in seconds]
