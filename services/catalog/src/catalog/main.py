"""The catalogue, wired: the only place that knows every part."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from catalog.api.admin import admin_blueprint
from catalog.api.banners import banners_admin_blueprint, banners_blueprint
from catalog.api.carts import carts_blueprint
from catalog.api.editing import editing_blueprint
from catalog.api.images import Pictures, images_blueprint
from catalog.api.popular import popular_admin_blueprint, popular_blueprint
from catalog.api.problems import PROBLEMS
from catalog.api.products import products_blueprint
from catalog.api.quotes import quotes_blueprint
from catalog.api.sheets import product_list_blueprint, sheets_admin_blueprint
from catalog.application.documents import ProductWorkbooks, QuoteDocuments
from catalog.application.popularity import forget_old_issues
from catalog.consumers.queues import HANDLERS
from catalog.documents.pictures import scaled
from catalog.documents.product_sheets import product_list, product_sheet, read_sheet
from catalog.documents.quote_pdf import quote_pdf
from catalog.documents.quote_xlsx import quote_workbook
from catalog.settings import Settings
from catalog.storage.tables import metadata
from catalog.storage.unit_of_work import PostgresUnitOfWork, Transactions
from catalog.storage.views import offers_to_republish
from chassis.clock import Clock, clock_from
from chassis.consumer import Consumer
from chassis.database import Database
from chassis.files import file_store_from
from chassis.migrations import Migrations
from chassis.plumbing_admin import plumbing_blueprints
from chassis.relay import Relay
from chassis.republish import Republish
from chassis.stepping import Probe, stepping_blueprints
from chassis.tokens import Authenticator
from chassis.web import WsgiApp, create_app
from chassis.worker import Loop, Worker
from contracts.queues import queues_of

SERVICE = "catalog"
FORGETTING_SECONDS = 600.0


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
    pictures = Pictures(file_store_from(settings), scaled)
    workbooks = ProductWorkbooks(product_list, product_sheet, read_sheet)
    transaction = Transactions(database, clock, settings.rules())
    return create_app(
        service=SERVICE,
        database=database,
        clock=clock,
        api_blueprints=(
            products_blueprint(transaction),
            product_list_blueprint(transaction, workbooks),
            banners_blueprint(transaction),
            popular_blueprint(transaction),
            carts_blueprint(transaction, lines_max=settings.cart_lines_max),
            quotes_blueprint(transaction, settings.supplier(), QuoteDocuments(quote_pdf, quote_workbook)),
            images_blueprint(pictures),
        ),
        admin_blueprints=(
            admin_blueprint(transaction, pictures, image_bytes_max=settings.image_bytes_max),
            editing_blueprint(transaction),
            sheets_admin_blueprint(transaction, workbooks, sheet_bytes_max=settings.sheet_bytes_max),
            popular_admin_blueprint(transaction),
            banners_admin_blueprint(transaction, pictures, image_bytes_max=settings.image_bytes_max),
            *plumbing_blueprints(database, producer=SERVICE, clock=clock, republishers=republishers(settings)),
            *stepping_blueprints(Probe(SERVICE, database, clock), settings),
        ),
        problems=PROBLEMS,
        authenticator=Authenticator(settings.token_keys_url, database, clock=clock),
        settings=settings,
    )


def create_worker(settings: Settings) -> Worker:
    """The consumers, and what forgets old counts."""
    clock, database = clock_from(settings.clock_url), _database(settings)
    transaction = Transactions(database, clock, settings.rules())

    def forget() -> bool:
        with transaction() as uow:
            return forget_old_issues(uow)

    forgetting = Loop(f"{SERVICE}.forgetting", forget, idle_seconds=FORGETTING_SECONDS)
    return Worker(consumers(settings, database, clock), [forgetting], clock=clock)


def create_relay(settings: Settings) -> Relay:
    """The outbox's way to the broker."""
    return Relay(_database(settings), settings.broker_url, producer=SERVICE)


def republishers(settings: Settings) -> Mapping[str, Republish]:
    """The offers, which ordering copies."""
    batches = partial(offers_to_republish, batch_rows=settings.republish_batch_rows)
    clock = clock_from(settings.clock_url)
    return {"offers": Republish("offers", batches, database=_database(settings), producer=SERVICE, clock=clock)}


def consumers(settings: Settings, database: Database, clock: Clock) -> list[Consumer[PostgresUnitOfWork]]:
    """A consumer for each queue."""
    rules = settings.rules()
    return [
        Consumer(
            queue,
            HANDLERS[queue.name],
            database=database,
            broker_url=settings.broker_url,
            clock=clock,
            unit_of_work=lambda session: PostgresUnitOfWork(session, clock, rules),
        )
        for queue in queues_of(SERVICE)
    ]


def _database(settings: Settings) -> Database:
    return Database(settings.database_url, application_name=SERVICE)
