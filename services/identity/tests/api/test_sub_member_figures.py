"""누적 주문 금액 and 월 구매한도 in the master's list (manual 3-2), whatever arrives first."""

from datetime import UTC, datetime
from io import BytesIO
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest
from identity_service import Identity, MemberAtWork
from python_calamine import CalamineWorkbook

from contracts.event import Event
from contracts.examples import example
from contracts.ordering.coupons import CouponsFailed, CouponsIssued, CouponsRevoked
from contracts.ordering.orders import OrderCancelled, OrderPlaced
from contracts.wallet import LimitSet

MARCH = datetime(2026, 3, 3, tzinfo=UTC)


@pytest.fixture
def master(identity: Identity) -> MemberAtWork:
    member = identity.member()
    assert member.log_in().status_code == 200
    return member


@pytest.fixture
def sub(identity: Identity, master: MemberAtWork) -> MemberAtWork:
    return identity.sub_member(master)


def said(event: type[Event], **changes: Any) -> Any:
    return event.model_validate(example(event.type) | changes)


def placed(member: MemberAtWork, amount_krw: int, *, month: str = "2026-03") -> OrderPlaced:
    me = member.me().json
    return said(  # type: ignore[no-any-return]
        OrderPlaced,
        order_id=uuid4(),
        company_id=me["company_id"],
        member_id=me["member_id"],
        amount_krw=amount_krw,
        month=month,
    )


def limit(member_id: UUID, version: int, limit_krw: int | None) -> LimitSet:
    return LimitSet(member_id=member_id, company_id=uuid4(), version=version, limit_krw=limit_krw)


def row_of(master: MemberAtWork, query: str = "") -> dict[str, Any]:
    (row,) = master.get(f"/v1/members?{query}").json["items"]
    return dict(row)


@pytest.mark.rule("IDN-26")
def test_everything_that_goes_back_counts_no_more_in_whatever_order_it_is_heard(
    identity: Identity, master: MemberAtWork, sub: MemberAtWork
) -> None:
    identity.hear("limits", limit(sub.member_id, 1, 1_000_000))
    orders = permutations(range(4))
    for count, order_of_arrival in enumerate(orders, start=1):
        order = placed(sub, 10_000)
        about = {"order_id": order.order_id}
        heard = [
            order,
            said(CouponsIssued, **about, amount_krw=4_000, difference_krw=1_000),
            said(CouponsFailed, **about, amount_krw=2_000, cash_like_krw=0),
            said(CouponsRevoked, **about, revocation_id=uuid4(), amount_krw=3_000, cash_like_krw=0, repaid=True),
        ]
        identity.hear("orders", *(heard[place] for place in order_of_arrival), times=2)
        row = row_of(master)
        assert row["ordered_krw"] == 4_000 * count
        assert row["monthly_limit"] == {"left_krw": 1_000_000 - 4_000 * count, "limit_krw": 1_000_000}


@pytest.mark.rule("IDN-26")
def test_a_cancelled_order_counts_nothing_and_a_revocation_without_repayment_changes_nothing(
    identity: Identity, master: MemberAtWork, sub: MemberAtWork
) -> None:
    cancelled, kept = placed(sub, 30_000), placed(sub, 5_000)
    revoked = said(CouponsRevoked, order_id=kept.order_id, amount_krw=5_000, cash_like_krw=0, repaid=False)
    went_back = said(OrderCancelled, order_id=cancelled.order_id, amount_krw=30_000)
    identity.hear("orders", went_back, cancelled, kept, revoked)
    assert row_of(master)["ordered_krw"] == 5_000


@pytest.mark.rule("IDN-26")
def test_the_limit_is_shown_with_what_is_left_of_the_present_seoul_month(
    identity: Identity, master: MemberAtWork, sub: MemberAtWork
) -> None:
    assert row_of(master)["monthly_limit"] is None
    identity.hear("orders", placed(sub, 20_000), placed(sub, 7_000, month="2026-02"))
    identity.hear("limits", limit(sub.member_id, 2, 50_000), limit(sub.member_id, 1, 900))
    assert row_of(master)["monthly_limit"] == {"left_krw": 30_000, "limit_krw": 50_000}
    identity.hear("limits", limit(sub.member_id, 3, 10_000))
    assert row_of(master)["monthly_limit"] == {"left_krw": 0, "limit_krw": 10_000}
    identity.hear("limits", limit(sub.member_id, 4, None))
    assert row_of(master)["monthly_limit"] == {"left_krw": None, "limit_krw": None}
    identity.hear("limits", limit(sub.member_id, 5, 50_000))
    identity.clock.set(datetime(2026, 3, 31, 15, 0, tzinfo=UTC))
    assert master.log_in().status_code == 200
    assert row_of(master)["monthly_limit"] == {"left_krw": 50_000, "limit_krw": 50_000}, "April has begun in Seoul"


@pytest.mark.rule("IDN-26")
def test_the_list_is_sorted_by_limits_and_its_workbook_shows_them(identity: Identity, master: MemberAtWork) -> None:
    limits: dict[str, int | None] = {"b": 70_000, "a": None, "c": 20_000}
    for number, (name, limit_krw) in enumerate(limits.items()):
        member = identity.sub_member(master, f"{name}@example.co.kr", phone=f"0101111000{number}")
        identity.hear("limits", limit(member.member_id, 1, limit_krw))
        if name == "b":
            identity.hear("orders", placed(member, 60_000))
    identity.invite(master, "waits@example.co.kr")

    def emails(query: str) -> list[str]:
        first = master.get(f"/v1/members?{query}&limit=2").json
        rest = master.get(f"/v1/members?{query}&limit=2&cursor={first['next_cursor']}").json
        return [row["email"][0] for row in first["items"] + rest["items"]]

    assert emails("sort=limit_krw&descending=true") == ["a", "b", "c", "w"]
    assert emails("sort=left_krw&descending=false") == ["w", "b", "c", "a"]
    export = master.get("/v1/members/export?sort=email")
    rows = CalamineWorkbook.from_filelike(BytesIO(export.data)).get_sheet_by_name("서브회원").to_python()
    assert rows[0][4:6] == ["월 잔여 한도", "월 구매한도"]
    assert [row[4:6] for row in rows[1:]] == [["무제한", "무제한"], [10_000, 70_000], [20_000, 20_000], ["-", "-"]]
