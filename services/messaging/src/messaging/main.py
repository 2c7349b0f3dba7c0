"""Messaging, wired: the only place that knows every part."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from chassis import crash
from chassis.chunks import ChunkCaller
from chassis.clock import Clock, clock_from
from chassis.columns import KeyedHash, bind_column_keys
from chassis.consumer import Consumer
from chassis.database import Database
from chassis.migrations import Migrations
from chassis.plumbing_admin import plumbing_blueprints
from chassis.relay import Relay
from chassis.republish import Republish
from chassis.sealing import Keyring, Sealer
from chassis.stepping import Probe, stepping_blueprints
from chassis.tokens import Authenticator
from chassis.web import WsgiApp, create_app
from chassis.worker import Loop, Worker
from contracts.queues import queues_of
from messaging.adapters.bizppurio import Bizppurio, BizppurioAccount
from messaging.adapters.kapi import Kapi
from messaging.adapters.kapi_templates import KapiTemplates, TemplateDesk
from messaging.adapters.kapi_wire import KapiAccount, KapiWire
from messaging.adapters.lunar import KoreanLunarDates
from messaging.adapters.rates import Rates
from messaging.adapters.sealed import SealedValues
from messaging.adapters.smtp import MailServer, SmtpMailer
from messaging.adapters.solapi import Solapi, SolapiAccount
from messaging.api.address_book import address_book_blueprint
from messaging.api.contact_imports import contact_imports_blueprint
from messaging.api.contacts import contacts_blueprint
from messaging.api.deliveries import deliveries_blueprint
from messaging.api.message_previews import message_previews_blueprint
from messaging.api.notifications import notifications_blueprint
from messaging.api.problems import PROBLEMS
from messaging.api.reports import reports_admin_blueprint, reports_blueprint
from messaging.api.sender_profiles import sender_profiles_blueprint
from messaging.api.templates import templates_admin_blueprint, templates_blueprint
from messaging.application.codes import CodeTexts, SendCodes, by_mail, by_sms
from messaging.application.contact_imports import forget_imports
from messaging.application.handover import HandOverDeliveries
from messaging.application.mails import SendMails
from messaging.application.notification_ports import NotificationTransaction
from messaging.application.notifications import Notifying
from messaging.application.ports import MessageProvider, Transaction
from messaging.application.report_loops import ApplyReports, EndWaiting, FetchReports
from messaging.application.sender_profiles import CheckProfiles
from messaging.application.sending_notices import SendNotices
from messaging.application.template_inspection import InspectTemplates
from messaging.consumers.queues import lane_handlers
from messaging.documents.contact_workbooks import ContactWorkbooks
from messaging.documents.mails import JinjaMailTexts
from messaging.documents.notification_texts import ServiceNotices
from messaging.domain.code import CodeChannel
from messaging.domain.delivery import Channel
from messaging.settings import Settings
from messaging.storage.address_book_work import AddressBookTransactions
from messaging.storage.notifications import NotificationTransactions, PostgresNotificationWork
from messaging.storage.open_work import open_work
from messaging.storage.sender_profiles import PostgresSenderProfileWork, SenderProfileTransactions
from messaging.storage.tables import metadata
from messaging.storage.templates import templates_to_republish
from messaging.storage.unit_of_work import PostgresUnitOfWork, Transactions

SERVICE = "messaging"
CODE_SMS = "[{service}] 인증번호 {code}를 입력해 주세요. 타인에게 알려 주지 마세요."
"""At most 90 bytes in the networks' character set, whatever the code."""
CODES_AT_ONCE = 50
NOTICES_AT_ONCE = 10
REPUBLISH_BATCH_ROWS = 100
GIVE_UP_IDLE_SECONDS = 5.0
FALLBACK_IDLE_SECONDS = 0.5
HOUSEKEEPING_IDLE_SECONDS = 60.0
FORGOTTEN_AT_ONCE = 20


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
    transaction = Transactions(database, clock)
    work = open_work(settings.delivery_rules.report_wait)
    books = _address_books(settings, database, clock)
    lunar = KoreanLunarDates()
    return create_app(
        service=SERVICE,
        database=database,
        clock=clock,
        api_blueprints=(
            templates_blueprint(transaction),
            message_previews_blueprint(transaction, fallback_number=settings.fallback_number),
            reports_blueprint(transaction, make_provider(settings, ChunkCaller(), clock), settings.webhook_secret),
            address_book_blueprint(books),
            contacts_blueprint(books, lunar),
            contact_imports_blueprint(books, ContactWorkbooks(), lunar),
            notifications_blueprint(NotificationTransactions(database, clock)),
            sender_profiles_blueprint(SenderProfileTransactions(database, clock), make_channels(settings)),
        ),
        admin_blueprints=(
            templates_admin_blueprint(transaction, submits=submits_templates(settings)),
            deliveries_blueprint(transaction),
            reports_admin_blueprint(transaction),
            *plumbing_blueprints(database, producer=SERVICE, clock=clock, republishers=republishers(settings)),
            *stepping_blueprints(Probe(SERVICE, database, clock, work), settings),
        ),
        problems=PROBLEMS,
        authenticator=Authenticator(settings.token_keys_url, database, clock=clock),
        settings=settings,
    )


