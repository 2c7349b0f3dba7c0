"""How fast messaging hands messages over, and how long a code takes while it does.

    ./coupbiz bench messages [MESSAGES] [bizppurio|solapi]

The server is that of tests. The sandbox answers at once, in a thread of this process: both rates bear its work.
First the bare calls that the wire needs for so many messages, then as many messages through the worker's loop:
claimed, handed over, recorded. The figure is the ratio of the two rates. Meanwhile one-time codes are put into their
lane, one after the other, and timed until the sandbox has them. The last line is one JSON object.
"""

import base64
import json
import secrets
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from pydantic import SecretStr

from chassis.chunks import ChunkCaller
from chassis.clock import SystemClock
from chassis.columns import bind_column_keys
from chassis.database import Database
from chassis.ids import new_id
from chassis.sealing import Keyring
from chassis.testing.postgres import TestDatabases, runtime_database
from chassis.worker import Loop
from launcher.servers import ladder
from messaging.application.ports import Batch, MessageProvider, Outgoing
from messaging.application.templates import DraftTemplate, JudgeTemplate, draft_template, record_approval
from messaging.domain.code import CodeChannel, OutgoingCode
from messaging.domain.delivery import Delivery
from messaging.main import loops, make_provider, migrations
from messaging.settings import Settings
from messaging.storage.unit_of_work import Transactions
from sandbox.testing import CREDENTIALS, RunningSandbox, running_sandbox

CHUNK = 100
TEMPLATE = uuid4()
APPROVED = ("BENCH_1", "감사", "감사 인사", "#{이름}님, 쿠폰이 도착했습니다.", "확인하러 가기")
CODE_PHONE = "0100000{number:04d}"
CODE_EVERY_SECONDS = 0.2


def main(arguments: Sequence[str]) -> int:
    """Hand messages over, bare and by the loop, and print the figures."""
    messages = int(arguments[0]) if arguments else 10_000
    name = arguments[1] if len(arguments) > 1 else "bizppurio"
    ladder.begin_run()
    databases = TestDatabases(ladder.server_for_tests("postgres"), "bench")
    try:
        with databases.clone(migrations()) as clone, tempfile.TemporaryDirectory() as folder:
            database = runtime_database(databases, clone, "messaging")
            try:
                with running_sandbox(Path(folder) / "sandbox") as world, ChunkCaller() as caller:
                    figures = _measure(database, world, caller, name, messages)
            finally:
                database.dispose()
    finally:
        databases.drop_templates()
        ladder.end_run()
    print(json.dumps({"provider": name, "messages": messages, **figures}))
    return 0


def _measure(
    database: Database, world: RunningSandbox, caller: ChunkCaller, name: str, messages: int
) -> dict[str, float]:
    settings = _settings(database, world, name)
    bind_column_keys(Keyring.parse(settings.column_keys))
    clock = SystemClock()
    transaction = Transactions(database, clock)
    provider = make_provider(settings, caller, clock)
    bare = _bare(provider, transaction, messages)
    _queue(transaction, messages)
    worker = {loop.name: loop for loop in loops(settings, database, clock, provider)}
    with _codes(worker["messaging.codes"], transaction) as waits:
        began = time.perf_counter()
        while worker["messaging.handover"].step():
            pass
        seconds = time.perf_counter() - began
    rate = messages / seconds
    print(f"  {name}: {rate:,.0f} messages a second, bare {bare:,.0f}, {rate / bare:.2f} of it")
    p95 = statistics.quantiles(waits, n=20)[-1] if len(waits) > 1 else max(waits, default=0.0)
    print(f"  codes meanwhile: {len(waits)}, median {statistics.median(waits) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms")
    return {
        "per_second": round(rate, 1),
        "bare_per_second": round(bare, 1),
        "to_bare": round(rate / bare, 3),
        "code_median_ms": round(statistics.median(waits) * 1000, 1),
        "code_p95_ms": round(p95 * 1000, 1),
    }


