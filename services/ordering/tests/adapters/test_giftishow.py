"""The supplier's adapter against its wire, with every fault that it has (ORD-33)."""

from collections.abc import Iterator

import pytest
from ordering_probe.builders import CAKE, COFFEE
from ordering_probe.sandboxes import SupplierWorld

from chassis.answers import NotSent, Response, Unknown
from chassis.chunks import ChunkCaller
from ordering.adapters.giftishow import Giftishow, meaning
from ordering.application.sending_ports import SupplierCall
from ordering.domain.answers import (
    Answer,
    Cancelled,
    CancelRefused,
    Issued,
    NeverCame,
    NotDone,
    NotFound,
    NumberLost,
    Refused,
    Stands,
    Stopped,
    Unsure,
)
from ordering.domain.attempt import Action
from ordering.domain.coupon import CouponState

GOODS = f"G{COFFEE.int:011d}"
WELL = "01000001234"


@pytest.fixture
def supplier(supplier_world: SupplierWorld) -> Iterator[Giftishow]:
    with ChunkCaller() as caller:
        yield Giftishow(supplier_world.account, caller)


def call(supplier: Giftishow, action: Action, *, phone: str = WELL, goods: str = GOODS, tr_id: str = "TR1") -> Answer:
    return supplier.call_all([SupplierCall(action, tr_id, goods, phone)])[0]


def test_a_coupon_is_issued_once_found_by_asking_and_cancelled(supplier: Giftishow) -> None:
    issued = call(supplier, Action.ISSUE)
    assert isinstance(issued, Issued)
    assert issued.number
    assert call(supplier, Action.ISSUE) == Unsure("COUPON.0015")
    found = call(supplier, Action.ASK)
    assert isinstance(found, Issued)
    assert found.number == issued.number
    assert found.expires_at is not None
    assert call(supplier, Action.CANCEL) == Cancelled()
    assert call(supplier, Action.CANCEL) == Cancelled()
    assert call(supplier, Action.ASK) == Refused("pin_07")


def test_answers_come_in_the_order_of_the_calls(supplier: Giftishow) -> None:
    calls = [SupplierCall(Action.ISSUE, f"TR{number}", GOODS, WELL) for number in range(60)]
    first = [answer.number for answer in supplier.call_all(calls) if isinstance(answer, Issued)]
    asked = [SupplierCall(Action.ASK, one.tr_id, one.goods_code, one.phone) for one in calls]
    again = [answer.number for answer in supplier.call_all(asked) if isinstance(answer, Issued)]
    assert first == again
    assert len(set(first)) == 60


@pytest.mark.rule("ORD-33")
@pytest.mark.parametrize("kind", ["hang_after", "drop_after", "5xx_after", "malformed"])
def test_what_was_issued_unheard_is_unknown_and_found_by_asking(
    supplier_world: SupplierWorld, supplier: Giftishow, kind: str
) -> None:
    supplier_world.fault(kind, "send")
    assert isinstance(call(supplier, Action.ISSUE), Unsure)
    assert isinstance(call(supplier, Action.ASK), Issued)


@pytest.mark.rule("ORD-33")
@pytest.mark.parametrize("kind", ["5xx", "drop_before"])
def test_what_never_reached_the_supplier_looks_the_same_until_it_is_asked(
    supplier_world: SupplierWorld, supplier: Giftishow, kind: str
) -> None:
    supplier_world.fault(kind, "send")
    assert isinstance(call(supplier, Action.ISSUE), Unsure)
    assert call(supplier, Action.ASK) == NotFound()
    assert call(supplier, Action.VOID) == NeverCame("ERR0208")


@pytest.mark.rule("ORD-33")
def test_a_deduction_without_a_coupon_is_voided(supplier: Giftishow) -> None:
    assert call(supplier, Action.ISSUE, phone="01090130001") == Unsure("E9999")
    assert call(supplier, Action.ASK) == NotFound()
    assert call(supplier, Action.VOID) == Refused("voided")


def test_a_coupon_that_is_there_is_not_voided(supplier: Giftishow) -> None:
    call(supplier, Action.ISSUE)
    assert call(supplier, Action.VOID) == Unsure("COUPON.0006")


@pytest.mark.rule("ORD-29")
@pytest.mark.parametrize("phone", ["01090110001", "01090110002"])
def test_a_goods_error_is_a_definite_no_in_either_envelope(supplier: Giftishow, phone: str) -> None:
    assert call(supplier, Action.ISSUE, phone=phone) == Refused("COUPON.0011")


