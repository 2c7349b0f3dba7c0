"""The cart over REST: whose it is, what it shows, and every refusal."""

from uuid import UUID, uuid4

import pytest
from catalog_builders import a_catalogue, a_product, the_offers

from catalog.application.importing import import_catalogue
from catalog.storage.unit_of_work import Transactions
from chassis.testing.callers import Callers
from chassis.web import WsgiApp

MEMBER = uuid4()
NOBODYS = str(UUID(int=9))


@pytest.fixture
def offers(transaction: Transactions) -> list[UUID]:
    """The offers of two products, 30 and 60 days of each."""
    with transaction() as uow:
        import_catalogue(a_catalogue(a_product("P1", "아메리카노 T"), a_product("P2", "카페라떼 T")), uow)
    return the_offers(transaction)


@pytest.fixture
def cart(app: WsgiApp, callers: Callers):
    """Calls addresses of the cart of one member, in a new session each time."""

    def call(method: str, path: str = "", *, key: str | None = None, member_id: UUID = MEMBER, **body: object):
        headers = callers.member("sub", subject_id=member_id) | {"Idempotency-Key": key or uuid4().hex}
        return app.api.test_client().open(f"/v1/cart{path}", method=method, json=body or None, headers=headers)

    return call


@pytest.mark.rule("CAT-07")
def test_the_cart_survives_the_session_and_is_the_members_own(cart, offers: list[UUID]) -> None:
    added = cart("POST", "/lines", offer_ids=[str(offers[0]), str(offers[3])])
    assert added.status_code == 201
    items = cart("GET").json["items"]
    assert [item["offer"]["offer_id"] for item in items] == [str(offers[0]), str(offers[3])]
    assert [item["notices"] for item in items] == [[], []]
    assert cart("GET", member_id=uuid4()).json["items"] == []


@pytest.mark.rule("CAT-09")
def test_a_line_lists_the_validities_with_face_and_sale_price(cart, offers: list[UUID]) -> None:
    (item,) = cart("POST", "/lines", offer_ids=[str(offers[0])]).json["items"]
    choices = [
        (one["validity_days"], one["face_price_krw"], one["sale_price_krw"]) for one in item["product"]["offers"]
    ]
    assert choices == [(30, 4_500, 4_410), (60, 4_500, 4_455)]
    (changed,) = cart("PUT", f"/lines/{item['line_id']}/validity", validity_days=60).json["items"]
    assert (changed["offer"]["sale_price_krw"], changed["added_sale_price_krw"]) == (4_455, 4_455)


@pytest.mark.rule("GWY-01")
def test_the_same_key_adds_once(cart, offers: list[UUID]) -> None:
    (item,) = cart("POST", "/lines", key="k1", offer_ids=[str(offers[0])]).json["items"]
    cart("DELETE", f"/lines?line_id={item['line_id']}")
    assert cart("POST", "/lines", key="k1", offer_ids=[str(offers[0])]).json["items"] == []
    reused = cart("POST", "/lines", key="k1", offer_ids=[str(offers[1])])
    assert (reused.status_code, reused.json["code"]) == (422, "idempotency_key_reused")


def test_several_lines_are_removed_at_once_and_again_without_harm(cart, offers: list[UUID]) -> None:
    items = cart("POST", "/lines", offer_ids=[str(offers[0]), str(offers[2])]).json["items"]
    both = "&".join(f"line_id={item['line_id']}" for item in items)
    assert cart("DELETE", f"/lines?{both}").json["items"] == []
    assert cart("DELETE", f"/lines?{both}").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", "/lines", {"offer_ids": [NOBODYS]}, 404, "offer_not_found"),
        ("POST", "/lines", {"offer_ids": []}, 422, "invalid_request"),
        ("POST", "/lines", {"offer_ids": ["x"]}, 422, "invalid_request"),
        ("POST", "/lines", {"offer_ids": [NOBODYS] * 1_001}, 422, "invalid_request"),
        ("PUT", f"/lines/{NOBODYS}/validity", {"validity_days": 30}, 404, "cart_line_not_found"),
        ("DELETE", "/lines", {}, 422, "invalid_request"),
    ],
)
def test_a_bad_request_is_a_problem(
    cart, offers: list[UUID], method: str, path: str, body: dict[str, object], status: int, code: str
) -> None:
    answer = cart(method, path, **body)
    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_operators_and_strangers_have_no_cart(app: WsgiApp, callers: Callers) -> None:
    assert app.api.test_client().get("/v1/cart").status_code == 401
    assert app.api.test_client().get("/v1/cart", headers=callers.operator()).status_code == 403
