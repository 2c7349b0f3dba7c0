"""The books on a real database: balanced, append-only, chained, and never below zero under any concurrency."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from wallet_builders import MONTH, NOON, an_order_placed, issued, revoked

from wallet.application.verification import prove_ledger
from wallet.domain.errors import AccountShortError, UnknownCompanyError
from wallet.domain.ledger import Account, Posting, PostingKind, transfer
from wallet.storage.books import SqlBooks


def a_posting(company_id: UUID, amount_krw: int, cause: str, *, into: Account = Account.BALANCE) -> Posting:
    return Posting(
        id=uuid4(),
        company_id=company_id,
        kind=PostingKind.CHARGE,
        cause=cause,
        at=NOON,
        entries=transfer(Account.PROVIDER_CLEARING, into, amount_krw),
    )


def a_withdrawal(company_id: UUID, amount_krw: int, cause: str) -> Posting:
    entries = transfer(Account.BALANCE, Account.SALES, amount_krw)
    return Posting(uuid4(), company_id, PostingKind.CAPTURE, cause, NOON, entries)


@pytest.mark.rule("WAL-17")
def test_balances_move_with_their_entries_and_entries_remember_the_balance(wallet) -> None:
    company_id = wallet.a_company()
    with wallet.begin() as uow:
        assert uow.ledger.post(a_posting(company_id, 30_000, "a"))
        assert uow.ledger.post(a_withdrawal(company_id, 12_000, "b"))

    assert wallet.balances(company_id) == {
        "balance": 18_000,
        "holds": 0,
        "sales": 12_000,
        "provider_clearing": -30_000,
        "receivable": 0,
        "paybacks": 0,
        "paid_out": 0,
        "fees": 0,
        "claims": 0,
    }
    rows = wallet.sql(
        """SELECT seq, amount_krw, balance_after_krw FROM entries
           WHERE company_id = :id AND account = 'balance' ORDER BY seq""",
        id=company_id,
    )
    assert [tuple(row) for row in rows] == [(1, 30_000, 30_000), (2, -12_000, 18_000)]


@pytest.mark.rule("WAL-17")
def test_a_cause_is_posted_once(wallet) -> None:
    company_id = wallet.a_company()
    for expected in (True, False):
        with wallet.begin() as uow:
            assert uow.ledger.post(a_posting(company_id, 1_000, "the cause")) is expected

    assert wallet.balances(company_id)["balance"] == 1_000


@pytest.mark.rule("WAL-17")
def test_no_account_goes_below_zero(wallet) -> None:
    company_id = wallet.a_company()
    with wallet.begin() as uow:
        uow.ledger.post(a_posting(company_id, 1_000, "in"))

    with pytest.raises(AccountShortError), wallet.begin() as uow:
        uow.ledger.post(a_withdrawal(company_id, 1_001, "out"))

    assert wallet.balances(company_id)["balance"] == 1_000
    assert wallet.sql("SELECT count(*) AS n FROM postings WHERE cause = 'out'")[0].n == 0


def test_a_company_without_accounts_has_no_books(wallet) -> None:
    with pytest.raises(UnknownCompanyError), wallet.begin() as uow:
        uow.ledger.post(a_posting(uuid4(), 1_000, "in"))


@pytest.mark.rule("WAL-17")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE postings SET cause = 'other'",
        "DELETE FROM postings",
        "UPDATE entries SET amount_krw = amount_krw + 1",
        "DELETE FROM entries",
    ],
)
@pytest.mark.parametrize("role", ["wallet", "wallet_owner"])
def test_nobody_changes_or_removes_what_is_posted(
    statement: str, role: str, wallet, as_role: Callable[[str], object]
) -> None:
    company_id = wallet.a_company()
    with wallet.begin() as uow:
        uow.ledger.post(a_posting(company_id, 1_000, "in"))

    with pytest.raises(DBAPIError) as refused, as_role(role) as connection:
        connection.execute(text(statement))

    assert refused.value.orig.sqlstate == "42501"


@pytest.mark.rule("WAL-17")
def test_an_unbalanced_posting_cannot_be_committed_even_by_hand(wallet) -> None:
    company_id = wallet.a_company()
    with wallet.begin() as uow:
        uow.ledger.post(a_posting(company_id, 1_000, "in"))

    with pytest.raises(IntegrityError, match="entries that sum to"):
        wallet.sql(
            """INSERT INTO entries (company_id, seq, account, amount_krw, balance_after_krw)
               VALUES (:id, 1, 'sales', 5, 5)""",
            id=company_id,
        )
    with pytest.raises(IntegrityError, match="has 0 entries"):
        wallet.sql(
            """INSERT INTO postings (company_id, seq, id, kind, cause, posted_at, previous_hash, hash)
               VALUES (:id, 2, :id, 'charge', 'forged', now(), '', '')""",
            id=company_id,
        )


@pytest.mark.rule("WAL-17")
@pytest.mark.parametrize("threads", [2, 16])
def test_threads_at_once_cannot_overdraw_a_balance(threads: int, wallet) -> None:
    """Every thread tries to take 1,000 KRW again and again from a balance that allows exactly 20 of them."""
    company_id = wallet.a_company()
    wallet.credit(company_id, 20_000)
    start = threading.Barrier(threads)

    def take_until_refused(thread_no: int) -> int:
        start.wait()
        taken = 0
        for attempt in range(21):
            try:
                with wallet.begin() as uow:
                    uow.ledger.post(a_withdrawal(company_id, 1_000, f"{thread_no}/{attempt}"))
            except AccountShortError:
                break
            taken += 1
        return taken

    with ThreadPoolExecutor(threads) as pool:
        taken = sum(pool.map(take_until_refused, range(threads)))

    assert taken == 20
    assert wallet.balances(company_id)["balance"] == 0
    seqs = [
        row.seq for row in wallet.sql("SELECT seq FROM postings WHERE company_id = :id ORDER BY seq", id=company_id)
    ]
    assert seqs == list(range(1, 22))


@pytest.mark.rule("WAL-17")
def test_one_cause_posted_by_two_at_once_counts_once(wallet) -> None:
    company_id = wallet.a_company()
    start = threading.Barrier(2)

    def post_once() -> bool:
        start.wait()
        try:
            with wallet.begin() as uow:
                return uow.ledger.post(a_posting(company_id, 1_000, "the cause"))
        except IntegrityError:
            return False

    with ThreadPoolExecutor(2) as pool:
        outcomes = [future.result() for future in [pool.submit(post_once), pool.submit(post_once)]]

    assert sorted(outcomes) == [False, True]
    assert wallet.balances(company_id)["balance"] == 1_000


@pytest.mark.rule("WAL-17", "WAL-18")
def test_a_sound_ledger_is_proven(wallet) -> None:
    company_id = wallet.a_company()
    wallet.a_company()
    wallet.credit(company_id, 20_000)

    proof = prove_ledger(SqlBooks(wallet.database))

    assert (proof.companies, proof.postings, proof.findings) == (2, 1, ())


@pytest.mark.rule("WAL-17")
@pytest.mark.parametrize(
    ("tampering", "check"),
    [
        ("UPDATE entries SET amount_krw = amount_krw * 2, balance_after_krw = balance_after_krw * 2", "chain"),
        ("UPDATE entries SET amount_krw = amount_krw + 1 WHERE account = 'balance'", "sum"),
        ("UPDATE entries SET balance_after_krw = 7 WHERE account = 'balance'", "running_balance"),
        ("UPDATE postings SET posted_at = posted_at + interval '1 second'", "chain"),
        ("UPDATE postings SET cause = cause || '!'", "chain"),
        (
            "UPDATE postings SET seq = seq + 1000 WHERE seq = 2; UPDATE entries SET seq = seq + 1000 WHERE seq = 2",
            "chain",
        ),
        ("UPDATE accounts SET balance_krw = balance_krw + 1 WHERE account = 'balance'", "balance"),
        ("UPDATE ledger_heads SET hash = previous_hash", "chain"),
        ("UPDATE charge_lots SET free_krw = free_krw - 1, spent_krw = spent_krw + 1", "lots"),
        ("UPDATE captures SET amount_krw = amount_krw - 1", "captures"),
        ("UPDATE captures SET amount_krw = amount_krw + (3 - 2 * chunk_no) * 1000", "captures"),
        ("UPDATE captures SET wave = 7 WHERE chunk_no = 1", "captures"),
        ("DELETE FROM captures WHERE chunk_no = 2", "captures"),
        ("UPDATE captures SET month = '2026-04'", "captures"),
        ("UPDATE revocations SET repaid = false", "captures"),
        ("UPDATE revocations SET amount_krw = amount_krw + 1", "captures"),
        ("UPDATE revoked_months SET amount_krw = amount_krw + 1", "captures"),
        ("INSERT INTO monthly_uses SELECT id, 'cash_like', '2026-03', id, 5 FROM companies", "monthly_use"),
    ],
)
def test_a_tampered_ledger_is_found_out(tampering: str, check: str, wallet, as_superuser: Callable[[], object]) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 20_000)
    wallet.credit(company_id, 30_000)
    order = an_order_placed(company_id, 12_000)
    for said in (order, issued(order, 6_000, chunk_no=1), issued(order, 4_000, chunk_no=2)):
        wallet.hear(said)
    wallet.hear(revoked(order, {MONTH: (1, 1_000)}))
    wallet.assert_proven()

    with as_superuser() as connection:
        # Past every guard of the database: triggers and foreign keys are off in this session.
        connection.execute(text("SET session_replication_role = replica"))
        for statement in tampering.split(";"):
            connection.execute(text(statement))

    findings = prove_ledger(SqlBooks(wallet.database)).findings
    assert check in {finding.check for finding in findings}
    assert {finding.company_id for finding in findings} == {company_id}
