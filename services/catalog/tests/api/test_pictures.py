"""Pictures of products come in several sizes."""

import io
from pathlib import Path

import pytest
from catalog_builders import a_catalogue
from picture_builders import a_picture
from PIL import Image

from catalog.application.importing import import_catalogue
from catalog.settings import Settings
from catalog.storage.unit_of_work import Transactions
from chassis.files import file_store_from
from chassis.testing.callers import Callers
from chassis.web import WsgiApp


@pytest.fixture
def upload(app: WsgiApp, callers: Callers, transaction: Transactions):
    """Gives the only product a picture."""
    with transaction() as uow:
        product_id = import_catalogue(a_catalogue(), uow).product_ids["P1"]

    def uploaded(content: bytes):
        data = {"file": (io.BytesIO(content), "picture")}
        address = f"/admin/products/{product_id}/image"
        return app.admin.test_client().put(address, data=data, headers=callers.operator("catalog"))

    return uploaded


def size_at(app: WsgiApp, url: str) -> tuple[int, int]:
    answer = app.api.test_client().get(url)
    assert answer.status_code == 200
    return Image.open(io.BytesIO(answer.data)).size


@pytest.mark.rule("CAT-01")
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_is_kept_at_three_widths_in_its_proportions(app: WsgiApp, upload, kind: str) -> None:
    urls = upload(a_picture(1_000, 500, kind)).json["image_urls"]
    assert {width: size_at(app, url) for width, url in urls.items()} == {
        "160": (160, 80),
        "320": (320, 160),
        "640": (640, 320),
    }


def test_a_narrow_picture_is_never_blown_up(app: WsgiApp, upload) -> None:
    urls = upload(a_picture(200, 100)).json["image_urls"]
    assert [size_at(app, url) for url in urls.values()] == [(160, 80), (200, 100), (200, 100)]


def test_a_picture_from_before_there_were_sizes_gets_them_when_asked(
    app: WsgiApp, upload, catalog_settings: Settings
) -> None:
    urls = upload(a_picture()).json["image_urls"]
    store = file_store_from(catalog_settings)
    store.delete(f"products/{Path(urls['320']).name}")
    assert size_at(app, urls["320"]) == (320, 160)


@pytest.mark.parametrize(
    "content",
    [a_picture(6_000, 5_000), a_picture()[:200], b"\x89PNG\r\n\x1a\n" + b"\x00" * 32],
    ids=["thirty million pixels", "cut off", "only a head"],
)
def test_what_cannot_be_shown_is_refused(upload, content: bytes) -> None:
    refused = upload(content)
    assert (refused.status_code, refused.json["code"]) == (422, "picture_unreadable")


def test_no_other_width_is_made(app: WsgiApp, upload) -> None:
    url = upload(a_picture()).json["image_urls"]["320"]
    assert app.api.test_client().get(url.replace("-320", "-321")).status_code == 404
