"""Where ordering is put together; the only module that wires."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from chassis.chunks import ChunkCaller
from chassis.clock import Clock, clock_from
from chassis.codes import OneTimeCodes
from chassis.columns import KeyedHash, bind_column_keys
from chassis.consumer import Consumer
from chassis.database import Database, UnitOfWorkFactory
from chassis.idempotency import IdempotencyKeys
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
from contracts.queues import queues_of
from ordering.adapters.giftishow import NAME, Giftishow, GiftishowAccount
from ordering.adapters.issuing_loop import issuing_loop
from ordering.adapters.lunar import KoreanAlmanac
from ordering.adapters.plans_loop import plans_loop
from ordering.adapters.revoking_loop import revoking_loop
from ordering.adapters.standing_loop import standing_loop
from ordering.api.admin import flagged_blueprint
from ordering.api.desk import MemberDesk, RecipientDesk
from ordering.api.history import history_blueprint
from ordering.api.home import home_blueprint
from ordering.api.orders import orders_blueprint
from ordering.api.plan_files import plan_files_blueprint
from ordering.api.plans import PlanDesk, plan_changes_blueprint, plans_blueprint
from ordering.api.previews import previews_blueprint
from ordering.api.problems import PROBLEMS
from ordering.api.recipient import recipient_blueprint
from ordering.api.recipient_files import recipient_files_blueprint
from ordering.api.revocations import revocations_blueprint
from ordering.api.scheduled import scheduled_blueprint
from ordering.api.statements import statements_blueprint
from ordering.application.month_closing import say_closed_month
from ordering.application.plan_ports import PlanRules
from ordering.application.ports import Links
from ordering.application.sending_ports import Supplier
from ordering.consumers.queues import HANDLERS
from ordering.documents.order_list import order_list
from ordering.documents.plan_workbooks import PlanRecipientWorkbooks
from ordering.documents.recipient_workbooks import RecipientWorkbooks
from ordering.documents.statement_pdf import statement_pdf
from ordering.domain.link import LinkKeys
from ordering.settings import Settings
from ordering.storage import metadata
from ordering.storage.open_work import open_work
from ordering.storage.plan_views import PostgresPlanViews
from ordering.storage.pruning import prune_expired
from ordering.storage.recipients import PostgresOpeningUnit
from ordering.storage.unit_of_work import PRODUCER, Equipment, PostgresUnitOfWork
from ordering.storage.views import PostgresOrderViews

SERVICE = "ordering"
PRUNING_SECONDS = 60.0


def settings() -> Settings:
    """The settings, read from the environment."""
    return Settings()


def migrations() -> Migrations:
    """The database's migrations."""
    return Migrations(SERVICE, Path(__file__).parent / "storage" / "migrations", [metadata])


def create_api(settings: Settings) -> WsgiApp:
    """Both applications."""
    clock, database = clock_from(settings.clock_url), database_of(settings, "api")
    return wire_api(settings, database, clock, Authenticator(settings.token_keys_url, database, clock=clock))


def create_worker(settings: Settings) -> Worker:
    """Consumers and the issuing loops."""
    clock = clock_from(settings.clock_url)
    database = database_of(settings, "worker")
    chunk_caller = ChunkCaller()
    suppliers: dict[str, Supplier] = {NAME: Giftishow(_giftishow_account(settings), chunk_caller)}
    return Worker(
        wire_consumers(settings, database, clock),
        [*wire_loops(settings, database, clock, suppliers), _pruning_loop(settings, database, clock)],
        clock=clock,
        on_stop=(chunk_caller.close, database.dispose),
    )


def create_relay(settings: Settings) -> Relay:
    """The outbox's way to the broker."""
    return Relay(database_of(settings, "relay"), settings.broker_url, producer=PRODUCER)


def republishers(settings: Settings) -> Mapping[str, Republish]:  # noqa: ARG001 - the shape of every service
    """Ordering says facts only, so there is no state to say again."""
    return {}


def database_of(settings: Settings, process: str) -> Database:
    """The database under the run-time role; encrypted columns get their keys."""
    bind_column_keys(Keyring.parse(settings.column_keys))
    return Database(settings.database_url, application_name=f"{SERVICE} {process}", pool_size=10)


def equipment_of(settings: Settings, clock: Clock) -> Equipment:
    """What every unit of work shares."""
    links = Keyring.parse(settings.link_keys)
    keys = LinkKeys(links.current_id, {key_id: links.key(key_id) for key_id in links.key_ids})
    return Equipment(
        clock=clock,
        keyed_hash=KeyedHash(Keyring.parse(settings.hash_keys)),
        sealer=Sealer(Keyring.parse(settings.sealing_keys)),
        links=Links(settings.coupon_page_url.rstrip("/"), keys),
        choice_days=settings.choice_days,
        forecast_days=settings.forecast_days,
    )


def plan_rules_of(settings: Settings) -> PlanRules:
    """What anniversary plans are judged by."""
    return PlanRules(settings.placing(), KoreanAlmanac(), settings.plans_max)


def wire_consumers(settings: Settings, database: Database, clock: Clock) -> list[Consumer[PostgresUnitOfWork]]:
    """A consumer for each of this service's queues."""
    equipment = equipment_of(settings, clock)
    return [
        Consumer(
            queue,
            HANDLERS[queue.name],
            database=database,
            broker_url=settings.broker_url,
            clock=clock,
            unit_of_work=lambda session: PostgresUnitOfWork(session, equipment),
        )
        for queue in queues_of(SERVICE)
    ]


