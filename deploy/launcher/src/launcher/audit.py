"""`./coupbiz audit`: nothing lost, nothing twice, by the journals of the outside world held against our databases.

The sandbox is the judge: it knows what it was really asked to do. The suite has to be at rest.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg.rows import dict_row

from launcher.journey.rest import Rest
from launcher.services import WITH_DATABASE
from launcher.suite import suite_of_checkout
from launcher.words import say

PAGE_ROWS = 1_000
CODE_MESSAGE = "sms"
DELIVERED_CODES = {"7000", "6600", "4100"}
"""What the provider reports of an alimtalk, an MMS and an SMS that arrived."""


@dataclass
class Findings:
    """What was looked at, and what is wrong."""

    looked_at: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def expect(self, so: object, otherwise: str) -> None:
        """Note what is wrong unless it is so."""
        if not so:
            self.wrong.append(otherwise)


def main(_arguments: Sequence[str]) -> int:
    """Print the verdict; 1 when anything is lost or doubled."""
    suite = suite_of_checkout()
    sandbox_url = os.environ.get("COUPBIZ_SANDBOX_URL") or suite.sandbox_url
    found = audit(suite.postgres_url, sandbox_url)
    for what, count in sorted(found.looked_at.items()):
        say(f"  {count:>7,} {what}")
    for line in found.wrong:
        say(f"  WRONG: {line}")
    say("Something is lost or doubled." if found.wrong else "Nothing lost, nothing twice; the books balance.")
    return 1 if found.wrong else 0


def audit(postgres_url: str, sandbox_url: str) -> Findings:
    """Hold the sandbox's journals against the databases behind a superuser's URL."""
    found = Findings()
    journal = Journal(Rest(sandbox_url))
    rows = {package: Database(database_url(postgres_url, package)) for package in WITH_DATABASE}
    _plumbing_is_empty(found, rows)
    _payments(found, journal, rows["wallet"])
    _coupons(found, journal, rows["ordering"])
    _messages(found, journal, rows["messaging"])
    _books(found, rows["wallet"], rows["ordering"])
    _orders(found, rows["ordering"])
    return found


class Journal:
    """What the outside world was asked to do, and did."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest

    def all(self, kind: str) -> Iterator[Mapping[str, Any]]:
        """Every accepted piece of work of a kind."""
        after = 0
        while True:
            page = self._rest.get(f"/__sim/journal/{kind}", after=after, limit=PAGE_ROWS)
            yield from page["items"]
            if page["next"] is None:
                return
            after = page["next"]


class Database:
    """Reads one service's database."""

    def __init__(self, url: str) -> None:
        self._url = url

    def rows(self, statement: str) -> list[dict[str, Any]]:
        """The rows of a statement."""
        with psycopg.connect(self._url, row_factory=dict_row) as connection:
            return connection.execute(statement).fetchall()

    def count(self, statement: str) -> int:
        """The one number of a statement."""
        (row,) = self.rows(statement)
        return int(next(iter(row.values())) or 0)


def _plumbing_is_empty(found: Findings, rows: Mapping[str, Database]) -> None:
    for package, database in rows.items():
        for table, what in (("outbox", "unsaid events"), ("parked_events", "parked facts")):
            left = database.count(f"SELECT count(*) FROM {table}")  # noqa: S608 - names of ours
            found.expect(left == 0, f"{package} has {left} {what}")
        dead = database.count("SELECT count(*) FROM dead_letters WHERE state = 'waiting'")
        found.expect(dead == 0, f"{package} has {dead} dead letters")


def _payments(found: Findings, journal: Journal, wallet: Database) -> None:
    confirmed = {row["orderId"]: row for row in journal.all("payments") if row["confirmed"]}
    found.looked_at["payments collected by the provider"] = len(confirmed)
    credited = {row["id"].hex: row for row in wallet.rows("SELECT * FROM charges WHERE credited_at IS NOT NULL")}
    collected = {_uuid_in(order_id): row for order_id, row in confirmed.items()}
    for charge_id, row in collected.items():
        found.expect(charge_id in credited, f"payment {row['orderId']} was collected and is not credited")
    for charge_id, charge in credited.items():
        payment = collected.get(charge_id)
        found.expect(payment, f"charge {charge_id} is credited and was not collected")
        found.expect(
            payment is None or payment["totalAmount"] == charge["amount_krw"], f"charge {charge_id} has another sum"
        )


def _coupons(found: Findings, journal: Journal, ordering: Database) -> None:
    supplied = [row for row in journal.all("coupons") if row["issued"]]
    found.looked_at["coupons issued by the supplier"] = len(supplied)
    twice = [tr_id for tr_id, count in Counter(row["tr_id"] for row in supplied).items() if count > 1]
    found.expect(not twice, f"the supplier issued twice for {twice[:5]}")
    attempts = {
        row["tr_id"]: row
        for row in ordering.rows(
            "SELECT a.tr_id, a.state AS attempt, c.state AS coupon FROM issue_attempts a JOIN coupons c"
            " USING (line_id, item_no)"
        )
    }
    live = {row["tr_id"] for row in supplied if row["pinStatusCd"] not in {"04", "07"}}
    for tr_id in live:
        attempt = attempts.get(tr_id)
        kept = attempt is not None and (attempt["coupon"] != "issue_failed" or attempt["attempt"] == "flagged")
        found.expect(kept, f"the supplier's coupon {tr_id} is in no order")
    for tr_id, attempt in attempts.items():
        if attempt["coupon"] == "issued":
            found.expect(tr_id in live, f"coupon {tr_id} is issued here and not at the supplier")
    numbers = ordering.count("SELECT count(*) FROM coupons WHERE state = 'issued' AND number IS NULL")
    found.expect(numbers == 0, f"{numbers} issued coupons have no number")


