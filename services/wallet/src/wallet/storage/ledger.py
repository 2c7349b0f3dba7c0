"""The books in PostgreSQL: one call a posting, whose company's head row orders all of the company's postings."""

from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from chassis.database import fetch_value
from wallet.domain.errors import AccountShortError, UnknownCompanyError
from wallet.domain.ledger import GENESIS_HASH, Account, Posting, canonical
from wallet.storage.tables import accounts, ledger_heads, postings

_POST = """
    SELECT post_to_ledger(
      %(id)s, %(company_id)s, %(kind)s, %(cause)s, %(at)s, %(order_id)s, %(charge_id)s, %(refund_id)s,
      %(canonical)s, %(accounts)s, %(amounts)s
    )
"""


class SqlLedger:
    """`Ledger` over the tables of the books."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open_accounts(self, company_id: UUID) -> None:
        """Give a company its accounts and the head of its chain; again changes nothing."""
        head = {"company_id": company_id, "seq": 0, "previous_hash": GENESIS_HASH, "hash": GENESIS_HASH}
        self._connection.execute(insert(ledger_heads).values(head).on_conflict_do_nothing())
        rows = [{"company_id": company_id, "account": account.value, "balance_krw": 0} for account in Account]
        self._connection.execute(insert(accounts).values(rows).on_conflict_do_nothing())

    def stand_still(self, company_id: UUID) -> None:
        """Hold the company's head until the transaction ends. Raises `UnknownCompanyError`."""
        head = select(ledger_heads.c.company_id).where(ledger_heads.c.company_id == company_id).with_for_update()
        if self._connection.scalar(head) is None:
            raise UnknownCompanyError(company_id)

    def post(self, posting: Posting) -> bool:
        """Write a posting and move its balances; False when its cause was posted before.

        Raises `AccountShortError` and `UnknownCompanyError`; after either, the transaction or savepoint must end in
        a rollback. Of two transactions that post one cause at the same moment the later fails by the unique cause.
        """
        written = fetch_value(
            self._connection,
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
        )
        if written is None:
            self._must_be_posted(posting)
            return False
        if written < len(posting.entries):
            raise AccountShortError(posting.company_id, posting.cause)
        return True

    def _must_be_posted(self, posting: Posting) -> None:
        known = select(postings.c.cause).where(postings.c.cause == posting.cause)
        if self._connection.scalar(known) is None:
            raise UnknownCompanyError(posting.company_id)
