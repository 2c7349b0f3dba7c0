"""Sender profiles over the API, against the channel provider's wire."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from messaging_orders import a_request, publish
from messaging_parts import Parts
from werkzeug.test import TestResponse

from chassis.clock import FixedClock
from chassis.consumer import Consumer
from chassis.database import Database
from chassis.sealing import Sealer
from chassis.testing.callers import Callers
from chassis.testing.events import deliver
from chassis.web import WsgiApp
from contracts.ordering.dispatches import SenderProfileUsed
from messaging.main import consumers, create_api, profile_check
from messaging.settings import Settings
from messaging.storage.sender_profiles import SenderProfileTransactions
from messaging.storage.unit_of_work import Transactions
from sandbox.testing import RunningSandbox

PROFILES = "/v1/sender-profiles"
PHONE = "01000005678"
CATEGORY = "00100010001"


class Master:
    """A master at the API, with the phone that the tokens come to."""

    def __init__(self, app: WsgiApp, callers: Callers, world: RunningSandbox) -> None:
        self.company_id = uuid4()
        self._client = app.api.test_client()
        self._headers = callers.member("master", tenant_id=self.company_id)
        self._world = world

    def call(self, method: str, path: str = "", **content: object) -> TestResponse:
        return self._client.open(f"{PROFILES}{path}", method=method, headers=self._headers, **content)

    def ask_token(self, search_id: str) -> TestResponse:
        return self.call("POST", "/tokens", json={"search_id": search_id, "phone": "010-0000-5678"})

    def register(self, search_id: str, **changes: str) -> TestResponse:
        assert self.ask_token(search_id).status_code == 202
        (text, *_) = [item["text"] for item in self._world.ask("GET", f"/phone/api/{PHONE}")["messages"]]
        token = re.search(r"\d{6}", text)[0]
        body = {"search_id": search_id, "phone": PHONE, "category_code": CATEGORY, "token": token, **changes}
        return self.call("POST", json=body)

    def listed(self) -> list[dict]:
        return self.call("GET").json["items"]


@pytest.fixture
def app(wired_settings: Settings) -> WsgiApp:
    return create_api(wired_settings)


@pytest.fixture
def master(app: WsgiApp, callers: Callers, world: RunningSandbox) -> Master:
    return Master(app, callers, world)


@pytest.fixture
def lanes(wired_settings: Settings, database: Database, fixed_clock: FixedClock) -> dict[str, Consumer]:
    return {each.queue.lane: each for each in consumers(wired_settings, database, fixed_clock)}


@pytest.mark.rule("MSG-03")
def test_a_channel_is_registered_with_a_token_and_listed_with_its_key_and_state(master: Master) -> None:
    categories = master.call("GET", "/categories").json["items"]
    assert {"code": CATEGORY, "large": "건강", "medium": "병원", "small": "종합병원"} in categories
    registered = master.register("hanbit")
    assert registered.status_code == 201
    (profile,) = master.listed()
    assert profile == registered.json
    assert (profile["search_id"], profile["state"], profile["can_be_chosen"]) == ("@hanbit", "normal", True)
    assert len(profile["sender_key"]) == 40


@pytest.mark.rule("MSG-03")
@pytest.mark.parametrize(
    ("search_id", "reason"),
    [
        ("@private", "not_public"),
        ("@unverified", "not_verified"),
        ("@nocentre", "no_centre_number"),
        ("@abnormal", "not_normal"),
        ("@developer", "developer_channel"),
        ("@unknown", "unknown_channel"),
    ],
)
def test_a_refused_channel_is_told_which_condition_failed(master: Master, search_id: str, reason: str) -> None:
    refused = master.ask_token(search_id)
    assert (refused.status_code, refused.json["code"], refused.json["reason"]) == (422, "channel_refused", reason)
    assert refused.json["message"]["ko"]
    assert master.listed() == []


@pytest.mark.rule("MSG-03")
def test_a_wrong_token_or_category_registers_nothing(master: Master) -> None:
    wrong = master.register("@hanbit", token="wrong")
    assert (wrong.status_code, wrong.json["reason"]) == (422, "wrong_token_or_phone")
    unknown = master.register("@hanbit", category_code="999")
    assert (unknown.status_code, unknown.json["code"]) == (422, "category_unknown")
    assert master.listed() == []


@pytest.mark.rule("MSG-03")
def test_an_answer_that_is_lost_costs_a_second_try_and_makes_one_profile(master: Master, world: RunningSandbox) -> None:
    world.fault("kapi", "drop_after", "create")
    lost = master.register("@hanbit")
    assert (lost.status_code, lost.json["code"]) == (503, "channel_provider_away")
    assert master.register("@hanbit").status_code == 201
    again = master.ask_token("@hanbit")
    assert (again.status_code, again.json["code"]) == (409, "sender_profile_taken")
    assert len(master.listed()) == 1


@pytest.mark.rule("MSG-03")
def test_only_masters_manage_and_all_members_see_their_own_companys_profiles(
    master: Master, app: WsgiApp, callers: Callers
) -> None:
    profile_id = master.register("@hanbit").json["profile_id"]
    client, colleague = app.api.test_client(), callers.member("sub", tenant_id=master.company_id)
    assert len(client.get(PROFILES, headers=colleague).json["items"]) == 1
    assert client.delete(f"{PROFILES}/{profile_id}", headers=colleague).status_code == 403
    stranger = callers.member("master")
    assert client.get(PROFILES, headers=stranger).json["items"] == []
    assert client.delete(f"{PROFILES}/{profile_id}", headers=stranger).status_code == 404


@pytest.mark.rule("MSG-03")
def test_profiles_are_put_in_order_and_deleted_unless_orders_use_them(
    master: Master, lanes: dict[str, Consumer]
) -> None:
    first, second = (master.register(name).json["profile_id"] for name in ("@first", "@second"))
    ordered = master.call("PUT", "/order", json={"profile_ids": [second, first]}).json["items"]
    assert [item["search_id"] for item in ordered] == ["@second", "@first"]
    used = SenderProfileUsed(company_id=master.company_id, sender_profile_id=UUID(first), uses=2, version=5)
    deliver(lanes["state"], used, times=2)
    deliver(lanes["state"], used.model_copy(update={"uses": 0, "version": 4}))
    deliver(lanes["state"], used.model_copy(update={"company_id": uuid4(), "uses": 0, "version": 9}))
    refused = master.call("DELETE", f"/{first}")
    assert (refused.status_code, refused.json["code"], refused.json["uses"]) == (409, "sender_profile_in_use", 2)
    deliver(lanes["state"], used.model_copy(update={"uses": 0, "version": 6}))
    assert [item["search_id"] for item in master.call("DELETE", f"/{first}").json["items"]] == ["@second"]


@pytest.mark.rule("MSG-01", "MSG-03")
@pytest.mark.parametrize("leaves_normal", [False, True], ids=["normal", "blocked"])
def test_messages_go_out_by_the_chosen_profile_or_by_our_own_when_it_left_normal(
    master: Master,
    lanes: dict[str, Consumer],
    parts: Parts,
    transaction: Transactions,
    database: Database,
    world: RunningSandbox,
    sealer: Sealer,
    wired_settings: Settings,
    fixed_clock: FixedClock,
    leaves_normal: bool,
) -> None:
    profile = master.register("@hanbit").json
    publish(transaction)
    if leaves_normal:
        world.control("POST", "/kapi/channel", {"search_id": "@hanbit", "block": True})
        with database.transaction() as session:
            session.connection().exec_driver_sql("UPDATE sender_profiles SET checked_at = '2026-01-01Z'")
        fixed_clock.advance(timedelta(hours=1))
        check = profile_check(wired_settings, SenderProfileTransactions(database, fixed_clock))
        assert check.step()
        assert (master.listed()[0]["state"], master.listed()[0]["can_be_chosen"]) == ("blocked", False)
    changes = {"company_id": master.company_id, "sender_profile_id": UUID(profile["profile_id"])}
    deliver(lanes["bulk"], a_request(sealer, "01000001234").model_copy(update=changes))
    parts.turn("handover")
    (sent,) = [
        item["request"]["content"]["at"]["senderkey"]
        for item in world.control("GET", "/journal?provider=bizppurio&limit=1000")["items"]
        if item["route"] == "message"
    ]
    assert sent == ("s" * 40 if leaves_normal else profile["sender_key"])
