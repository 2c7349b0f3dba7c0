"""The raw floors: each thing that the job cannot do without, done as barely as this machine can, one after another.

Nothing overlaps, and nothing is encrypted, checked, counted or kept safe beyond what the line itself says.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

import kombu
import psycopg

from chassis.answers import Response
from chassis.broker import ConfirmedPublisher, Outgoing, connected
from chassis.chunks import Call, ChunkCaller
from headline.baselines import LINE_COLUMNS, baselines_database_url, order_body
from headline.stand import LINK, MESSAGE, PRICE_KRW, Stand, issue_call, message_call, new_tr_id, phone_of
from headline.tables import Body
from launcher.suite import Suite

CHUNK_LINES = 100
IN_FLIGHT = 100
EVENT_HOPS = 4
"""Money asked for and held are one a side; issued coupons, requests for messages and reports are one a chunk."""
QUEUE = "bench.floor"
EVENT_BYTES = 10_000
COPY_LINES = f"COPY lines ({', '.join(LINE_COLUMNS)}) FROM STDIN"
COPY_COUPONS = "COPY coupons (line_id, order_id, tr_id, number, issued_at) FROM STDIN"
COPY_MESSAGES = "COPY messages (line_id, order_id, phone, text, link, state) FROM STDIN"
MOVE = """
    WITH moved AS (UPDATE wallets SET balance_krw = balance_krw - %(amount)s WHERE company_id = %(company)s)
    INSERT INTO entries (id, order_id, account, amount_krw)
    VALUES (gen_random_uuid(), %(order)s, 'held', -%(amount)s), (gen_random_uuid(), %(order)s, 'captured', %(amount)s)
"""

Connection = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True)
class Floors:
    """A database, a broker and an outside world to measure on."""

    database: Connection
    broker_url: str
    caller: ChunkCaller
    stand: Stand

    def seconds(self, recipients: int) -> Mapping[str, float]:
        """Each floor's seconds for an order of so many recipients."""
        chunks = -(-recipients // CHUNK_LINES)
        body = order_body(recipients)
        order_id, company_id = uuid4(), uuid4()
        line_ids = [uuid4() for _ in range(recipients)]
        self._order(order_id, company_id, recipients)
        people = Body.model_validate_json(body).recipients
        lines = [
            (line_id, order_id, number, each.phone, each.name, each.company)
            for number, (line_id, each) in enumerate(zip(line_ids, people, strict=True))
        ]
        numbers = [f"{number:012d}" for number in range(recipients)]
        coupons = [
            (line_id, order_id, new_tr_id(), number, "now") for line_id, number in zip(line_ids, numbers, strict=True)
        ]
        messages = [
            (line_id, order_id, each.phone, MESSAGE, LINK, "sent")
            for line_id, each in zip(line_ids, people, strict=True)
        ]
        return {
            "parse and validate": _timed(lambda: Body.model_validate_json(body)),
            "store recipients": _timed(lambda: self._copy(COPY_LINES, lines)),
            "hold the money": _timed(lambda: self._move(order_id, company_id, PRICE_KRW * recipients, 1)),
            "capture by chunk": _timed(lambda: self._move(order_id, company_id, PRICE_KRW * CHUNK_LINES, chunks)),
            "events": self._events(chunks),
            "store coupons": _timed(lambda: self._copy(COPY_COUPONS, coupons)),
            "store messages": _timed(lambda: self._copy(COPY_MESSAGES, messages)),
            **self._calls(recipients),
        }

    def _order(self, order_id: UUID, company_id: UUID, recipients: int) -> None:
        with self.database.transaction():
            self.database.execute("INSERT INTO wallets VALUES (%s, 0, 0)", (company_id,))
            order = (order_id, company_id, "floor", recipients, 0, 0)
            self.database.execute("INSERT INTO orders VALUES (%s, %s, %s, %s, %s, %s)", order)

    def _copy(self, statement: str, rows: Sequence[Sequence[object]]) -> None:
        with self.database.transaction(), self.database.cursor() as cursor:
            with cursor.copy(statement) as copy:  # type: ignore[arg-type]
                for row in rows:
                    copy.write_row(row)
            if cursor.rowcount != len(rows):
                raise SystemExit("a floor has not stored its rows")

    def _move(self, order_id: UUID, company_id: UUID, amount_krw: int, times: int) -> None:
        for _ in range(times):
            with self.database.transaction():
                self.database.execute(MOVE, {"order": order_id, "company": company_id, "amount": amount_krw})

    def _events(self, chunks: int) -> float:
        # A new connection each time: nobody keeps the heartbeat of one that idles between the rounds.
        with connected(self.broker_url, name="bench floors") as broker:
            return _timed(lambda: self._hops(broker, chunks))

    def _hops(self, broker: kombu.Connection, chunks: int) -> None:
        """Out of a table, to a quorum queue with confirmations, and out of there again."""
        publisher = ConfirmedPublisher(broker)
        for _ in range(EVENT_HOPS):
            self._copy("COPY floor_outbox (body) FROM STDIN", [("x" * EVENT_BYTES,)] * chunks)
            with self.database.transaction():
                rows = self.database.execute("SELECT seq, body FROM floor_outbox FOR UPDATE SKIP LOCKED").fetchall()
                verdicts = publisher.publish([_event(str(body).encode()) for _, body in rows])
                self.database.execute("DELETE FROM floor_outbox WHERE seq = ANY(%s)", ([seq for seq, _ in rows],))
            if len(verdicts.confirmed) != chunks or _consumed(broker, chunks) != chunks:
                raise SystemExit("a floor has lost events")

    def _calls(self, recipients: int) -> Mapping[str, float]:
        url, token = self.stand.url, self.stand.token()
        issues = [issue_call(url, new_tr_id(), phone_of(number)) for number in range(recipients)]
        messages = [message_call(url, token, uuid4().hex, phone_of(number)) for number in range(recipients)]
        return {
            "supplier's calls": _timed(lambda: self._call(issues)),
            "provider's calls": _timed(lambda: self._call(messages)),
        }

    def _call(self, calls: Sequence[Call]) -> None:
        answers = self.caller.call_all(calls, in_flight_max=IN_FLIGHT)
        if not all(isinstance(answer, Response) and answer.ok for answer in answers):
            raise SystemExit("a floor's calls failed")


@contextmanager
def floors(suite: Suite, stand: Stand) -> Iterator[Floors]:
    """The floors on the baselines' database and the suite's broker."""
    with psycopg.connect(baselines_database_url(suite)) as database, ChunkCaller() as caller:
        with database.transaction():
            database.execute(
                "CREATE TABLE floor_outbox (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body text)"
            )
        with connected(suite.broker_url, name="bench floors") as broker:
            broker.channel().queue_declare(QUEUE, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
        yield Floors(database, suite.broker_url, caller, stand)


def _consumed(broker: kombu.Connection, chunks: int) -> int:
    got: list[object] = []
    channel = broker.channel()
    channel.basic_qos(0, 100, False)  # noqa: FBT003 - AMQP's signature

    def take(message: object) -> None:
        got.append(message)
        channel.basic_ack(message.delivery_tag)  # type: ignore[attr-defined]

    channel.basic_consume(QUEUE, callback=take)
    while len(got) < chunks:
        broker.drain_events(timeout=10)
    channel.close()
    return len(got)


def _event(body: bytes) -> Outgoing:
    return Outgoing(exchange="", routing_key=QUEUE, body=body, message_id=uuid4().hex, type="floor")


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
