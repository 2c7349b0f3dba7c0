"""Banners of the home page."""

import io
from uuid import uuid4

import pytest
from picture_builders import a_picture

from chassis.testing.callers import Callers
from chassis.web import WsgiApp


@pytest.fixture
def admin(app: WsgiApp, callers: Callers):
    """Calls addresses of the banners as an operator."""

    def call(method: str, path: str = "", **kwargs: object):
        headers = callers.operator("catalog") | {"Idempotency-Key": uuid4().hex}
        return app.admin.test_client().open(f"/admin/banners{path}", method=method, headers=headers, **kwargs)

    return call


def a_banner(admin, text: str, link: str = "/products", *, pictured: bool = True) -> str:
    banner_id = admin("POST", json={"text": text, "link": link}).json["banner_id"]
    if pictured:
        admin("PUT", f"/{banner_id}/image", data={"file": (io.BytesIO(a_picture()), "banner.png")})
    return banner_id


@pytest.fixture
def shown(app: WsgiApp, callers: Callers):
    """The texts that a member sees."""

    def texts() -> list[str]:
        banners = app.api.test_client().get("/v1/banners", headers=callers.member("sub")).json["items"]
        return [banner["text"] for banner in banners]

    return texts


@pytest.mark.rule("GWY-02")
def test_members_see_pictured_banners_that_are_on_in_their_order(admin, shown) -> None:
    opening = a_banner(admin, "서비스 OPEN!", "https://coup.biz/open?from=banner")
    sale = a_banner(admin, "파격 할인")
    a_banner(admin, "아직 그림이 없는 배너", pictured=False)
    off = a_banner(admin, "끝난 행사")
    admin("PUT", f"/{off}", json={"text": "끝난 행사", "link": "/products", "is_on": False})
    assert shown() == ["서비스 OPEN!", "파격 할인"]
    every = [banner["banner_id"] for banner in admin("GET").json["items"]]
    assert (
        admin("PUT", "/order", json={"banner_ids": [sale, *(one for one in every if one != sale)]}).status_code == 200
    )
    assert shown() == ["파격 할인", "서비스 OPEN!"]
    assert admin("DELETE", f"/{opening}").status_code == 204
    assert shown() == ["파격 할인"]


@pytest.mark.rule("GWY-02")
def test_a_banner_has_its_picture_in_several_sizes(app: WsgiApp, callers: Callers, admin) -> None:
    a_banner(admin, "행사")
    (banner,) = app.api.test_client().get("/v1/banners", headers=callers.member()).json["items"]
    assert list(banner["image_urls"]) == ["160", "320", "640"]
    assert app.api.test_client().get(banner["image_url"]).status_code == 200


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "http://plain.example", "//other.example", "/\\other.example", "data:x", "https:///x"],
)
def test_a_banner_leads_nowhere_else(admin, link: str) -> None:
    refused = admin("POST", json={"text": "행사", "link": link})
    assert (refused.status_code, refused.json["code"]) == (422, "banner_link_not_allowed")


def test_an_order_names_each_banner_once(admin) -> None:
    banner_id = a_banner(admin, "행사")
    for ids in ([], [banner_id, banner_id], [str(uuid4())]):
        assert admin("PUT", "/order", json={"banner_ids": ids}).json["code"] == "banners_differ"


def test_twenty_banners_are_enough(admin) -> None:
    for number in range(20):
        a_banner(admin, str(number), pictured=False)
    refused = admin("POST", json={"text": "더", "link": "/"})
    assert (refused.status_code, refused.json["code"]) == (409, "too_many_banners")


def test_what_is_not_there_is_not_found(admin, app: WsgiApp, callers: Callers) -> None:
    body = {"text": "행사", "link": "/"}
    assert admin("PUT", f"/{uuid4()}", json=body).json["code"] == "banner_not_found"
    assert admin("DELETE", f"/{uuid4()}").status_code == 404
    assert app.admin.test_client().get("/admin/banners", headers=callers.operator("finance")).status_code == 403