def _bare(provider: MessageProvider, transaction: Transactions, messages: int) -> float:
    """Messages a second by the calls alone, for the same bodies."""
    with transaction() as uow:
        draft_template(DraftTemplate(uuid4(), TEMPLATE, *APPROVED), uow)
        template = record_approval(JudgeTemplate(uuid4(), TEMPLATE, 1), APPROVED[0], uow)
    batch = _batch(0)
    chunks = [
        [Outgoing(each, template, batch.send_title) for each in _deliveries(batch, first, min(CHUNK, messages - first))]
        for first in range(0, messages, CHUNK)
    ]
    began = time.perf_counter()
    for chunk in chunks:
        provider.send(chunk)
    return messages / (time.perf_counter() - began)


def _queue(transaction: Transactions, messages: int) -> None:
    for first in range(0, messages, CHUNK):
        batch = _batch(first // CHUNK)
        with transaction() as uow:
            uow.deliveries.add(batch, _deliveries(batch, first, min(CHUNK, messages - first)))


def _batch(chunk_no: int) -> Batch:
    return Batch(
        id=new_id(),
        order_id=uuid4(),
        company_id=uuid4(),
        chunk_no=chunk_no,
        wave=0,
        template_id=TEMPLATE,
        template_version=1,
        send_title="한빛상사 감사선물",
        requested_at=SystemClock().now(),
    )


def _deliveries(batch: Batch, first: int, count: int) -> list[Delivery]:
    return [
        Delivery(
            id=new_id(),
            batch_id=batch.id,
            line_id=uuid4(),
            phone=f"0100000{number % 10_000:04d}",
            text="홍길동님, 쿠폰이 도착했습니다.",
            link=f"https://coup.example/c/{number:022d}",
        )
        for number in range(first, first + count)
    ]


@contextmanager
def _codes(loop: Loop, transaction: Transactions) -> Iterator[list[float]]:
    """Until the block ends, one code after the other; how long each took until the provider had it."""
    waits: list[float] = []
    over = threading.Event()

    def send() -> None:
        number = 0
        while not over.is_set():
            began = time.perf_counter()
            with transaction() as uow:
                expires_at = uow.now() + timedelta(minutes=3)
                phone = CODE_PHONE.format(number=number % 10_000)
                uow.codes.add(OutgoingCode(new_id(), "login", CodeChannel.SMS, phone, "482913", expires_at))
            while not loop.step():
                pass
            waits.append(time.perf_counter() - began)
            number += 1
            over.wait(CODE_EVERY_SECONDS)

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    try:
        yield waits
    finally:
        over.set()
        thread.join()


def _settings(database: Database, world: RunningSandbox, name: str) -> Settings:
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    keyring = SecretStr(json.dumps({"current": "bench", "keys": {"bench": key}}))
    return Settings(
        environment="test",
        api_port=1,
        admin_port=2,
        database_url=SecretStr(database.engine.url.render_as_string(hide_password=False)),
        migrations_database_url=SecretStr("postgresql://unused"),
        broker_url=SecretStr("amqp://unused"),
        token_keys_url="http://unused",  # noqa: S106 - an address
        sealing_keys=keyring,
        column_keys=keyring,
        hash_keys=keyring,
        provider=name,
        provider_url=f"{world.url}/{name}",
        provider_account=CREDENTIALS.message_account,
        provider_password=SecretStr(CREDENTIALS.message_password),
        provider_sender_key=SecretStr("s" * 40),
        channels_url=f"{world.url}/kapi",
        channels_business_id=CREDENTIALS.message_account,
        channels_api_key=SecretStr(CREDENTIALS.message_password),
        webhook_secret=SecretStr("unused"),
        smtp_host="127.0.0.1",
        smtp_port=world.smtp_port,
        mail_from="no-reply@coupbiz.example",
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
