"""How fast a page of an address book is with 100,000 contacts, beside one with 1,000.

    ./coupbiz bench contacts [CONTACTS] [ROUNDS]

The server is that of tests; the database is made for the measurement and dropped. Two members' books stand in one
database, and pages are read by the calls that the API makes: the first one, one from the middle, one of a group, one of
a phone's ending, one of a name that many have, one of a name that only the oldest contact has. Small and large are read
in turn. The figure is the ratio of the p95s, of which at most 2 is promised. The last line is one JSON object; the exit
code is 1 when the promise is not kept.
"""

import base64
import json
import random
import secrets
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from pydantic import SecretStr
from sqlalchemy import create_engine

from chassis.clock import SystemClock
from chassis.columns import KeyedHash, bind_column_keys
from chassis.database import Database
from chassis.sealing import Keyring
from chassis.testing.postgres import TestDatabases, runtime_database
from launcher.servers import ladder
from messaging.application.address_book_ports import ContactSearch
from messaging.domain.contact import Contact, ContactDetails
from messaging.main import migrations
from messaging.storage.address_book_work import AddressBookTransactions

SMALL = 1_000
PAGE_ROWS = 51
BATCH_CONTACTS = 5_000
RATIO_MAX = 2.0
SURNAMES = "김이박최정강조윤장임한오서신권황안송류홍"
RARE = "남궁"
NAMES = ("하나", "두리", "세찬", "네온", "다솜", "여름", "일곱", "여덟", "아홉", "가온")


@dataclass(frozen=True)
class Book:
    """A member's filled book."""

    member_id: UUID
    group_id: UUID
    middle: UUID
    ending: str


@dataclass(frozen=True)
class Page:
    """What is looked for, and from where on."""

    search: Callable[[Book], ContactSearch]
    before: Callable[[Book], UUID | None] = lambda _: None


PAGES: Mapping[str, Page] = {
    "first": Page(lambda _: ContactSearch()),
    "from the middle": Page(lambda _: ContactSearch(), lambda book: book.middle),
    "of a group": Page(lambda book: ContactSearch(group_id=book.group_id)),
    "of a phone ending": Page(lambda book: ContactSearch(phone_ending=book.ending)),
    "of a name": Page(lambda _: ContactSearch(name="하나")),
    "of a rare name": Page(lambda _: ContactSearch(name=RARE)),
}


def main(arguments: Sequence[str]) -> int:
    """Fill two books, read pages of both, and print the figures."""
    large = int(arguments[0]) if arguments else 100_000
    rounds = int(arguments[1]) if len(arguments) > 1 else 200
    ladder.begin_run()
    databases = TestDatabases(ladder.server_for_tests("postgres"), "bench")
    try:
        with databases.clone(migrations()) as name:
            database = runtime_database(databases, name, "messaging")
            try:
                figures = _compare(database, large, rounds)
            finally:
                database.dispose()
    finally:
        databases.drop_templates()
        ladder.end_run()
    print(json.dumps({"small": SMALL, "large": large, "rounds": rounds, "pages": figures}, ensure_ascii=False))
    return 0 if all(each["to_small"] <= RATIO_MAX for each in figures.values()) else 1


def _compare(database: Database, large: int, rounds: int) -> dict[str, dict[str, float]]:
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    keyring = Keyring.parse(SecretStr(json.dumps({"current": "bench", "keys": {"bench": key}})))
    bind_column_keys(keyring)
    books = AddressBookTransactions(database, SystemClock(), KeyedHash(keyring))
    filled = [_fill(books, size, random.Random(7)) for size in (SMALL, large)]
    owner = create_engine(database.engine.url.set(username="messaging_owner"), isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.exec_driver_sql("ANALYZE contacts")
    owner.dispose()
    return {name: _measure(books, name, page, filled, rounds) for name, page in PAGES.items()}


def _fill(books: AddressBookTransactions, size: int, chance: random.Random) -> Book:
    member_id = uuid4()
    with books() as work:
        group_id = work.address_books.of_member(member_id).groups[0].id
    added: list[UUID] = []
    for first in range(0, size, BATCH_CONTACTS):
        with books() as work:
            contacts = [
                Contact(work.new_id(), group_id, ContactDetails(_name(number, chance), f"010{number:08}"))
                for number in range(first, min(first + BATCH_CONTACTS, size))
            ]
            work.contacts.add(member_id, contacts)
        added += [contact.id for contact in contacts]
    return Book(member_id, group_id, added[size // 2], f"{size // 2 % 10_000:04}")


def _name(number: int, chance: random.Random) -> str:
    """A usual name; the first contact's is the rare one."""
    return chance.choice(SURNAMES) + chance.choice(NAMES) if number else f"{RARE}두리"


def _measure(
    books: AddressBookTransactions, name: str, page: Page, filled: Sequence[Book], rounds: int
) -> dict[str, float]:
    seconds: list[list[float]] = [[], []]
    for _ in range(rounds):
        for book, taken in zip(filled, seconds, strict=True):
            began = time.perf_counter()
            with books() as work:
                found = work.contacts.page(book.member_id, page.search(book), page.before(book), PAGE_ROWS)
            taken.append(time.perf_counter() - began)
            if not found:
                raise SystemExit(f"{name}: nothing was found")
    small, large = (statistics.quantiles(taken, n=20)[-1] for taken in seconds)
    print(
        f"  {name}: p95 {large * 1000:.2f} ms, at {SMALL:,} contacts {small * 1000:.2f} ms, {large / small:.2f} times"
    )
    return {"p95_ms": round(large * 1000, 2), "small_ms": round(small * 1000, 2), "to_small": round(large / small, 2)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
