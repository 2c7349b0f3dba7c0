"""The books as the proof reads them: one company at a time, standing still in a repeatable-read transaction."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from chassis.database import Database
from wallet.application.verification import CompanyBooks
from wallet.domain.errors import UnbalancedPostingError
from wallet.domain.ledger import Account, Entry, Posting, PostingKind
from wallet.domain.proof import PostedEntry, PostedLine, Totals
from wallet.storage.tables import accounts, entries, ledger_heads, postings

BATCH_ROWS_MAX = 1_000

_TOTALS = text("""
    WITH company_holds AS (
      SELECT * FROM holds WHERE company_id = :company_id
    ), company_lots AS (
      SELECT * FROM charge_lots WHERE company_id = :company_id
    ), hold_entries AS (
      SELECT postings.order_id, sum(entries.amount_krw) AS open_krw
      FROM postings
      JOIN entries ON entries.company_id = postings.company_id AND entries.seq = postings.seq
      WHERE postings.company_id = :company_id AND entries.account = 'holds'
      GROUP BY postings.order_id
    ), sold AS (
      SELECT postings.cause, entries.amount_krw
      FROM postings
      JOIN entries ON entries.company_id = postings.company_id AND entries.seq = postings.seq
      WHERE postings.company_id = :company_id AND entries.account = 'sales'
    ), counted AS (
      SELECT 'order\\:' || order_id || '\\:chunk\\:' || chunk_no || '\\:wave\\:' || wave || '\\:issued' AS cause,
        amount_krw, month = to_char(issued_at AT TIME ZONE 'Asia/Seoul', 'YYYY-MM') AS is_whole
      FROM captures WHERE company_id = :company_id AND amount_krw > 0
      UNION ALL
      SELECT 'revocation\\:' || id || '\\:repaid', -amount_krw,
        EXISTS (
          SELECT 1 FROM revoked_months WHERE revocation_id = revocations.id
          HAVING (sum(revoked_months.coupons), sum(revoked_months.amount_krw))
            = (revocations.coupons, revocations.amount_krw)
        )
      FROM revocations WHERE company_id = :company_id AND repaid AND amount_krw > 0
    ), shares AS (
      SELECT hold_lots.hold_id, sum(hold_lots.open_krw) AS open_krw, sum(hold_lots.spent_krw) AS spent_krw,
        sum(hold_lots.returned_krw) AS returned_krw
      FROM hold_lots JOIN company_holds ON company_holds.id = hold_lots.hold_id
      GROUP BY hold_lots.hold_id
    ), lot_shares AS (
      SELECT hold_lots.charge_id, sum(hold_lots.open_krw) AS held_krw, sum(hold_lots.spent_krw) AS spent_krw
      FROM hold_lots JOIN company_lots ON company_lots.charge_id = hold_lots.charge_id
      GROUP BY hold_lots.charge_id
    ), company_refunds AS (
      SELECT * FROM refunds WHERE company_id = :company_id
    ), lot_refunds AS (
      SELECT refund_lots.charge_id, sum(refund_lots.amount_krw) AS paid_back_krw
      FROM refund_lots JOIN company_refunds ON company_refunds.id = refund_lots.refund_id
      WHERE company_refunds.state IN ('requested', 'reviewing', 'completed')
      GROUP BY refund_lots.charge_id
    ), company_cancellations AS (
      SELECT * FROM charge_cancellations WHERE company_id = :company_id AND state IN ('open', 'done')
    ), open_take_backs AS (
      SELECT * FROM take_backs WHERE company_id = :company_id AND returned_at IS NULL
    ), lot_recoveries AS (
      SELECT take_back_lots.charge_id, sum(take_back_lots.amount_krw) AS recovered_krw
      FROM take_back_lots JOIN open_take_backs ON open_take_backs.id = take_back_lots.take_back_id
      GROUP BY take_back_lots.charge_id
    ), uses AS (
      SELECT company_id AS subject_id, 'credit_line' AS scope, month, amount_krw - released_krw AS used_krw
      FROM company_holds WHERE method = 'postpaid'
      UNION ALL
      SELECT member_id, 'spending', month, amount_krw - released_krw FROM company_holds WHERE by_sub_member
      UNION ALL
      SELECT company_id, 'cash_like', month, cash_like_krw - cash_like_released_krw FROM company_holds
    ), proven_uses AS (
      SELECT subject_id, scope, month, sum(used_krw) AS used_krw FROM uses GROUP BY subject_id, scope, month
    ), stored_uses AS (
      SELECT subject_id, scope, month, used_krw FROM monthly_uses WHERE company_id = :company_id
    )
    SELECT
      coalesce((SELECT sum(open_krw) FROM company_holds), 0) AS holds_open,
      coalesce((SELECT sum(captured_krw) FROM company_holds), 0) AS holds_captured,
      coalesce((SELECT sum(open_krw) FROM company_holds WHERE method = 'prepaid'), 0) AS prepaid_open,
      (SELECT count(*) FROM company_holds FULL JOIN hold_entries USING (order_id)
       WHERE company_holds.open_krw IS DISTINCT FROM hold_entries.open_krw) AS uneven_holds,
      coalesce((SELECT sum(amount_krw) FROM counted), 0) AS captures,
      (SELECT count(*) FROM counted FULL JOIN sold USING (cause)
       WHERE counted.amount_krw IS DISTINCT FROM sold.amount_krw OR NOT is_whole) AS uneven_captures,
      coalesce((SELECT sum(free_krw) FROM company_lots), 0) AS lots_free,
      coalesce((SELECT sum(held_krw) FROM company_lots), 0) AS lots_held,
      coalesce((SELECT sum(amount_krw) FROM company_lots), 0) AS lots_amount,
      coalesce((SELECT sum(paid_back_krw) FROM company_lots), 0) AS lots_paid_back,
      coalesce((SELECT sum(amount_krw) FROM company_refunds WHERE state IN ('requested', 'reviewing')), 0)
        + coalesce((SELECT sum(amount_krw) FROM company_cancellations WHERE state = 'open'), 0) AS paybacks_open,
      coalesce((SELECT sum(amount_krw - fee_krw) FROM company_refunds WHERE state = 'completed'), 0) AS paid_out,
      coalesce((SELECT sum(fee_krw) FROM company_refunds WHERE state = 'completed'), 0)
        + coalesce((SELECT sum(fee_krw) FROM company_cancellations WHERE state = 'done'), 0) AS fees,
      coalesce((SELECT sum(amount_krw - fee_krw) FROM company_cancellations WHERE state = 'done'), 0)
        AS cancelled_payout,
      coalesce((SELECT sum(amount_krw) FROM open_take_backs), 0) AS taken_back,
      coalesce((SELECT sum(recovered_krw) FROM open_take_backs), 0) AS recovered,
      (SELECT count(*) FROM company_holds LEFT JOIN shares ON shares.hold_id = company_holds.id
       WHERE method = 'prepaid'
         AND (company_holds.open_krw, captured_krw, released_krw)
           IS DISTINCT FROM (shares.open_krw, shares.spent_krw, shares.returned_krw))
      + (SELECT count(*) FROM company_lots LEFT JOIN lot_shares USING (charge_id)
         WHERE (company_lots.held_krw, company_lots.spent_krw)
           IS DISTINCT FROM (coalesce(lot_shares.held_krw, 0), coalesce(lot_shares.spent_krw, 0)))
      + (SELECT count(*) FROM company_lots
         LEFT JOIN lot_refunds USING (charge_id) LEFT JOIN company_cancellations USING (charge_id)
         LEFT JOIN lot_recoveries USING (charge_id)
         WHERE company_lots.paid_back_krw
           <> coalesce(lot_refunds.paid_back_krw, 0) + coalesce(company_cancellations.amount_krw, 0)
             + coalesce(lot_recoveries.recovered_krw, 0)) AS uneven_lots,
      (SELECT count(*) FROM proven_uses FULL JOIN stored_uses USING (subject_id, scope, month)
       WHERE coalesce(proven_uses.used_krw, 0) <> coalesce(stored_uses.used_krw, 0)) AS uneven_uses