def create_worker(settings: Settings) -> Worker:
    """Consumers, and the loops that hand messages, codes and mails over and read reports."""
    clock = clock_from(settings.clock_url)
    database = _database(settings)
    caller = ChunkCaller()
    provider = make_provider(settings, caller, clock)
    return Worker(
        consumers(settings, database, clock),
        loops(settings, database, clock, provider),
        clock=clock,
        on_stop=(caller.close,),
    )


def create_relay(settings: Settings) -> Relay:
    """The outbox's way to the broker."""
    return Relay(_database(settings), settings.broker_url, producer=SERVICE)


def republishers(settings: Settings) -> Mapping[str, Republish]:
    """The templates, which ordering copies."""
    clock = clock_from(settings.clock_url)

    def batches(session: Session) -> Any:
        return templates_to_republish(session, REPUBLISH_BATCH_ROWS)

    return {"templates": Republish("templates", batches, database=_database(settings), producer=SERVICE, clock=clock)}


def consumers(settings: Settings, database: Database, clock: Clock) -> list[Consumer[Any]]:
    """A consumer for each queue."""
    opener = SealedValues(Sealer(Keyring.parse(settings.sealing_keys)))
    texts = _mail_texts(settings)
    notifying = Notifying(opener, texts, ServiceNotices(), settings.night_hours)
    handlers = lane_handlers(opener, texts, notifying)
    works: dict[str, Callable[[Session], Any]] = {
        "control": lambda session: session,
        "state": lambda session: PostgresSenderProfileWork(session, clock),
        "members": lambda session: PostgresNotificationWork(session, clock),
        "notices": lambda session: PostgresNotificationWork(session, clock),
    }
    return [
        Consumer(
            queue,
            handlers[queue.lane],
            database=database,
            broker_url=settings.broker_url,
            clock=clock,
            unit_of_work=works.get(queue.lane, lambda session: PostgresUnitOfWork(session, clock)),
        )
        for queue in queues_of(SERVICE)
    ]


def loops(settings: Settings, database: Database, clock: Clock, provider: MessageProvider) -> list[Loop]:
    """What messaging does by itself."""
    return [
        *message_loops(settings, Transactions(database, clock), provider),
        notice_loop(settings, NotificationTransactions(database, clock), provider),
        housekeeping(_address_books(settings, database, clock)),
        profile_check(settings, SenderProfileTransactions(database, clock)),
        *template_inspection(settings, Transactions(database, clock)),
    ]


