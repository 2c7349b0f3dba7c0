"""Postings are balanced, and a chain tells whether any of them was touched."""

from dataclasses import replace
from uuid import uuid4

import pytest
from wallet_builders import NOON

from wallet.domain.errors import UnbalancedPostingError
from wallet.domain.ledger import GENESIS_HASH, Account, Entry, Posting, PostingKind, canonical, link, transfer


def a_posting(*entries: Entry) -> Posting:
    return Posting(uuid4(), uuid4(), PostingKind.CHARGE, "charge:1:credit", NOON, entries)


@pytest.mark.rule("WAL-17")
@pytest.mark.parametrize(
    "entries",
    [
        (),
        (Entry(Account.BALANCE, 1_000),),
        (Entry(Account.BALANCE, 1_000), Entry(Account.SALES, -999)),
        (Entry(Account.BALANCE, 0), Entry(Account.SALES, 0)),
        (Entry(Account.BALANCE, 1_000), Entry(Account.BALANCE, -1_000)),
    ],
)
def test_a_posting_that_is_no_balanced_movement_does_not_exist(entries: tuple[Entry, ...]) -> None:
    with pytest.raises(UnbalancedPostingError):
        a_posting(*entries)


@pytest.mark.rule("WAL-17")
def test_a_posting_hashes_the_same_whatever_the_order_of_its_entries() -> None:
    posting = a_posting(*transfer(Account.PROVIDER_CLEARING, Account.BALANCE, 1_000))

    assert canonical(posting) == canonical(replace(posting, entries=posting.entries[::-1]))


@pytest.mark.rule("WAL-17")
def test_any_change_of_a_posting_or_of_what_went_before_changes_its_hash() -> None:
    posting = a_posting(*transfer(Account.PROVIDER_CLEARING, Account.BALANCE, 1_000))
    original = link(GENESIS_HASH, posting)
    changes = [
        replace(posting, id=uuid4()),
        replace(posting, company_id=uuid4()),
        replace(posting, kind=PostingKind.CAPTURE),
        replace(posting, cause="another"),
        replace(posting, at=NOON.replace(microsecond=1)),
        replace(posting, order_id=uuid4()),
        replace(posting, charge_id=uuid4()),
        replace(posting, entries=transfer(Account.PROVIDER_CLEARING, Account.BALANCE, 1_001)),
        replace(posting, entries=transfer(Account.RECEIVABLE, Account.BALANCE, 1_000)),
    ]

    hashes = {link(GENESIS_HASH, changed) for changed in changes} | {link(b"\x01" * 32, posting)}

    assert original not in hashes
    assert len(hashes) == len(changes) + 1
