"""Running a baseline: its workers, an order placed for it, and the proof that it has done the work."""

import json
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from celery import Celery, Task
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from chassis.database import copy_rows
from headline import worker_settings as told
from headline.stand import PRICE_KRW, Journal, Stand, last_of, phone_of
from headline.tables import Base, Body, Line, Order, Wallet, engine_for
from launcher.environment import MARK
from launcher.process import Process, ProcessSpec
from launcher.suite import Suite

PROGRAM_FOLDER = Path(__file__).parents[1]
DATABASE = "bench"
BALANCE_KRW = 10**12
READY_SECONDS = 60.0
JOB_SECONDS = 900.0
POLL_SECONDS = 0.05
LINE_COLUMNS = ("id", "order_id", "line_no", "phone", "name", "company")
Row = Mapping[str, str]
WORKER_OPTIONS = ("--pool", "prefork", "--loglevel", "ERROR", "--without-gossip", "--without-mingle")


@dataclass(frozen=True)
class Baseline:
    """A Celery application whose workers run."""

    name: str
    reserve: Task
    in_bulk: bool
    engine: Engine
    database_url: str
    stand: Stand

    def seconds(self, recipients: int) -> float:
        """From the press to the last message handed over; the work is proven. Raises SystemExit when it is not."""
        body = order_body(recipients)
        journal = Journal(self.stand.url)
        began = time.time()
        order_id = self._place(body)
        self._wait(order_id, recipients)
        messages = journal.messages()
        self._prove(order_id, recipients, journal.coupons(), messages)
        return last_of(list(messages), "accepted_at") - began

    def _place(self, body: bytes) -> UUID:
        recipients = Body.model_validate_json(body).recipients
        order = Order(
            id=uuid4(),
            company_id=uuid4(),
            state="pending",
            recipients=len(recipients),
            amount_krw=PRICE_KRW * len(recipients),
        )
        lines = [
            (uuid4(), order.id, number, each.phone, each.name, each.company)
            for number, each in enumerate(recipients, 1)
        ]
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            session.add(Wallet(company_id=order.company_id, balance_krw=BALANCE_KRW))
            session.flush()
            session.add(order)
            session.flush()
            if self.in_bulk:
                copy_rows(session, Line.metadata.tables["lines"], LINE_COLUMNS, lines)
            else:
                session.add_all(Line(**dict(zip(LINE_COLUMNS, line, strict=True))) for line in lines)
        self.reserve.delay(str(order.id))
        return order.id

    def _wait(self, order_id: UUID, recipients: int) -> None:
        deadline = time.monotonic() + JOB_SECONDS
        with psycopg.connect(self.database_url, autocommit=True) as database:
            while True:
                row = database.execute("SELECT handed_over, state FROM orders WHERE id = %s", (order_id,)).fetchone()
                if row == (recipients, "sent"):
                    return
                if time.monotonic() > deadline:
                    raise SystemExit(f"the {self.name} baseline did not finish: {row}")
                time.sleep(POLL_SECONDS)

    def _prove(self, order_id: UUID, recipients: int, coupons: Sequence[Row], messages: Sequence[Row]) -> None:
        counted = {
            "coupons at the supplier": len({row["tr_id"] for row in coupons}),
            "messages at the provider": len({row["refkey"] for row in messages}),
        }
        with psycopg.connect(self.database_url) as database:
            for table in ("coupons", "messages"):
                rows = f"SELECT count(*) FROM {table} WHERE order_id = %s"  # noqa: S608 - names of ours
                counted[f"rows of {table}"] = _number(database, rows, order_id)
            entries = "SELECT coalesce(sum(amount_krw), 0) FROM entries WHERE order_id = %s"
            captured = _number(database, f"{entries} AND account = 'captured'", order_id)
            known = {row[0] for row in database.execute("SELECT tr_id FROM coupons WHERE order_id = %s", (order_id,))}
            balanced = _number(database, entries, order_id) == 0
        whole = set(counted.values()) == {recipients} and len(coupons) == len(messages) == recipients
        paid = balanced and captured == PRICE_KRW * recipients
        if not (whole and paid and known == {row["tr_id"] for row in coupons}):
            raise SystemExit(f"the {self.name} baseline has not done the work: {counted}, captured {captured} KRW")


def order_body(recipients: int) -> bytes:
    """The order as it comes in."""
    people = [{"phone": phone_of(number), "name": "홍길동", "company": "한빛"} for number in range(recipients)]
    return json.dumps({"send_title": "한빛상사 감사선물", "recipients": people}, ensure_ascii=False).encode()


def baselines_database_url(suite: Suite) -> str:
    """Where both baselines store."""
    return suite.postgres_url.rpartition("/")[0] + f"/{DATABASE}"


def _number(database: psycopg.Connection[tuple[Any, ...]], statement: str, order_id: UUID) -> int:
    row = database.execute(statement, (order_id,)).fetchone()  # type: ignore[call-overload]
    return int(row[0])


@contextmanager
def baselines(suite: Suite, stand: Stand) -> Iterator[dict[str, Baseline]]:
    """Both baselines with their workers, on the suite's own servers, in a database of their own."""
    with psycopg.connect(suite.postgres_url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {DATABASE}")  # type: ignore[arg-type]
    database_url = baselines_database_url(suite)
    engine = engine_for(database_url)
    Base.metadata.create_all(engine)
    os.environ |= {
        told.DATABASE_URL: database_url,
        told.BROKER_URL: suite.broker_url,
        told.SANDBOX_URL: stand.url,
        told.SANDBOX_TOKEN: stand.token(),
    }
    # They read the environment when they are imported, as Celery's workers do.
    from headline import naive, tuned

    try:
        with _workers(tuned.app, suite, concurrency=2), _workers(naive.app, suite, concurrency=4):
            yield {
                "tuned": Baseline(
                    "tuned", tuned.reserve, in_bulk=True, engine=engine, database_url=database_url, stand=stand
                ),
                "naive": Baseline(
                    "naive", naive.reserve, in_bulk=False, engine=engine, database_url=database_url, stand=stand
                ),
            }
    finally:
        engine.dispose()


@contextmanager
def _workers(app: Celery, suite: Suite, *, concurrency: int) -> Iterator[None]:
    name = app.main
    program = [sys.executable, "-m", "celery", "--quiet", "--app", f"headline.{name}", "worker"]
    options = ["--queues", f"bench.{name}", "--concurrency", str(concurrency), "--hostname", f"{name}@bench"]
    # Marked as the suite's, so that they are cleared away with it, also when this process is killed.
    environment = {**os.environ, MARK: str(suite.data), "PYTHONPATH": str(PROGRAM_FOLDER), "PYTHONWARNINGS": "ignore"}
    workers = Process(
        ProcessSpec(
            name=f"the {name} baseline's workers",
            argv=(*program, *options, *WORKER_OPTIONS),
            environment=environment,
            directory=PROGRAM_FOLDER,
            log=suite.logs / f"celery-{name}.log",
            ready=lambda: bool(app.control.ping([f"{name}@bench"], timeout=1)),
            ready_timeout_seconds=READY_SECONDS,
        )
    )
    workers.start()
    try:
        workers.wait_until_ready()
        yield
    finally:
        workers.kill()
