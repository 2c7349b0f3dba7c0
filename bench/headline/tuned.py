"""The tuned baseline: Celery as somebody would write it who knows the job. Chunks of 100, COPY and single statements.

The HTTP client is the suite's own. It has neither outbox nor inbox, encrypts nothing, and a task that dies in the
middle is done twice; acknowledgement is late and publishing confirmed, so that at least none is lost.
"""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import psycopg

from chassis.answers import Response
from chassis.chunks import ChunkCaller
from headline import worker_settings as told
from headline.stand import LINK, MESSAGE, PRICE_KRW, issue_call, message_call, new_tr_id

CHUNK_LINES = 100
IN_FLIGHT = 100

app = told.celery_app("tuned", prefetch=2)

_LINES = "SELECT id, phone FROM lines WHERE order_id = %s AND line_no BETWEEN %s AND %s ORDER BY line_no"
_RESERVE = """
    WITH ordered AS (SELECT company_id, amount_krw FROM orders WHERE id = %(order)s AND state = 'pending'),
    held AS (
      UPDATE wallets SET balance_krw = balance_krw - amount_krw, held_krw = held_krw + amount_krw
      FROM ordered WHERE wallets.company_id = ordered.company_id AND balance_krw >= amount_krw
      RETURNING amount_krw
    ), entered AS (
      INSERT INTO entries (id, order_id, account, amount_krw)
      SELECT gen_random_uuid(), %(order)s, account, sign * amount_krw
      FROM held, (VALUES ('balance', -1), ('held', 1)) AS side (account, sign)
    )
    UPDATE orders SET state = 'sending' FROM held WHERE id = %(order)s RETURNING recipients
"""
_CAPTURE = """
    WITH taken AS (
      UPDATE wallets SET held_krw = held_krw - %(amount)s
      WHERE company_id = (SELECT company_id FROM orders WHERE id = %(order)s)
    )
    INSERT INTO entries (id, order_id, account, amount_krw)
    VALUES (gen_random_uuid(), %(order)s, 'held', -%(amount)s), (gen_random_uuid(), %(order)s, 'captured', %(amount)s)
"""
_COUNT = """
    UPDATE orders SET handed_over = handed_over + %(messages)s,
      state = CASE WHEN handed_over + %(messages)s = recipients THEN 'sent' ELSE state END
    WHERE id = %(order)s
"""


@cache
def _database() -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(os.environ[told.DATABASE_URL])


@cache
def _caller() -> ChunkCaller:
    return ChunkCaller()


@app.task
def reserve(order_id: str) -> None:
    """Hold the order's money and start its chunks."""
    database = _database()
    with database.transaction():
        found = database.execute(_RESERVE, {"order": UUID(order_id)}).fetchone()
    if found is None:
        raise RuntimeError("the order cannot be paid")
    with app.producer_pool.acquire(block=True) as producer:
        for chunk_no in range(-(-found[0] // CHUNK_LINES)):
            issue.apply_async((order_id, chunk_no), producer=producer)


@app.task
def issue(order_id: str, chunk_no: int) -> None:
    """Have a chunk's coupons issued, and capture their price."""
    database = _database()
    lines = _lines(database, order_id, chunk_no)
    tr_ids = [new_tr_id() for _ in lines]
    url = os.environ[told.SANDBOX_URL]
    calls = [issue_call(url, tr_id, phone) for tr_id, (_, phone) in zip(tr_ids, lines, strict=True)]
    answers = _caller().call_all(calls, in_flight_max=IN_FLIGHT)
    numbers = [_well(answer)["result"]["result"]["pinNo"] for answer in answers]
    now = datetime.now(UTC)
    with database.transaction(), database.cursor() as cursor:
        with cursor.copy("COPY coupons (line_id, order_id, tr_id, number, issued_at) FROM STDIN") as copy:
            for (line_id, _), tr_id, number in zip(lines, tr_ids, numbers, strict=True):
                copy.write_row((line_id, order_id, tr_id, number, now))
        cursor.execute(_CAPTURE, {"order": UUID(order_id), "amount": PRICE_KRW * len(lines)})
    hand_over.delay(order_id, chunk_no)


@app.task
def hand_over(order_id: str, chunk_no: int) -> None:
    """Hand a chunk's messages over."""
    database = _database()
    lines = _lines(database, order_id, chunk_no)
    url, token = os.environ[told.SANDBOX_URL], os.environ[told.SANDBOX_TOKEN]
    calls = [message_call(url, token, uuid4().hex, phone) for _, phone in lines]
    for answer in _caller().call_all(calls, in_flight_max=IN_FLIGHT):
        _well(answer)
    with database.transaction(), database.cursor() as cursor:
        with cursor.copy("COPY messages (line_id, order_id, phone, text, link, state) FROM STDIN") as copy:
            for line_id, phone in lines:
                copy.write_row((line_id, order_id, phone, MESSAGE, LINK, "handed_over"))
        cursor.execute(_COUNT, {"order": UUID(order_id), "messages": len(lines)})


def _lines(database: psycopg.Connection[tuple[Any, ...]], order_id: str, chunk_no: int) -> Sequence[tuple[UUID, str]]:
    first = chunk_no * CHUNK_LINES + 1
    with database.transaction():
        found = database.execute(_LINES, (UUID(order_id), first, first + CHUNK_LINES - 1)).fetchall()
    return [(row[0], row[1]) for row in found]


def _well(answer: object) -> Any:
    if not isinstance(answer, Response) or not answer.ok:
        raise RuntimeError("a call failed")
    return answer.json()
