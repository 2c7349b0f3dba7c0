"""The books in PostgreSQL: one statement a posting, whose company's head row orders all of the company's postings."""

from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from wallet.domain.errors import AccountShortError, UnknownCompanyError
from wallet.domain.ledger import GENESIS_HASH, Account, Posting, canonical
from wallet.storage.tables import accounts, ledger_heads, postings

_POST = text("""
    WITH head AS (
      UPDATE ledger_heads
      SET seq = seq + 1, previous_hash = hash, hash = sha256(hash || :canonical)
      WHERE company_id = :company_id AND NOT EXISTS (SELECT 1 FROM postings WHERE cause = :cause)
      RETURNING company_id, seq, previous_hash, hash
    ), posted AS (
      INSERT INTO postings
        (company_id, seq, id, kind, cause, posted_at, order_id, charge_id, refund_id, previous_hash, hash)
      SELECT company_id, seq, :id, :kind, :cause, :at, :order_id, :charge_id, :refund_id, previous_hash, hash
      FROM head
    ), moved AS (
      UPDATE accounts
      SET balance_krw = accounts.balance_krw + movement.amount_krw
      FROM head, unnest(CAST(:accounts AS text[]), CAST(:amounts AS bigint[])) AS movement (account, amount_krw)
      WHERE accounts.company_id = head.company_id
        AND accounts.account = movement.account
        AND (accounts.balance_krw + movement.amount_krw >= 0
             OR accounts.account IN ('provider_clearing', 'receivable', 'claims'))
      RETURNING accounts.account, movement.amount_krw, accounts.balance_krw
    ), entered AS (
      INSERT INTO entries (company_id, seq, account, amount_krw, balance_after_krw)
      SELECT head.company_id, head.seq, moved.account, moved.amount_krw, moved.balance_krw FROM head, moved
      RETURNING 1
    )
    SELECT (SELECT count(*) FROM head) AS heads, (SELECT count(*) FROM entered) AS entries
""")
"""The head is updated first because the balances are joined to it: whoever waits for it sees the balances after it."""


class SqlLedger:
    """`Ledger` over the tables of the books."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def open_accounts(self, company_id: UUID) -> None:
        """Give a company its accounts and the head of its chain; again changes nothing."""
        head = {"company_id": company_id, "seq": 0, "previous_hash": GENESIS_HASH, "hash": GENESIS_HASH}
        self._session.execute(insert(ledger_heads).values(head).on_conflict_do_nothing())
        rows = [{"company_id": company_id, "account": account.value, "balance_krw": 0} for account in Account]
        self._session.execute(insert(accounts).values(rows).on_conflict_do_nothing())

    def stand_still(self, company_id: UUID) -> None:
        """Hold the company's head until the transaction ends. Raises `UnknownCompanyError`."""
        head = select(ledger_heads.c.company_id).where(ledger_heads.c.company_id == company_id).with_for_update()
        if self._session.scalar(head) is None:
            raise UnknownCompanyError(company_id)

    def post(self, posting: Posting) -> bool:
        """Write a posting and move its balances; False when its cause was posted before.

        Raises `AccountShortError` and `UnknownCompanyError`; after either, the transaction or savepoint must end in
        a rollback. Of two transactions that post one cause at the same moment the later fails by the unique cause.
        """
        written = self._session.execute(
            _POST,
            {
                "id": posting.id,
                "company_id": posting.company_id,
                "kind": posting.kind.value,
                "cause": posting.cause,
                "at": posting.at,
                "order_id": posting.order_id,
                "charge_id": posting.charge_id,
                "refund_id": posting.refund_id,
                "canonical": canonical(posting),
                "accounts": [entry.account.value for entry in posting.entries],
                "amounts": [entry.amount_krw for entry in posting.entries],
            },
        ).one()
        if written.heads == 0:
            self._must_be_posted(posting)
            return False
        if written.entries < len(posting.entries):
            raise AccountShortError(posting.company_id, posting.cause)
        return True

    def _must_be_posted(self, posting: Posting) -> None:
        known = select(postings.c.cause).where(postings.c.cause == posting.cause)
        if self._session.scalar(known) is None:
            raise UnknownCompanyError(posting.company_id)