def _messages(found: Findings, journal: Journal, messaging: Database) -> None:
    accepted = [row for row in journal.all("messages") if row["type"] != CODE_MESSAGE]
    found.looked_at["messages taken by the provider"] = len(accepted)
    twice = [key for key, count in Counter(row["refkey"] for row in accepted).items() if count > 1]
    found.expect(not twice, f"the provider was handed {twice[:5]} twice")
    deliveries = {row["id"].hex: row for row in messaging.rows("SELECT id, state, settled_at FROM deliveries")}
    ours = deliveries.keys() | {row["id"].hex for row in messaging.rows("SELECT id FROM notices")}
    for row in accepted:
        found.expect(row["refkey"] in ours, f"message {row['refkey']} is none of ours")
    for row in accepted:
        delivery = deliveries.get(row["refkey"])
        if delivery is not None and delivery["state"] in {"failed", "fallen_back"}:
            arrived = [result for result in row["results"] if result["result"] in DELIVERED_CODES]
            heard = any(datetime.fromisoformat(result["due_at"]) < delivery["settled_at"] for result in arrived)
            found.expect(not heard, f"message {row['refkey']} was reported as delivered, and is a failure here")
    taken = {row["refkey"] for row in accepted}
    for delivery_id, delivery in deliveries.items():
        if delivery["state"] == "success":
            found.expect(delivery_id in taken, f"delivery {delivery_id} is a success that nobody was handed")
    doubled = messaging.count(
        "SELECT count(*) FROM (SELECT b.order_id, b.wave, d.line_id, d.sent_as"
        " FROM deliveries d JOIN batches b ON b.id = d.batch_id"
        " GROUP BY 1, 2, 3, 4 HAVING count(*) > 1) AS doubled"
    )
    found.expect(doubled == 0, f"{doubled} recipients have two messages of one cause and channel")
    unfounded = messaging.count(
        "SELECT count(*) FROM deliveries m WHERE m.sent_as = 'mms' AND NOT EXISTS (SELECT FROM deliveries a"
        " WHERE a.batch_id = m.batch_id AND a.line_id = m.line_id AND a.sent_as = 'alimtalk'"
        " AND (a.state = 'fallen_back' OR a.state = 'success'))"
    )
    found.expect(unfounded == 0, f"{unfounded} MMSs of ours follow no alimtalk that failed")


def _books(found: Findings, wallet: Database, ordering: Database) -> None:
    found.looked_at["ledger postings"] = wallet.count("SELECT count(*) FROM postings")
    unbalanced = wallet.count(
        "SELECT count(*) FROM (SELECT company_id, seq FROM entries GROUP BY 1, 2 HAVING sum(amount_krw) <> 0) AS wrong"
    )
    found.expect(unbalanced == 0, f"{unbalanced} postings do not balance")
    holds = {row["order_id"]: row for row in wallet.rows("SELECT * FROM holds")}
    repaid = {
        row["order_id"]: int(row["krw"])
        for row in wallet.rows("SELECT order_id, sum(amount_krw) AS krw FROM revocations WHERE repaid GROUP BY 1")
    }
    # What operators revoked is confirmed no more, and was captured; it still is, unless it was repaid (ORD-32).
    orders = ordering.rows(
        "SELECT o.id, o.order_number, o.state, o.confirmed_amount_krw,"
        " coalesce(sum(i.sale_price_krw) FILTER (WHERE c.state = 'revoked'), 0) AS revoked_krw"
        " FROM orders o JOIN order_lines l ON l.order_id = o.id JOIN coupons c ON c.line_id = l.id"
        " JOIN order_items i ON i.order_id = o.id AND i.item_no = c.item_no GROUP BY o.id"
    )
    for order in orders:
        hold = holds.get(order["id"])
        if order["state"] == "sent":
            found.expect(hold is not None, f"{order['order_number']} was sent without a hold")
        if hold is not None and order["state"] == "sent":
            captured, open_krw = hold["captured_krw"], hold["open_krw"]
            found.expect(open_krw == 0, f"{order['order_number']} is sent and still holds {open_krw} KRW")
            found.expect(
                captured == order["confirmed_amount_krw"] + order["revoked_krw"] - repaid.get(order["id"], 0),
                f"{order['order_number']}: captured {captured}, confirmed {order['confirmed_amount_krw']} KRW",
            )


def _orders(found: Findings, ordering: Database) -> None:
    found.looked_at["orders"] = ordering.count("SELECT count(*) FROM orders")
    open_orders = ordering.rows("SELECT order_number, state FROM orders WHERE state IN ('pending', 'sending')")
    for order in open_orders:
        found.expect(None, f"order {order['order_number']} is still {order['state']}")
    lines = ordering.count(
        "SELECT count(*) FROM order_lines l JOIN orders o ON o.id = l.order_id"
        " WHERE o.state = 'sent' AND l.dispatch = 'in_progress'"
    )
    found.expect(lines == 0, f"{lines} recipients of sent orders are still in progress")


def database_url(postgres_url: str, package: str) -> str:
    return urlunsplit(urlsplit(postgres_url)._replace(path=f"/{package}"))


def _uuid_in(provider_order_id: str) -> str:
    """The charge's id in the order id that the provider knows."""
    digits = "".join(letter for letter in provider_order_id if letter in "0123456789abcdef")
    return digits[-32:]
