"""서브회원 관리 over REST (manual 3-2)."""

from datetime import UTC, datetime
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from identity_service import Identity, MemberAtWork
from python_calamine import CalamineWorkbook

from chassis.testing.events import deliver
from contracts.identity import MemberState, MemberStateChanged, SessionsRevoked
from contracts.ordering.coupons import CouponsFailed
from contracts.ordering.orders import OrderPlaced, OrderRejected
from identity import main

AT = datetime(2026, 3, 3, tzinfo=UTC)


@pytest.fixture
def master(identity: Identity) -> MemberAtWork:
    member = identity.member()
    assert member.log_in().status_code == 200
    return member


def placed(member: MemberAtWork, amount_krw: int) -> OrderPlaced:
    me = member.me().json
    return OrderPlaced(
        order_id=uuid4(),
        order_number="CB20260303C0001",
        order_name="봄맞이",
        order_type="fixed",
        company_id=me["company_id"],
        member_id=me["member_id"],
        member_role=me["role"],
        recipients=1,
        amount_krw=amount_krw,
        cash_like_krw=0,
        month="2026-03",
        placed_at=AT,
    )


def failed(order: OrderPlaced, amount_krw: int, chunk_no: int = 0) -> CouponsFailed:
    return CouponsFailed(
        order_id=order.order_id,
        company_id=order.company_id,
        chunk_no=chunk_no,
        wave=0,
        coupons=1,
        amount_krw=amount_krw,
        failed_at=AT,
    )


def hear(identity: Identity, *events: object) -> None:
    lane = next(each for each in main.consumers_of(identity.parts, identity.settings) if each.queue.lane == "orders")
    for event in events:
        deliver(lane, event, times=2)  # type: ignore[arg-type]


@pytest.mark.rule("IDN-18", "IDN-13")
def test_a_suspended_sub_member_is_logged_out_and_stays_out_until_resumed(
    identity: Identity, master: MemberAtWork
) -> None:
    sub = identity.sub_member(master)
    member_id = sub.member_id
    answer = master.post(f"/v1/members/{member_id}/suspend")
    assert (answer.status_code, answer.json["state"]) == (200, "suspended")
    assert sub.me().status_code == 401
    assert sub.refresh().status_code == 401
    refused = sub.password()
    assert (refused.status_code, refused.json["code"], refused.json["state"]) == (
        403,
        "member_not_active",
        "suspended",
    )
    assert identity.said(SessionsRevoked)[-1].subject_id == member_id
    assert identity.said(MemberStateChanged)[-1].state is MemberState.SUSPENDED
    again = master.post(f"/v1/members/{member_id}/suspend")
    assert (again.status_code, again.json["code"], again.json["state"]) == (409, "state_refuses", "suspended")
    assert master.post(f"/v1/members/{member_id}/resume").json["state"] == "active"
    assert sub.refresh().status_code == 401
    identity.advance(seconds=60)
    assert sub.log_in().status_code == 200
    versions = [said.version for said in identity.said(MemberStateChanged) if said.member_id == member_id]
    assert versions == [1, 2, 3]


@pytest.mark.rule("IDN-22")
def test_only_the_own_master_changes_a_sub_member_and_nobody_a_master(identity: Identity, master: MemberAtWork) -> None:
    sub = identity.sub_member(master)
    stranger = identity.member(email="other@example.co.kr", business_number="116-82-00276", phone="01077776666")
    stranger.log_in()
    for member_id in (sub.member_id, uuid4()):
        assert stranger.post(f"/v1/members/{member_id}/suspend").json["code"] == "member_not_found"
    assert master.post(f"/v1/members/{master.member_id}/suspend").json["code"] == "member_not_found"
    assert sub.post(f"/v1/members/{sub.member_id}/suspend").status_code == 403
    assert sub.get("/v1/members").status_code == 403
    assert stranger.get("/v1/members").json["items"] == []
    assert sub.me().status_code == 200


