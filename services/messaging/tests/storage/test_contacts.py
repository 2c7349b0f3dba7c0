"""Contacts of a member with 100,000 of them: a page reads no more than one of a member with 1,000."""

import threading
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Select, create_engine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
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
LARGE, SMALL, PORTION = 100_000, 1_000, 10_000


@pytest.fixture
def few_are_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few contacts are looked through, and the rest is looked up."""
    monkeypatch.setattr("messaging.storage.contacts.LOOKED_THROUGH", 5)


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


def a_member_with(
    contacts: int, books: AddressBookTransactions, name_of: Callable[[int], str] = lambda _: "홍길동"
) -> tuple[UUID, UUID, UUID]:
    """A member with so many contacts in one group: member, group and the contact in the middle."""
    member_id = uuid4()
    with books() as work:
        group = work.address_books.of_member(member_id).groups[0]
        added = [
            Contact(
                work.new_id(), group.id, ContactDetails(name_of(number), f"010{number:08}", company=name_of(number))
            )
            for number in range(contacts)
        ]
        for first in range(0, contacts, PORTION):
            work.contacts.add(member_id, added[first : first + PORTION])
    return member_id, group.id, added[contacts // 2].id


def blocks_read(
    database: Database, hashes: KeyedHash, member_id: UUID, search: ContactSearch, before: UUID | None
) -> int:
    """How many of its 8 kB blocks the database looks at for a page of contacts."""
    with database.transaction() as session:
        statement = PostgresContacts(session, hashes).page_statement(member_id, search, before, PAGE)
        return blocks_of(plan_of(session, statement))


def plan_of(session: Session, statement: Select) -> dict:
    explained = session.execute(_Explained(statement)).scalar_one()
    return explained[0]["Plan"]


def blocks_of(plan: dict) -> int:
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
def test_a_rare_name_among_100000_is_looked_up_and_the_book_is_not_read(
    database: Database, books: AddressBookTransactions, hashes: KeyedHash
) -> None:
    rare = {7: "남궁두리", 50_000: "남궁두리"}
    member_id, _, middle = a_member_with(LARGE, books, lambda number: rare.get(number, "홍길동"))
    # Somebody else's contacts of that name cost nothing.
    a_member_with(SMALL, books, lambda _: "남궁두리")
    _gather_statistics(database)
    for word in ("남궁두리", "궁두", "남"):
        with books() as work:
            found = work.contacts.page(member_id, ContactSearch(name=word), None, PAGE)
            both = work.contacts.page(member_id, ContactSearch(name=word, company=word), None, PAGE)
        assert [contact.details.name for contact in found] == ["남궁두리", "남궁두리"]
        assert both == found
        with database.transaction() as session:
            lookup = PostgresContacts(session, hashes).lookup_statement
            plan = plan_of(session, lookup(member_id, ContactSearch(name=word), middle, PAGE))
        assert "ix_contacts_grams" in str(plan)
        assert blocks_of(plan) < 100


NAMES = st.text("가나다 aB", min_size=1, max_size=4)


@pytest.mark.rule("ADR-01")
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    names=st.lists(NAMES, min_size=1, max_size=30),
    word=st.text("가나다aB", min_size=1, max_size=3),
    limit=st.integers(1, 40),
)
def test_whatever_is_looked_up_is_what_looking_at_each_would_find(
    books: AddressBookTransactions, few_are_looked_through: None, names: list[str], word: str, limit: int
) -> None:
    del few_are_looked_through
    member_id, *_ = a_member_with(len(names), books, names.__getitem__)
    expected = [name for name in reversed(names) if word.lower() in name.lower()]
    found: list[str] = []
    before = None
    with books() as work:
        while page := work.contacts.page(member_id, ContactSearch(name=word), before, limit):
            found += [contact.details.name for contact in page]
            before = page[-1].id
    assert found == expected


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
