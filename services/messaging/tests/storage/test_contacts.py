"""Contacts of a member with 100,000 of them: a page reads no more than one of a member with 1,000."""

import threading
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Select, create_engine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ClauseElement, Executable

from chassis.clock import FixedClock
from chassis.columns import KeyedHash
from chassis.database import Database
from messaging.application.address_book import add_folder
from messaging.application.address_book_ports import ContactSearch
from messaging.domain.contact import Contact, ContactDetails
from messaging.storage.address_book_work import AddressBookTransactions
from messaging.storage.contacts import PostgresContacts

PAGE = 51
LARGE, SMALL = 100_000, 1_000


@pytest.fixture
def books(database: Database, fixed_clock: FixedClock, hashes: KeyedHash) -> AddressBookTransactions:
    return AddressBookTransactions(database, fixed_clock, hashes)


class _Explained(Executable, ClauseElement):
    """What the database really did for a statement."""

    inherit_cache = False

    def __init__(self, statement: Select) -> None:
        self.statement = statement


@compiles(_Explained)
def _explain(element: _Explained, compiler: SQLCompiler, **kwargs: object) -> str:
    return f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {compiler.process(element.statement, **kwargs)}"


def a_member_with(contacts: int, books: AddressBookTransactions) -> tuple[UUID, UUID, UUID]:
    """A member with so many contacts in one group: member, group and the contact in the middle."""
    member_id = uuid4()
    with books() as work:
        group = work.address_books.of_member(member_id).groups[0]
        added = [
            Contact(work.new_id(), group.id, ContactDetails("홍길동", f"010{number:08}")) for number in range(contacts)
        ]
        work.contacts.add(member_id, added)
    return member_id, group.id, added[contacts // 2].id


def blocks_read(
    database: Database, hashes: KeyedHash, member_id: UUID, search: ContactSearch, before: UUID | None
) -> int:
    """How many of its 8 kB blocks the database looks at for a page of contacts."""
    with database.transaction() as session:
        statement = PostgresContacts(session, hashes).page_statement(member_id, search, before, PAGE)
        explained = session.execute(_Explained(statement)).scalar_one()
        plan = explained[0]["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


def _gather_statistics(database: Database) -> None:
    """What the server does by itself after a while, as the owner of the tables."""
    owner = create_engine(database.engine.url.set(username="messaging_owner"), isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.exec_driver_sql("ANALYZE contacts")
    owner.dispose()


@pytest.mark.rule("ADR-05")
def test_a_page_of_100000_contacts_costs_at_most_twice_one_of_1000(
    database: Database, books: AddressBookTransactions, hashes: KeyedHash
) -> None:
    large, small = a_member_with(LARGE, books), a_member_with(SMALL, books)
    _gather_statistics(database)
    for search_group in (False, True):
        for from_middle in (False, True):
            costs = [
                blocks_read(
                    database,
                    hashes,
                    member_id,
                    ContactSearch(group_id=group_id if search_group else None),
                    middle if from_middle else None,
                )
                for member_id, group_id, middle in (large, small)
            ]
            assert costs[0] <= 2 * costs[1], (search_group, from_middle, costs)


@pytest.mark.rule("ADR-01")
def test_two_first_uses_at_once_make_one_default_folder(books: AddressBookTransactions) -> None:
    member_id, start = uuid4(), threading.Barrier(2)

    def use(name: str) -> None:
        start.wait()
        with books() as work:
            add_folder(member_id, name, work)

    threads = [threading.Thread(target=use, args=(name,)) for name in ("하나", "둘")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with books() as work:
        book = work.address_books.of_member(member_id)
    assert sorted(folder.name for folder in book.folders) == ["기본 폴더", "둘", "하나"]
    assert len(book.groups) == 1
