"""Cards: managed by operators, shown to members, uploaded once, carried by the MMS (MSG-04)."""

import io

import pytest
from messaging_orders import TEMPLATE_ID, a_request, publish
from messaging_parts import Parts

from chassis.clock import FixedClock
from chassis.consumer import Consumer
from chassis.database import Database
from chassis.sealing import Sealer
from chassis.testing.callers import Callers
from chassis.testing.events import deliver
from chassis.web import WsgiApp
from messaging.main import consumers, create_api
from messaging.settings import Settings
from messaging.storage.unit_of_work import Transactions
from sandbox.testing import RunningSandbox

JPEG = b"\xff\xd8\xff\xe0" + b"a card" * 100
PATH = f"/admin/templates/{TEMPLATE_ID}/card"


@pytest.fixture
def app(wired_settings: Settings) -> WsgiApp:
    return create_api(wired_settings)


def put(app: WsgiApp, callers: Callers, content: bytes, path: str = PATH):
    file = {"file": (io.BytesIO(content), "card.jpg")}
    return app.admin.test_client().put(
        path, headers=callers.operator("catalog"), data=file, content_type="multipart/form-data"
    )


@pytest.mark.rule("MSG-04")
def test_a_card_makes_a_new_version_that_members_see(app: WsgiApp, callers: Callers, transaction: Transactions) -> None:
    publish(transaction)
    assert [put(app, callers, JPEG).json["version"] for _ in range(2)] == [2, 2]
    client = app.api.test_client()
    (shown,) = client.get("/v1/templates", headers=callers.member("sub")).json["items"]
    picture = client.get(shown["card_url"])
    assert (picture.data, picture.mimetype) == (JPEG, "image/jpeg")
    assert publish(transaction, body="#{이름}님, 새 글입니다.", provider_code="COUPON_2").version == 3
    (changed,) = client.get("/v1/templates", headers=callers.member("sub")).json["items"]
    assert changed["card_url"] == shown["card_url"]


@pytest.mark.rule("MSG-04")
@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n", b"GIF89a", b"\xff\xd8\xff" + bytes(300 * 1024)])
def test_what_no_mms_can_carry_is_refused(
    app: WsgiApp, callers: Callers, transaction: Transactions, content: bytes
) -> None:
    publish(transaction)
    assert put(app, callers, content).status_code in {400, 422}
    (shown,) = app.api.test_client().get("/v1/templates", headers=callers.member("sub")).json["items"]
    assert (shown["card_url"], shown["version"]) == (None, 1)


def test_a_card_of_no_template_and_a_picture_of_no_card_are_not_found(app: WsgiApp, callers: Callers) -> None:
    assert put(app, callers, JPEG).status_code == 404
    for name in ("nothing.jpg", "nothing", "%00.jpg"):
        assert app.api.test_client().get(f"/v1/cards/{name}").status_code in {400, 404, 422}


@pytest.mark.rule("MSG-01", "MSG-04")
@pytest.mark.parametrize("taken", [True, False], ids=["taken", "upload fails"])
def test_the_mms_carries_the_card_which_is_uploaded_once_and_holds_nothing_back(
    app: WsgiApp,
    callers: Callers,
    parts: Parts,
    transaction: Transactions,
    database: Database,
    world: RunningSandbox,
    wired_settings: Settings,
    fixed_clock: FixedClock,
    sealer: Sealer,
    taken: bool,
) -> None:
    publish(transaction)
    put(app, callers, JPEG)
    if not taken:
        world.fault("bizppurio", "5xx", "file", times=10)
    bulk: Consumer = next(
        each for each in consumers(wired_settings, database, fixed_clock) if each.queue.lane == "bulk"
    )
    for phone in ("01090011234", "01090011235"):
        deliver(bulk, a_request(sealer, phone).model_copy(update={"template_version": 2}))
        parts.turn("handover")
    calls = world.control("GET", "/journal?provider=bizppurio&limit=100")["items"]
    uploads = [call for call in calls if call["route"] == "file"]
    sent = [call["request"]["recontent"]["mms"] for call in calls if call["route"] == "message"]
    assert len(sent) == 2
    assert len(uploads) == (1 if taken else 2)
    assert [len(mms.get("file", [])) for mms in sent] == ([1, 1] if taken else [0, 0])