""")


class SqlBooks:
    """`Books` of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def company_ids(self) -> Iterator[UUID]:
        """Every company that has accounts, a batch at a time."""
        last: UUID | None = None
        while True:
            found = select(ledger_heads.c.company_id).order_by(ledger_heads.c.company_id).limit(BATCH_ROWS_MAX)
            if last is not None:
                found = found.where(ledger_heads.c.company_id > last)
            with self._database.transaction() as session:
                batch = session.scalars(found).all()
            if not batch:
                return
            yield from batch
            last = batch[-1]

    @contextmanager
    def open(self, company_id: UUID) -> Iterator[CompanyBooks]:
        """A company's books as they stand at this moment."""
        with self._database.transaction() as session:
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield _SqlCompanyBooks(session, company_id)


class _SqlCompanyBooks:
    def __init__(self, session: Session, company_id: UUID) -> None:
        self._session = session
        self._company_id = company_id

    def lines(self) -> Iterator[Sequence[PostedLine]]:
        """Its postings in order, in batches."""
        last_seq = 0
        while True:
            rows = self._session.execute(
                select(postings)
                .where(postings.c.company_id == self._company_id, postings.c.seq > last_seq)
                .order_by(postings.c.seq)
                .limit(BATCH_ROWS_MAX)
            ).all()
            if not rows:
                return
            of_posting = self._entries(rows[0].seq, rows[-1].seq)
            yield [_line(row, of_posting[row.seq]) for row in rows]
            last_seq = rows[-1].seq

    def totals(self) -> Totals:
        """The stored figures that have to agree with its postings."""
        head = self._session.execute(select(ledger_heads).where(ledger_heads.c.company_id == self._company_id)).one()
        balances = self._session.execute(
            select(accounts.c.account, accounts.c.balance_krw).where(accounts.c.company_id == self._company_id)
        )
        sums = self._session.execute(_TOTALS, {"company_id": self._company_id}).one()
        return Totals(
            head_seq=head.seq,
            head_hash=bytes(head.hash),
            balances={Account(row.account): row.balance_krw for row in balances},
            holds_open_krw=int(sums.holds_open),
            holds_captured_krw=int(sums.holds_captured),
            uneven_holds=sums.uneven_holds,
            captures_krw=int(sums.captures),
            uneven_captures=sums.uneven_captures,
            lots_free_krw=int(sums.lots_free),
            lots_held_krw=int(sums.lots_held),
            lots_amount_krw=int(sums.lots_amount),
            uneven_lots=sums.uneven_lots,
            prepaid_open_krw=int(sums.prepaid_open),
            uneven_uses=sums.uneven_uses,
            lots_paid_back_krw=int(sums.lots_paid_back),
            paybacks_open_krw=int(sums.paybacks_open),
            paid_out_krw=int(sums.paid_out),
            fees_krw=int(sums.fees),
            cancelled_payout_krw=int(sums.cancelled_payout),
            taken_back_krw=int(sums.taken_back),
            recovered_krw=int(sums.recovered),
        )

    def _entries(self, first_seq: int, last_seq: int) -> dict[int, list[PostedEntry]]:
        rows = self._session.execute(
            select(entries)
            .where(entries.c.company_id == self._company_id, entries.c.seq.between(first_seq, last_seq))
            .order_by(entries.c.seq)
        )
        found: dict[int, list[PostedEntry]] = defaultdict(list)
        for row in rows:
            found[row.seq].append(PostedEntry(Account(row.account), row.amount_krw, row.balance_after_krw))
        return found


def _line(row: Row[tuple[object, ...]], posted: Sequence[PostedEntry]) -> PostedLine:
    try:
        posting = Posting(
            id=row.id,
            company_id=row.company_id,
            kind=PostingKind(row.kind),
            cause=row.cause,
            at=row.posted_at,
            entries=tuple(Entry(entry.account, entry.amount_krw) for entry in posted),
            order_id=row.order_id,
            charge_id=row.charge_id,
            refund_id=row.refund_id,
        )
    except UnbalancedPostingError:
        posting = None
    return PostedLine(row.seq, bytes(row.previous_hash), bytes(row.hash), posting, row.cause, tuple(posted))
