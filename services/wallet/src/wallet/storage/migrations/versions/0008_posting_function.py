"""Posting as a function of the database, planned once a connection and never by reading a table from end to end."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEPT_PLANS = "SET plan_cache_mode = 'force_generic_plan' SET enable_seqscan = off"
"""A plan that is kept must not be one that only suits a table that was small when it was made."""


def upgrade() -> None:
    op.execute(f"""
        CREATE FUNCTION post_to_ledger(
          p_id uuid, p_company_id uuid, p_kind text, p_cause text, p_at timestamptz,
          p_order_id uuid, p_charge_id uuid, p_refund_id uuid,
          p_canonical bytea, p_accounts text[], p_amounts bigint[]
        ) RETURNS bigint LANGUAGE plpgsql {KEPT_PLANS} AS $$
        DECLARE
          heads bigint;
          entries_written bigint;
        BEGIN
          -- The head comes first because the balances are joined to it: whoever waits for it sees those after it.
          WITH head AS (
            UPDATE ledger_heads
            SET seq = seq + 1, previous_hash = hash, hash = sha256(hash || p_canonical)
            WHERE company_id = p_company_id AND NOT EXISTS (SELECT 1 FROM postings WHERE cause = p_cause)
            RETURNING company_id, seq, previous_hash, hash
          ), posted AS (
            INSERT INTO postings
              (company_id, seq, id, kind, cause, posted_at, order_id, charge_id, refund_id, previous_hash, hash)
            SELECT company_id, seq, p_id, p_kind, p_cause, p_at, p_order_id, p_charge_id, p_refund_id,
              previous_hash, hash
            FROM head
          ), moved AS (
            UPDATE accounts
            SET balance_krw = accounts.balance_krw + movement.amount_krw
            FROM head, unnest(p_accounts, p_amounts) AS movement (account, amount_krw)
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
          SELECT (SELECT count(*) FROM head), (SELECT count(*) FROM entered) INTO heads, entries_written;
          RETURN CASE heads WHEN 0 THEN NULL ELSE entries_written END;
        END $$
    """)  # noqa: S608
    op.execute(
        "COMMENT ON FUNCTION post_to_ledger IS 'Writes a posting; how many of its entries could be written, NULL when"
        " its cause was posted before or its company has no head. Fewer than given: the caller rolls back.'"
    )
    op.execute(f"ALTER FUNCTION posting_must_balance() {KEPT_PLANS}")