def message_loops(settings: Settings, transaction: Transaction, provider: MessageProvider) -> list[Loop]:
    """Messages, codes and mails, handed over; and reports, read."""
    lease = timedelta(seconds=settings.lease_seconds)
    rules = settings.delivery_rules
    hand_over, fall_back = (
        HandOverDeliveries(
            transaction,
            provider,
            rules,
            sent_as=sent_as,
            rows_max=settings.chunk_messages,
            lease=lease,
            crash_point=_points(loop),
        )
        for loop, sent_as in (("messaging.handover", Channel.ALIMTALK), ("messaging.fallback", Channel.MMS))
    )
    sms = by_sms(provider, CodeTexts(settings.service_name, CODE_SMS))
    code_mails = by_mail(_mailer(settings, None), _mail_texts(settings))
    send_sms, send_code_mails = (
        SendCodes(
            transaction,
            channel,
            post,
            rows_max=rows_max,
            retry_after=timedelta(seconds=settings.code_retry_seconds),
            crash_point=_points(loop),
        )
        for loop, channel, post, rows_max in (
            ("messaging.codes", CodeChannel.SMS, sms, CODES_AT_ONCE),
            ("messaging.code_mails", CodeChannel.MAIL, code_mails, 1),
        )
    )
    mailer = _mailer(settings, settings.mail_per_second_max)
    send_mails = SendMails(transaction, mailer, lease=lease, crash_point=_points("messaging.mails"))

    fetch = FetchReports(transaction, provider, crash_point=_points("messaging.fetch"))
    apply = ApplyReports(
        transaction, provider, rules, rows_max=settings.reports_rows_max, crash_point=_points("messaging.reports")
    )
    end_waiting = EndWaiting(transaction, rules, rows_max=settings.reports_rows_max)
    return [
        Loop(
            "messaging.handover",
            hand_over,
            crash_points=("after_claim", "after_call", "after_record"),
            rung_by=("bulk",),
        ),
        # They are the same work in more threads, and pass the same crash points.
        *(
            Loop(f"messaging.handover-{number}", hand_over, rung_by=("bulk",))
            for number in range(2, settings.handover_workers + 1)
        ),
        Loop(
            "messaging.fallback",
            fall_back,
            idle_seconds=FALLBACK_IDLE_SECONDS,
            crash_points=("after_claim", "after_call", "after_record"),
        ),
        Loop(
            "messaging.codes",
            send_sms,
            idle_seconds=0.1,
            crash_points=("after_claim", "after_call"),
            rung_by=("codes",),
        ),
        Loop(
            "messaging.code_mails",
            send_code_mails,
            idle_seconds=0.1,
            crash_points=("after_claim", "after_call"),
            rung_by=("codes",),
        ),
        Loop("messaging.mails", send_mails, crash_points=("after_claim", "after_call"), rung_by=("mail", "notices")),
        Loop("messaging.fetch", fetch, idle_seconds=settings.report_poll_seconds, crash_points=("after_store",)),
        Loop(
            "messaging.reports",
            apply,
            idle_seconds=settings.reports_gather_seconds,
            crash_points=("before_commit",),
        ),
        Loop("messaging.waiting", end_waiting, idle_seconds=GIVE_UP_IDLE_SECONDS),
    ]


def housekeeping(books: AddressBookTransactions) -> Loop:
    """Forgets the results of imports that nobody will fetch any more."""

    def forget() -> bool:
        with books() as work:
            return forget_imports(FORGOTTEN_AT_ONCE, work) > 0

    return Loop("messaging.housekeeping", forget, idle_seconds=HOUSEKEEPING_IDLE_SECONDS)


def notice_loop(settings: Settings, transaction: NotificationTransaction, provider: MessageProvider) -> Loop:
    """Hands members' alimtalks to the provider."""
    send = SendNotices(
        transaction,
        provider,
        rows_max=NOTICES_AT_ONCE,
        retry_after=timedelta(seconds=settings.notice_retry_seconds),
        crash_point=_points("messaging.telling"),
    )
    return Loop("messaging.telling", send, crash_points=("after_claim", "after_call"), rung_by=("notices",))


def profile_check(settings: Settings, profiles: SenderProfileTransactions) -> Loop:
    """Asks how each sender profile stands."""
    every = timedelta(minutes=settings.channel_check_minutes)
    return Loop(
        "messaging.profiles",
        CheckProfiles(profiles, make_channels(settings), every),
        idle_seconds=HOUSEKEEPING_IDLE_SECONDS,
    )


