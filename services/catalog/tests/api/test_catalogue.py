"""The REST API of the catalogue: operators fill it, members browse it, anybody sees its pictures."""

import io
from uuid import uuid4

import pytest
from picture_builders import a_picture

from chassis.testing.callers import Callers
from chassis.web import WsgiApp

CATALOGUE = {
    "brands": [{"code": "STAR", "name": "스타벅스"}],
    "categories": [{"code": "CAFE", "name": "카페"}],
    "products": [
        {
            "code": "P1",
            "brand_code": "STAR",
            "category_code": "CAFE",
            "name": "아메리카노 T",
            "face_price_krw": 60_000,
            "offers": [
                {
                    "validity_days": 30,
                    "sale_price_krw": 59_400,
                    "supplier": "giftishow",
                    "supplier_goods_code": "G1",
                }
            ],
        }
    ],
}
PNG = a_picture()


@pytest.fixture
def imported(app: WsgiApp, callers: Callers) -> str:
    """The id of the only product."""
    answer = app.admin.test_client().post("/admin/catalogue", json=CATALOGUE, headers=callers.operator("catalog"))
    assert (answer.json["created"], answer.json["changed"], answer.json["unchanged"]) == (1, 0, 0)
    return answer.json["product_ids"]["P1"]


@pytest.mark.rule("CAT-05")
def test_a_member_sees_percent_sale_and_face_price_and_the_notice(
    app: WsgiApp, callers: Callers, imported: str
) -> None:
    """Manual 1: -1% 59,400원 / 60,000원."""
    page = app.api.test_client().get("/v1/products?query=ㅇㅁㄹ", headers=callers.member("sub")).json
    (offer,) = page["items"][0]["offers"]
    assert (offer["discount_percent"], offer["sale_price_krw"], offer["face_price_krw"]) == (1, 59_400, 60_000)
    assert page["notice"] == "상품이미지 및 가격은 실제와 상이할 수 있습니다."


def test_a_picture_is_judged_by_its_content_and_served_to_anybody(
    app: WsgiApp, callers: Callers, imported: str
) -> None:
    def upload(content: bytes):
        return app.admin.test_client().put(
            f"/admin/products/{imported}/image",
            data={"file": (io.BytesIO(content), "picture.png")},
            headers=callers.operator("catalog"),
        )

    refused = upload(b"<svg/>")
    assert (refused.status_code, refused.json["code"]) == (422, "invalid_request")
    image_url = upload(PNG).json["image_url"]
    picture = app.api.test_client().get(image_url)
    assert (picture.data, picture.mimetype) == (PNG, "image/png")
    assert "immutable" in picture.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["../secret", "x.png", "%2e%2e%2fkey"])
def test_a_picture_that_does_not_exist_is_not_found(app: WsgiApp, name: str) -> None:
    assert app.api.test_client().get(f"/v1/images/{name}").status_code == 404


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"face_price_krw": 0}, 422, "price_not_positive"),
        ({"brand_code": "NOBODY"}, 422, "unknown_code"),
        ({"offers": [CATALOGUE["products"][0]["offers"][0] | {"validity_days": 45}]}, 422, "validity_not_offered"),
        ({"code": "P2"}, 409, "offer_taken"),
        ({"offers": []}, 422, "invalid_request"),
        ({"surprise": 1}, 422, "invalid_request"),
    ],
)
def test_a_bad_import_is_a_problem_that_says_what_to_do(
    app: WsgiApp, callers: Callers, imported: str, change: dict[str, object], status: int, code: str
) -> None:
    bad = {**CATALOGUE, "products": [{**CATALOGUE["products"][0], **change}]}
    answer = app.admin.test_client().post("/admin/catalogue", json=bad, headers=callers.operator("catalog"))
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.json["message"]["ko"]
    assert answer.json["message"]["en"]


@pytest.mark.rule("CAT-06")
def test_an_operator_prices_discontinues_and_resumes(app: WsgiApp, callers: Callers, imported: str) -> None:
    admin, member = app.admin.test_client(), app.api.test_client()
    offer_id = member.get(f"/v1/products/{imported}", headers=callers.member()).json["offers"][0]["offer_id"]
    operator = callers.operator("catalog")
    priced = admin.put(f"/admin/offers/{offer_id}/price", json={"sale_price_krw": 58_000}, headers=operator)
    assert list(priced.json["prices"].values())[-1] == 58_000
    assert admin.post(f"/admin/products/{imported}/discontinue", headers=operator).json["discontinued"] is True
    assert member.get("/v1/products", headers=callers.member()).json["items"] == []
    assert admin.post(f"/admin/products/{imported}/resume", headers=operator).json["discontinued"] is False
    missing = admin.post(f"/admin/products/{uuid4()}/resume", headers=operator)
    assert (missing.status_code, missing.json["code"]) == (404, "product_not_found")


@pytest.mark.rule("IDN-24")
def test_only_operators_with_the_role_keep_the_catalogue(app: WsgiApp, callers: Callers) -> None:
    for headers, status in ((callers.operator("finance"), 403), (callers.member(), 403), ({}, 401)):
        assert app.admin.test_client().post("/admin/catalogue", json=CATALOGUE, headers=headers).status_code == status