def wire_loops(settings: Settings, database: Database, clock: Clock, suppliers: Mapping[str, Supplier]) -> list[Loop]:
    """Issuing loops, and one each for revoking, asking how coupons stand, closed months, and anniversaries' orders."""
    equipment = equipment_of(settings, clock)
    transactions = UnitOfWorkFactory(database, lambda session: PostgresUnitOfWork(session, equipment))

    def say_month() -> bool:
        with transactions() as uow:
            return say_closed_month(uow)

    names = [f"{SERVICE}.issuing", *(f"{SERVICE}.issuing-{number}" for number in range(2, settings.issue_workers + 1))]
    return [
        *(issuing_loop(name, transactions, suppliers, settings.patience()) for name in names),
        revoking_loop(f"{SERVICE}.revoking", transactions, suppliers, settings.patience()),
        standing_loop(f"{SERVICE}.standings", transactions, suppliers, settings.standing_patience()),
        Loop(f"{SERVICE}.month-closing", say_month, idle_seconds=1.0, rung_by=("calendar",)),
        plans_loop(f"{SERVICE}.plans", transactions, plan_rules_of(settings)),
    ]


def _pruning_loop(settings: Settings, database: Database, clock: Clock) -> Loop:
    keyed_hash = equipment_of(settings, clock).keyed_hash

    def step() -> bool:
        with database.transaction() as session:
            codes = OneTimeCodes(session, clock, keyed_hash, settings.code_limits())
            return prune_expired(session, clock.now(), codes)

    return Loop(f"{SERVICE}.pruning", step, idle_seconds=PRUNING_SECONDS)


@dataclass(frozen=True)
class _MemberTransaction:
    uow: PostgresUnitOfWork
    views: PostgresOrderViews
    plan_views: PostgresPlanViews
    keys: IdempotencyKeys


def wire_api(settings: Settings, database: Database, clock: Clock, authenticator: Authenticator) -> WsgiApp:
    """Both applications over a database."""
    equipment = equipment_of(settings, clock)

    def for_members(session: Session) -> _MemberTransaction:
        uow = PostgresUnitOfWork(session, equipment)
        views = PostgresOrderViews(session)
        return _MemberTransaction(uow, views, PostgresPlanViews(session), IdempotencyKeys(session, clock))

    def for_recipients(session: Session) -> PostgresOpeningUnit:
        return PostgresOpeningUnit(session, equipment, settings.code_limits())

    polls = LongPolls(settings.waiting_requests_max)
    desk = MemberDesk(
        transaction=UnitOfWorkFactory(database, for_members),
        rules=settings.placing(),
        polls=polls,
        placing_wait_seconds=settings.placing_wait_seconds,
        poll_wait_seconds_max=settings.poll_wait_seconds_max,
    )
    plan_desk = PlanDesk(UnitOfWorkFactory(database, for_members), plan_rules_of(settings))
    return create_app(
        service=SERVICE,
        database=database,
        clock=clock,
        api_blueprints=[
            orders_blueprint(desk),
            home_blueprint(UnitOfWorkFactory(database, for_members), settings.home_lines_max),
            scheduled_blueprint(desk),
            plans_blueprint(plan_desk),
            plan_changes_blueprint(plan_desk),
            plan_files_blueprint(PlanRecipientWorkbooks(), plan_desk.rules, settings.recipients_file_bytes_max),
            previews_blueprint(desk),
            statements_blueprint(desk, settings.seller(), settings.statement_orders_max, statement_pdf),
            history_blueprint(desk, order_list, settings.resends_max),
            recipient_files_blueprint(RecipientWorkbooks(), desk.rules.limits, settings.recipients_file_bytes_max),
            recipient_blueprint(
                RecipientDesk(
                    transaction=UnitOfWorkFactory(database, for_recipients),
                    proof_seconds=settings.proof_seconds,
                    resend_seconds=settings.code_resend_seconds,
                    polls=polls,
                    standing_again_seconds=settings.standing_again_seconds,
                    standing_wait_seconds=settings.standing_wait_seconds,
                )
            ),
        ],
        admin_blueprints=[
            flagged_blueprint(UnitOfWorkFactory(database, for_members)),
            revocations_blueprint(UnitOfWorkFactory(database, for_members)),
            *plumbing_blueprints(database, producer=PRODUCER, clock=clock, republishers=republishers(settings)),
            *stepping_blueprints(Probe(SERVICE, database, clock, open_work()), settings),
        ],
        problems=PROBLEMS,
        authenticator=authenticator,
        settings=settings,
    )


def _giftishow_account(settings: Settings) -> GiftishowAccount:
    return GiftishowAccount(
        base_url=settings.supplier_url,
        auth_code=settings.supplier_auth_code,
        auth_token=settings.supplier_auth_token,
        user_id=settings.supplier_user_id,
        callback_number=settings.supplier_callback_number,
        is_trial=settings.supplier_is_trial,
        timeout_seconds=settings.supplier_timeout_seconds,
        in_flight_max=settings.supplier_in_flight_max,
        per_second_max=settings.supplier_per_second_max,
    )
