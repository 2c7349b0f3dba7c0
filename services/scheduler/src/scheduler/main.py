"""The scheduler, wired: the only place that knows every part."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from prometheus_client import Histogram

from chassis import crash
from chassis.clock import Clock, clock_from
from chassis.consumer import Consumer
from chassis.database import Database
from chassis.migrations import Migrations
from chassis.plumbing_admin import plumbing_blueprints
from chassis.relay import Relay
from chassis.republish import Republish
from chassis.stepping import Probe, stepping_blueprints
from chassis.tokens import Authenticator
from chassis.web import WsgiApp, create_app
from chassis.worker import Loop, Worker
from contracts import identity
from contracts import scheduler as contract
from contracts.queues import queues_of
from scheduler.adapters.cron import CronTimes
from scheduler.api.timers import timers_blueprint
from scheduler.application.calendars import say_what_came
from scheduler.application.ports import Transaction
from scheduler.application.timers import (
    FireDueTimers,
    ForgetSettledTimers,
    fire_due_timers,
    forget_settled_timers,
)
from scheduler.consumers.requests import timer_asked_for, timer_given_up
from scheduler.consumers.sessions import sessions_revoked
from scheduler.settings import Settings
from scheduler.storage.open_work import open_work
from scheduler.storage.tables import metadata
from scheduler.storage.unit_of_work import PostgresUnitOfWork, Transactions

SERVICE = "scheduler"
FORGET_ROWS_MAX = 500
FORGET_IDLE_SECONDS = 60.0

LATENESS = Histogram(
    "scheduler_timer_lateness_seconds",
    "How long after its due time a timer fired.",
    buckets=(0.1, 0.5, 1, 5, 30, 60, 300, 3600, 86_400),
)


def settings() -> Settings:
    """The settings, read from the environment."""
    return Settings()


def migrations() -> Migrations:
    """The database's migrations."""
    return Migrations(SERVICE, Path(__file__).parent / "storage/migrations", metadata=(metadata,))


def create_api(settings: Settings) -> WsgiApp:
    """Both applications."""
    clock = clock_from(settings.clock_url)
    database = _database(settings)
    return create_app(
        service=SERVICE,
        database=database,
        clock=clock,
        api_blueprints=(),
        admin_blueprints=(
            timers_blueprint(Transactions(database, clock)),
            *plumbing_blueprints(database, producer=SERVICE, clock=clock),
            *stepping_blueprints(Probe(SERVICE, database, clock, open_work(CronTimes())), settings),
        ),
        problems={},
        authenticator=Authenticator(settings.token_keys_url, database, clock=clock),
        settings=settings,
    )


def create_worker(settings: Settings) -> Worker:
    """Consumers of requests, and the loops that fire."""
    clock = clock_from(settings.clock_url)
    database = _database(settings)
    return Worker(consumers(settings, database, clock), loops(settings, Transactions(database, clock)), clock=clock)


def create_relay(settings: Settings) -> Relay:
    """The outbox's way to the broker."""
    return Relay(_database(settings), settings.broker_url, producer=SERVICE)


def republishers(settings: Settings) -> Mapping[str, Republish]:
    """The scheduler owns no state that others copy."""
    del settings
    return {}


def consumers(settings: Settings, database: Database, clock: Clock) -> list[Consumer[Any]]:
    """A consumer for each queue."""
    handlers: dict[str, dict[Any, Callable[[Any, Any], None]]] = {
        "control": {identity.SessionsRevoked: sessions_revoked},
        "timers": {contract.SetTimer: timer_asked_for, contract.CancelTimer: timer_given_up},
    }
    units = {"control": lambda session: session, "timers": lambda session: PostgresUnitOfWork(session, clock)}
    return [
        Consumer(
            queue,
            handlers[queue.lane],
            database=database,
            broker_url=settings.broker_url,
            clock=clock,
            unit_of_work=units[queue.lane],
        )
        for queue in queues_of(SERVICE)
    ]


def loops(settings: Settings, transaction: Transaction) -> list[Loop]:
    """Firing timers, saying what the calendars bring, forgetting what is settled."""

    def fire() -> bool:
        with transaction() as uow:
            lateness = fire_due_timers(FireDueTimers(settings.fire_rows_max), uow)
            crash.point("scheduler.fire.before_commit")
        crash.point("scheduler.fire.after_commit")
        for each in lateness:
            LATENESS.observe(each.total_seconds())
        return bool(lateness)

    times = CronTimes()

    def say() -> bool:
        with transaction() as uow:
            return say_what_came(uow, times, settings.fire_rows_max) > 0

    def forget() -> bool:
        with transaction() as uow:
            kept = timedelta(days=settings.settled_kept_days)
            return forget_settled_timers(ForgetSettledTimers(kept, FORGET_ROWS_MAX), uow) > 0

    return [
        Loop(
            "scheduler.fire",
            fire,
            settings.poll_seconds,
            crash_points=("before_commit", "after_commit"),
            rung_by=("timers",),
        ),
        Loop("scheduler.calendars", say, settings.poll_seconds),
        Loop("scheduler.forget", forget, FORGET_IDLE_SECONDS),
    ]


def _database(settings: Settings) -> Database:
    return Database(settings.database_url, application_name=SERVICE)