@pytest.mark.rule("IDN-26")
def test_the_list_shows_members_and_invitations_with_what_was_ordered(identity: Identity, master: MemberAtWork) -> None:
    sub = identity.sub_member(master)
    identity.invite(master, "waits@example.co.kr", name="정대기", phone="01055556666")
    order, other, refused = placed(sub, 100_000), placed(sub, 50_000), placed(sub, 70_000)
    rejected = OrderRejected(
        order_id=refused.order_id,
        company_id=refused.company_id,
        member_id=refused.member_id,
        reason="balance",
        rejected_at=AT,
    )
    hear(identity, failed(order, 9_900), rejected, order, other, refused, failed(order, 100, chunk_no=1))
    rows = master.get("/v1/members").json["items"]
    assert [(row["email"], row["name"], row["phone"], row["state"], row["ordered_krw"]) for row in rows] == [
        ("sub@example.co.kr", "최서브", "01022223333", "active", 140_000),
        ("waits@example.co.kr", "정대기", "01055556666", "pending", None),
    ]


@pytest.mark.rule("IDN-26")
def test_the_list_is_searched_filtered_sorted_and_paged(identity: Identity, master: MemberAtWork) -> None:
    subs = [
        identity.sub_member(master, f"{name}@example.co.kr", name=ko, phone=f"0101111000{number}")
        for number, (name, ko) in enumerate([("b", "나나"), ("a", "다다"), ("c", "가가")])
    ]
    hear(identity, placed(subs[0], 300), placed(subs[1], 100), placed(subs[2], 200))

    def emails(query: str) -> list[str]:
        return [row["email"][0] for row in master.get(f"/v1/members?{query}").json["items"]]

    assert emails("") == ["b", "a", "c"]
    assert emails("sort=email") == ["a", "b", "c"]
    assert emails("sort=name") == ["c", "b", "a"]
    assert emails("sort=ordered_krw&descending=true") == ["b", "c", "a"]
    assert emails("text=%EA%B0%80%EA%B0%80") == ["c"]
    assert emails("text=A@EX") == ["a"]
    assert emails("text=%25") == []
    master.post(f"/v1/members/{subs[0].member_id}/suspend")
    assert emails("state=suspended") == ["b"]
    assert sorted(emails("state=suspended&state=active")) == ["a", "b", "c"]
    for sort in ("name", "email", "state", "ordered_krw", "entered_at"):
        for descending in ("false", "true"):
            whole = emails(f"sort={sort}&descending={descending}")
            paged: list[str] = []
            cursor = ""
            while True:
                page = master.get(f"/v1/members?sort={sort}&descending={descending}&limit=1{cursor}").json
                paged += [row["email"][0] for row in page["items"]]
                if page["next_cursor"] is None:
                    break
                cursor = f"&cursor={page['next_cursor']}"
            assert paged == whole
    assert master.get("/v1/members?cursor=bad").status_code == 422


@pytest.mark.rule("IDN-26")
def test_withdrawn_members_are_hidden_unless_filtered_for(identity: Identity, master: MemberAtWork) -> None:
    sub = identity.sub_member(master)
    with identity.parts.begin() as uow:
        member = uow.members.get_for_update(UUID(str(sub.member_id)))
        assert member is not None
        uow.members.save(member.act("request_withdrawal").act("approve_withdrawal"))
    assert master.get("/v1/members").json["items"] == []
    assert [row["state"] for row in master.get("/v1/members?state=withdrawn").json["items"]] == ["withdrawn"]


@pytest.mark.rule("IDN-26")
def test_the_workbook_holds_the_list_and_no_formula(identity: Identity, master: MemberAtWork) -> None:
    sub = identity.sub_member(master, name="=1+1")
    identity.invite(master, "waits@example.co.kr")
    hear(identity, placed(sub, 12_000))
    answer = master.get("/v1/members/export")
    assert answer.status_code == 200
    sheet = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_name("서브회원")
    head, first, second = sheet.to_python()
    assert head == [
        "이메일주소",
        "이름",
        "휴대전화번호",
        "누적 주문 금액",
        "월 잔여 한도",
        "월 구매한도",
        "상태",
        "가입일",
    ]
    assert first == ["sub@example.co.kr", "=1+1", "01022223333", 12_000, "-", "-", "정상", "2026-03-02"]
    assert second[3:] == ["-", "-", "-", "가입대기", "-"]
