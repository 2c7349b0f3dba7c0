"""월 구매한도 over HTTP: the master's list of sub-members, and its grants (manual 3-2)."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from wallet_builders import NOON, an_order_placed
from wallet_sayings import a_member

from chassis.testing.events import published
from contracts.values import MemberRole
from contracts.values import PaymentMethod as SaidMethod
from contracts.wallet import FundsRefused, LimitSet
from wallet.domain.month import seoul_month
from wallet.storage.limits import limit_batches


@pytest.fixture
def subs(office, wallet) -> list[UUID]:
    """Three sub-members of a company with 422,748 KRW, in order of id."""
    wallet.credit(office.company_id, 422_748)
    found = sorted(uuid4() for _ in range(3))
    for member_id in found:
        wallet.hear(a_member(office.company_id, member_id, MemberRole.SUB))
    return found


def give(office, limit_krw: int | None, *members: UUID) -> Any:
    body = {"member_ids": [str(member) for member in members], "limit_krw": limit_krw}
    return office.api.put("/v1/spending-limits", json=body, headers=office.master())


def listed(office) -> dict[str, Any]:
    return office.api.get("/v1/spending-limits", headers=office.master()).json


def this_month(wallet) -> str:
    (row,) = wallet.sql("SELECT clock_timestamp() AS at")
    return seoul_month(row.at)


@pytest.mark.rule("WAL-16", "ORD-30")
def test_nobody_has_a_limit_at_first_and_then_cannot_order(office, wallet, subs) -> None:
    assert [row["limit"] for row in listed(office)["items"]] == [None, None, None]

    order = an_order_placed(office.company_id, 1_000, member_id=subs[0], member_role=MemberRole.SUB)
    wallet.hear(order)

    (refused,) = wallet.answers()
    assert isinstance(refused, FundsRefused)
    assert refused.reason == "spending_limit_missing"


@pytest.mark.rule("WAL-16", "ORD-30", "WAL-19")
def test_one_or_several_are_given_a_limit_that_takes_nothing_from_the_master(office, wallet, subs) -> None:
    assert give(office, 300_000, subs[0], subs[1]).status_code == 200

    wallet.hear(
        an_order_placed(
            office.company_id, 120_000, member_id=subs[0], member_role=MemberRole.SUB, month=this_month(wallet)
        )
    )

    rows = listed(office)["items"]
    assert [row["limit"] and row["limit"]["left_krw"] for row in rows] == [180_000, 300_000, None]
    assert rows[0]["limit"] == {"limit_krw": 300_000, "used_krw": 120_000, "left_krw": 180_000}
    assert wallet.balances(office.company_id)["balance"] == 302_748
    usable = office.api.get("/v1/wallet", headers=office.sub(subs[1])).json["usable_krw"]
    assert usable == 300_000


@pytest.mark.rule("WAL-16")
def test_limits_may_add_up_to_more_than_the_master_has_and_that_is_shown(office, subs) -> None:
    give(office, 422_748, subs[0])
    give(office, 300_000, subs[1])
    give(office, None, subs[2])

    shown = listed(office)

    assert (shown["cap_krw"], shown["committed_krw"], shown["over_committed_krw"]) == (422_748, 722_748, 300_000)
    assert shown["unlimited_members"] == 1
    assert shown["items"][2]["limit"] == {"limit_krw": None, "used_krw": 0, "left_krw": None}


@pytest.mark.rule("WAL-16")
def test_a_limit_is_from_0_to_what_the_master_has_when_it_is_set(office, wallet, subs) -> None:
    assert give(office, 0, subs[0]).status_code == 200
    assert give(office, 422_748, subs[0]).status_code == 200

    refused = give(office, 422_749, subs[0], subs[1])

    assert (refused.status_code, refused.json["code"], refused.json["cap_krw"]) == (422, "limit_above_cap", 422_748)
    assert refused.json["message"]["ko"] == "422,748원 이하 입력 가능합니다."
    assert listed(office)["items"][1]["limit"] is None
    assert give(office, -1, subs[0]).status_code == 422


@pytest.mark.rule("WAL-16")
def test_a_limit_below_the_use_leaves_0(office, wallet, subs) -> None:
    give(office, 300_000, subs[0])
    order = an_order_placed(
        office.company_id, 120_000, member_id=subs[0], member_role=MemberRole.SUB, month=this_month(wallet)
    )
    wallet.hear(order)

    give(office, 100_000, subs[0])

    assert listed(office)["items"][0]["limit"] == {"limit_krw": 100_000, "used_krw": 120_000, "left_krw": 0}
    assert office.api.get("/v1/wallet", headers=office.sub(subs[0])).json["usable_krw"] == 0


@pytest.mark.rule("WAL-16", "WAL-11")
def test_a_postpaid_master_is_judged_by_its_contracts_monthly_limit(office, wallet, callers) -> None:
    company_id, member_id = wallet.a_company(payment_method=SaidMethod.POSTPAID), uuid4()
    wallet.hear(a_member(company_id, member_id, MemberRole.SUB))
    wallet.sql("INSERT INTO credit_contracts VALUES (:c, 500000, '2026-01-01')", c=company_id)
    wallet.hear(an_order_placed(company_id, 400_000, month=this_month(wallet)))
    master = callers.member("master", tenant_id=company_id)

    def put(limit_krw: int) -> Any:
        body = {"member_ids": [str(member_id)], "limit_krw": limit_krw}
        return office.api.put("/v1/spending-limits", json=body, headers=master)

    assert put(500_000).json["cap_krw"] == 500_000
    assert put(500_001).json["code"] == "limit_above_cap"


@pytest.mark.rule("WAL-16", "IDN-22")
def test_only_the_master_gives_and_only_to_its_own_sub_members(office, wallet, callers, subs) -> None:
    stranger = callers.member("master", tenant_id=wallet.a_company())
    body = {"member_ids": [str(subs[0])], "limit_krw": 0}

    assert office.api.put("/v1/spending-limits", json=body, headers=stranger).json["code"] == "sub_member_not_found"
    assert office.api.put("/v1/spending-limits", json=body, headers=office.sub(subs[0])).status_code == 403
    wallet.hear(a_member(office.company_id, office.master_id, MemberRole.MASTER))
    assert give(office, 0, subs[0], office.master_id).json["code"] == "sub_member_not_found"
    assert listed(office)["items"][0]["limit"] is None


@pytest.mark.rule("WAL-16")
def test_every_limit_is_said_with_its_version_and_can_be_said_again(office, wallet, subs) -> None:
    give(office, 300_000, subs[0], subs[1])
    give(office, None, subs[0])

    with wallet.database.transaction() as session:
        said = [event for event in published(session) if isinstance(event, LimitSet)]
        again = [event for batch in limit_batches(session) for event in batch]

    assert [(each.member_id, each.version, each.limit_krw) for each in said] == [
        (subs[0], 1, 300_000),
        (subs[1], 1, 300_000),
        (subs[0], 2, None),
    ]
    assert again == [said[2], said[1]]


@pytest.mark.rule("WAL-16")
def test_who_has_left_is_neither_listed_nor_counted(office, wallet, subs) -> None:
    give(office, 300_000, subs[0])
    wallet.hear(a_member(office.company_id, subs[0], MemberRole.SUB, version=2, state="withdrawn", joined_at=NOON))

    shown = listed(office)

    assert (len(shown["items"]), shown["committed_krw"]) == (2, 0)
    assert give(office, 0, subs[0]).status_code == 404
