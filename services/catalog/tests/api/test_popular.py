"""Popular products over REST."""

import pytest
from catalog_builders import a_catalogue

from catalog.application.importing import import_catalogue
from catalog.storage.unit_of_work import Transactions
from chassis.testing.callers import Callers
from chassis.web import WsgiApp


@pytest.mark.rule("CAT-03")
def test_tabs_are_those_of_the_manual_once_operators_chose_them(
    app: WsgiApp, callers: Callers, transaction: Transactions
) -> None:
    """Manual 1: 전체 | 치킨 | 카페."""
    with transaction() as uow:
        import_catalogue(a_catalogue(), uow)
    admin, member = app.admin.test_client(), app.api.test_client()
    body = {"category_codes": ["CHICKEN", "CAFE"]}
    assert admin.put("/admin/popular-tabs", json=body, headers=callers.operator("finance")).status_code == 403
    assert admin.put("/admin/popular-tabs", json=body, headers=callers.operator("catalog")).status_code == 200
    tabs = member.get("/v1/popular-products", headers=callers.member("sub")).json["tabs"]
    assert [(tab["category_code"], tab["name"]) for tab in tabs] == [
        (None, "전체"),
        ("CHICKEN", "치킨"),
        ("CAFE", "카페"),
    ]
    refused = admin.put("/admin/popular-tabs", json={"category_codes": ["X"]}, headers=callers.operator("catalog"))
    assert (refused.status_code, refused.json["code"]) == (422, "unknown_code")
