"""Wires the outside world together: one HTTP application and one SMTP sink over one memory."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass, replace

import orjson
from aiohttp import web

from sandbox.bizppurio import Bizppurio
from sandbox.clock import Clock
from sandbox.control import Control
from sandbox.control_vendors import VendorControl
from sandbox.faults import Faults
from sandbox.giftishow import Giftishow
from sandbox.journal import Journal
from sandbox.kapi import Kapi
from sandbox.mail import MailSink
from sandbox.message_desk import MessageDesk
from sandbox.nts import TaxOffice
from sandbox.records import Store
from sandbox.reports import ReportOutbox
from sandbox.settings import Settings
from sandbox.solapi import Solapi
from sandbox.supplier_stock import SupplierStock
from sandbox.toss import Toss
from sandbox.toss_bank import TossBank
from sandbox.toss_ledger import TossLedger
from sandbox.toss_webhooks import TossWebhooks
from sandbox.toss_window import TossWindow
from sandbox.views import Views
from sandbox.wire import BODY_BYTES_MAX, Wire

SHUTDOWN_SECONDS = 1.0
BACKLOG = 1024


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The assembled parts, and the addresses they answer at."""

    app: web.Application
    clock: Clock
    store: Store
    journal: Journal
    reports: ReportOutbox
    ledger: TossLedger
    mail: MailSink


@dataclass(frozen=True, slots=True)
class Running:
    """A sandbox that answers."""

    http_port: int
    smtp_port: int
    _sandbox: Sandbox
    _runner: web.AppRunner
    _smtp: asyncio.Server

    async def stop(self) -> None:
        """Stop answering, and write out what is buffered."""
        self._smtp.close()
        await self._runner.cleanup()
        self._sandbox.clock.stop()
        await self._sandbox.reports.stop()
        self._sandbox.journal.close()
        self._sandbox.store.close()


def assemble(settings: Settings) -> Sandbox:
    """Build every vendor over one clock, memory, journal and report outbox."""
    app = web.Application(client_max_size=BODY_BYTES_MAX)
    clock = Clock()
    store = Store(settings.data_dir)
    journal = Journal(settings.data_dir)
    faults = Faults()
    reports = ReportOutbox(clock, store, faults, settings.report_retry_scale, settings.report_concurrency)
    webhooks = TossWebhooks(settings, clock, reports)
    ledger = TossLedger(clock, store, webhooks)
    desk = MessageDesk(settings, clock, store, reports)
    stock = SupplierStock(clock, store, settings.bizmoney_krw)
    mail = MailSink(clock, store, settings.slow_mail_seconds)
    message_provider = Bizppurio(settings, clock, store, desk)
    supplier = Giftishow(settings, store, stock, desk)
    tax_office = TaxOffice(settings, store)
    channels = Kapi(settings, clock, store, desk)

    wire = Wire(app, clock, faults, journal, settings.hang_seconds)
    Toss(settings, clock, store, ledger, webhooks).serve_on(wire)
    TossWindow(clock, ledger).serve_on(wire)
    TossBank(clock, ledger, webhooks).serve_on(wire)
    message_provider.serve_on(wire)
    supplier.serve_on(wire)
    tax_office.serve_on(wire)
    channels.serve_on(wire)
    Solapi(settings, clock, desk).serve_on(wire)
    Views(mail, desk).serve_on(app)
    Control(
        clock=clock,
        store=store,
        journal=journal,
        faults=faults,
        reports=reports,
        ledger=ledger,
        stock=stock,
        desk=desk,
        mail=mail,
    ).serve_on(app)
    VendorControl(
        clock=clock,
        ledger=ledger,
        webhooks=webhooks,
        message_provider=message_provider,
        desk=desk,
        supplier=supplier,
        stock=stock,
        tax_office=tax_office,
        channels=channels,
    ).serve_on(app)

    if settings.goods_file is not None:
        stock.put_goods(orjson.loads(settings.goods_file.read_bytes()))
    return Sandbox(app, clock, store, journal, reports, ledger, mail)


async def start(settings: Settings) -> Running:
    """Bind both ports, then answer on them. Port 0 takes any free one."""
    http_socket = socket.create_server((settings.host, settings.http_port), backlog=BACKLOG)
    http_port = int(http_socket.getsockname()[1])
    if not settings.public_url:
        settings = replace(settings, public_url=f"http://{settings.host}:{http_port}")
    sandbox = assemble(settings)
    loop = asyncio.get_running_loop()
    smtp = await loop.create_server(sandbox.mail.protocol, settings.host, settings.smtp_port)
    await sandbox.reports.start()
    sandbox.ledger.resume()
    sandbox.clock.start(loop)
    runner = web.AppRunner(sandbox.app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    await web.SockSite(runner, http_socket, backlog=BACKLOG).start()
    return Running(http_port, int(smtp.sockets[0].getsockname()[1]), sandbox, runner, smtp)