def submits_templates(settings: Settings) -> bool:
    """Whether templates are inspected by whom the messages go over."""
    return settings.provider == "bizppurio"


def template_inspection(settings: Settings, transaction: Transaction) -> list[Loop]:
    """Has submitted templates inspected."""
    if not submits_templates(settings):
        return []
    desk = TemplateDesk(
        settings.provider_sender_key.get_secret_value(), settings.template_category, settings.template_button_link
    )
    every = timedelta(seconds=settings.template_check_seconds)
    inspect = InspectTemplates(
        transaction,
        KapiTemplates(_channel_wire(settings), desk),
        every,
        # A turn makes three calls at most.
        lease=timedelta(seconds=settings.lease_seconds + 3 * settings.channels_timeout_seconds),
        crash_point=_points("messaging.templates"),
    )
    idle_seconds = min(settings.template_check_seconds, HOUSEKEEPING_IDLE_SECONDS)
    points = ("after_claim", "after_call")
    return [Loop("messaging.templates", inspect, idle_seconds=idle_seconds, crash_points=points)]


def _points(loop: str) -> Callable[[str], None]:
    return lambda step: crash.point(f"{loop}.{step}")


def _database(settings: Settings) -> Database:
    bind_column_keys(Keyring.parse(settings.column_keys))
    return Database(settings.database_url, application_name=SERVICE)


def _address_books(settings: Settings, database: Database, clock: Clock) -> AddressBookTransactions:
    return AddressBookTransactions(database, clock, KeyedHash(Keyring.parse(settings.hash_keys)))


def make_provider(settings: Settings, caller: ChunkCaller, clock: Clock) -> MessageProvider:
    """The message provider, by the settings."""
    rates = Rates.of(
        alimtalk=settings.alimtalk_per_second_max, mms=settings.mms_per_second_max, sms=settings.sms_per_second_max
    )
    if settings.provider == "solapi":
        return Solapi(
            SolapiAccount(
                base_url=settings.provider_url.rstrip("/"),
                api_key=settings.provider_account,
                api_secret=settings.provider_password.get_secret_value(),
                channel_id=settings.provider_sender_key.get_secret_value(),
                sender_number=settings.fallback_number,
                webhook_secret=settings.webhook_secret.get_secret_value(),
                falls_back=settings.provider_falls_back,
                in_flight_max=settings.loop_in_flight_max,
                rates=rates,
                timeout_seconds=settings.provider_timeout_seconds,
            ),
            caller,
            clock.now,
        )
    return Bizppurio(
        BizppurioAccount(
            base_url=settings.provider_url.rstrip("/"),
            account=settings.provider_account,
            password=settings.provider_password.get_secret_value(),
            sender_key=settings.provider_sender_key.get_secret_value(),
            fallback_number=settings.fallback_number,
            falls_back=settings.provider_falls_back,
            in_flight_max=settings.loop_in_flight_max,
            rates=rates,
            timeout_seconds=settings.provider_timeout_seconds,
        ),
        caller,
    )


def make_channels(settings: Settings) -> Kapi:
    """The channel provider, by the settings."""
    return Kapi(_channel_wire(settings))


def _channel_wire(settings: Settings) -> KapiWire:
    return KapiWire(
        KapiAccount(
            base_url=settings.channels_url.rstrip("/"),
            business_id=settings.channels_business_id,
            api_key=settings.channels_api_key.get_secret_value(),
            timeout_seconds=settings.channels_timeout_seconds,
        )
    )


def _mailer(settings: Settings, per_second_max: float | None) -> SmtpMailer:
    return SmtpMailer(
        MailServer(
            host=settings.smtp_host,
            port=settings.smtp_port,
            sender=settings.mail_from,
            sender_name=settings.service_name,
            timeout_seconds=settings.smtp_timeout_seconds,
            user=settings.smtp_user,
            password=settings.smtp_password.get_secret_value(),
            starttls=settings.smtp_starttls,
        ),
        per_second_max=per_second_max,
    )


def _mail_texts(settings: Settings) -> JinjaMailTexts:
    return JinjaMailTexts(settings.service_name, settings.customer_centre)
