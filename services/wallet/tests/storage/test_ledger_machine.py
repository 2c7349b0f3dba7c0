"""Whatever companies, banks and several workers do to a real database, in whatever order and however often: the books
prove themselves after every step, and no account is below zero (WAL-17, WAL-18)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import Phase
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from wallet_acts import Act, Street

from wallet.application.verification import prove_ledger
from wallet.storage.books import SqlBooks

EXAMPLES = 12
STEPS = 20
WORKERS = 4

amounts = st.integers(1, 60_000)
acts = st.builds(
    Act,
    st.sampled_from(
        [
            "charge",
            "charge_by_card",
            "take_back",
            "deposit_again",
            "order",
            "order",
            "issue",
            "issue",
            "fail",
            "withdraw",
            "cancel_an_order",
            "revoke",
            "revoke",
            "order_and_revoke_in_any_order",
            "let_in_what_came_too_early",
            "repeat",
            "turn_the_month",
            "set_a_limit",
            "cancel_a_charge",
            "ask_for_a_refund",
            "move_a_refund_on",
        ]
    ),
    amounts,
    st.integers(0, 9),
    st.integers(0, 11),
)


class LedgerMachine(RuleBasedStateMachine):
    """One street of companies; single acts, and rounds in which every worker does some at the same time."""

    wallet: Any
    steps = 0
    acts_done = 0

    def __init__(self) -> None:
        super().__init__()
        self.street = Street(self.wallet)
        self.street.perform(Act("charge", 60_000))

    @rule(act=acts)
    def one_after_another(self, act: Act) -> None:
        self._count(1)
        self.street.perform(act)

    @rule(shares=st.lists(st.lists(acts, min_size=1, max_size=4), min_size=2, max_size=WORKERS))
    def all_at_once(self, shares: list[list[Act]]) -> None:
        self._count(sum(map(len, shares)))
        with ThreadPoolExecutor(len(shares)) as pool:
            list(pool.map(lambda share: [self.street.perform(act) for act in share], shares))

    @invariant()
    def nothing_is_below_zero(self) -> None:
        below = self.wallet.sql(
            "SELECT account FROM accounts WHERE balance_krw < 0"
            " AND account NOT IN ('provider_clearing', 'receivable', 'claims')"
        )
        assert below == []

    @invariant()
    def running_balances_are_the_sums_of_their_entries_at_every_row(self) -> None:
        wrong = self.wallet.sql(
            """
            SELECT * FROM (
              SELECT balance_after_krw, sum(amount_krw) OVER (PARTITION BY company_id, account ORDER BY seq) AS summed
              FROM entries WHERE company_id IN (:prepaid, :postpaid)
            ) AS rows WHERE balance_after_krw <> summed
        """,
            prepaid=self.street.prepaid,
            postpaid=self.street.postpaid,
        )
        assert wrong == []

    def teardown(self) -> None:
        assert prove_ledger(SqlBooks(self.wallet.database)).findings == ()

    @classmethod
    def _count(cls, acts_done: int) -> None:
        LedgerMachine.steps += 1
        LedgerMachine.acts_done += acts_done


@pytest.mark.rule("WAL-17", "WAL-18", "WAL-06", "WAL-09", "WAL-10", "WAL-02", "WAL-11", "ORD-32")
def test_the_ledger_stays_proven_whatever_happens(
    wallet, capsys: pytest.CaptureFixture[str], record_property: Any
) -> None:
    LedgerMachine.wallet = wallet
    LedgerMachine.steps = LedgerMachine.acts_done = 0

    run_state_machine_as_test(
        LedgerMachine,
        settings=hypothesis_settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            # What several workers do is not the same twice, so there is nothing to shrink.
            phases=[Phase.generate],
        ),
    )

    proof = prove_ledger(SqlBooks(wallet.database))
    assert proof.findings == ()
    figures = {
        "steps": LedgerMachine.steps,
        "acts": LedgerMachine.acts_done,
        "companies": proof.companies,
        "postings": proof.postings,
    }
    record_property("ledger_machine", figures)
    with capsys.disabled():
        print(f"\nledger machine on PostgreSQL: {figures}, proven")