def test_an_empty_balance_stops_the_queue(supplier_world: SupplierWorld, supplier: Giftishow) -> None:
    supplier_world.fault("error", "send", status=200, body={"code": "E0010", "message": "비즈머니가 부족합니다."})
    assert call(supplier, Action.ISSUE) == Stopped("E0010")
    supplier_world.fault("inner_error", "send", code="E0010")
    assert call(supplier, Action.ISSUE) == Stopped("E0010")


def test_a_busy_supplier_is_called_again_later(supplier_world: SupplierWorld, supplier: Giftishow) -> None:
    supplier_world.fault("error", "send", status=429, body={"code": "E9999"})
    assert call(supplier, Action.ISSUE) == NotDone("http_429")


def test_phone_and_secrets_stand_in_no_repr(supplier_world: SupplierWorld) -> None:
    shown = f"{supplier_world.account!r} {SupplierCall(Action.ISSUE, 'TR', GOODS, WELL)!r} {Issued('1234')!r}"
    assert WELL not in shown
    assert "token" not in shown.replace("auth_token", "")
    assert "1234'" not in shown


@pytest.mark.rule("ORD-19")
@pytest.mark.parametrize(
    ("end", "state"),
    [
        ("exchange", CouponState.USED),
        ("expire", CouponState.EXPIRED),
        ("discard", CouponState.REVOKED),
        (None, CouponState.ISSUED),
    ],
)
def test_a_coupon_stands_as_the_supplier_tells(
    supplier_world: SupplierWorld, supplier: Giftishow, end: str | None, state: CouponState
) -> None:
    assert call(supplier, Action.LOOK) == NotFound()
    call(supplier, Action.ISSUE)
    if end is not None:
        supplier_world.control("POST", f"/giftishow/coupons/{end}", {"tr_id": "TR1"})
    assert call(supplier, Action.LOOK) == Stands(state)


def answer(body: str, status: int = 200) -> Response:
    return Response(status, {}, body.encode())


@pytest.mark.parametrize(
    ("action", "heard", "meant"),
    [
        (Action.ISSUE, NotSent("ConnectError"), NotDone("ConnectError")),
        (Action.ISSUE, Unknown("TimeoutError"), Unsure("TimeoutError")),
        (Action.ISSUE, answer("{}", 502), Unsure("http_502")),
        (Action.ISSUE, answer("{}", 403), Stopped("http_403")),
        (Action.ISSUE, answer("<html>"), Unsure("unreadable")),
        (Action.ISSUE, answer("[]"), Unsure("unreadable")),
        (Action.ISSUE, answer('{"code": "0000"}'), Unsure("unreadable")),
        (
            Action.ISSUE,
            answer('{"code":"0000","result":{"code":"0000","result":{"orderNo":"1"}}}'),
            Unsure("no_number"),
        ),
        (Action.ISSUE, answer('{"code": "E0008"}'), Stopped("E0008")),
        (Action.ISSUE, answer('{"code": "ERR0800"}'), Unsure("ERR0800")),
        (Action.ASK, answer('{"code":"0000","result":[]}'), NotFound()),
        (Action.ASK, answer('{"code":"0000","result":[{"couponInfoList":null}]}'), NotFound()),
        (
            Action.ASK,
            answer('{"code":"0000","result":[{"couponInfoList":[{"pinStatusCd":"01"}]}]}'),
            NumberLost("no_number"),
        ),
        (Action.LOOK, answer('{"code": "E9999"}'), Unsure("E9999")),
        (Action.LOOK, answer('{"code":"0000","result":[]}'), NotFound()),
        (
            Action.LOOK,
            answer('{"code":"0000","result":[{"couponInfoList":[{"pinStatusCd":"03"}]}]}'),
            Unsure("pin_03"),
        ),
        (Action.CANCEL, answer('{"code": "COUPON.0007"}'), CancelRefused("COUPON.0007")),
        (Action.CANCEL, answer('{"code": "E9999"}'), Unsure("E9999")),
    ],
)
def test_what_an_answer_means(action: Action, heard: Response | NotSent | Unknown, meant: Answer) -> None:
    assert meaning(action, heard) == meant


def test_the_goods_code_is_the_offers(supplier_world: SupplierWorld, supplier: Giftishow) -> None:
    call(supplier, Action.ISSUE, goods=f"G{CAKE.int:011d}")
    assert supplier_world.calls("send")[0]["request"]["goods_code"] == f"G{CAKE.int:011d}"
