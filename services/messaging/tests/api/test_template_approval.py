"""Templates on their way: drafted, submitted, approved or rejected by the provider, withdrawn (MSG-04)."""

from datetime import timedelta

import pytest
from messaging_orders import TEMPLATE_ID
from messaging_parts import Parts

from chassis.clock import FixedClock
from chassis.database import Database
from chassis.testing.callers import Callers
from chassis.testing.events import published
from chassis.web import WsgiApp
from contracts.audit import OperatorActed
from contracts.messaging import TemplatePublished
from messaging.main import create_api
from messaging.settings import Settings
from sandbox.testing import CREDENTIALS, RunningSandbox

TEMPLATE = {"provider_code": "COUPON_1", "theme": "감사", "name": "감사 인사", "body": "#{이름}님, 고맙습니다."}
OTHER = {"provider_code": "COUPON_2", "body": "#{회사명}에서 #{이름}님께"}


class Desk:
    """An operator, members who look, and the provider's inspection."""

    def __init__(
        self, app: WsgiApp, callers: Callers, parts: Parts, world: RunningSandbox, database: Database, clock: FixedClock
    ) -> None:
        self._app, self._callers, self._parts, self._world = app, callers, parts, world
        self._database, self._clock = database, clock

    def draft(self, **changes: object):
        headers = self._callers.operator("catalog")
        return self._app.admin.test_client().put(
            f"/admin/templates/{TEMPLATE_ID}", json={**TEMPLATE, **changes}, headers=headers
        )

    def post(self, act: str, **body: object):
        headers = self._callers.operator("catalog")
        path = f"/admin/templates/{TEMPLATE_ID}/{act}"
        return self._app.admin.test_client().post(path, json=body or None, headers=headers)

    def kept(self) -> dict[str, object]:
        headers = self._callers.operator("support")
        (item,) = self._app.admin.test_client().get("/admin/templates", headers=headers).json["items"]
        return item

    def offered(self) -> list[int]:
        """The versions that members may choose."""
        items = self._app.api.test_client().get("/v1/templates", headers=self._callers.member()).json["items"]
        return [item["version"] for item in items]

    def told(self) -> list[tuple[int, bool]]:
        """What others heard: versions, and whether they can be used."""
        with self._database.transaction() as session:
            said = published(session)
        return [(event.version, event.usable) for event in said if isinstance(event, TemplatePublished)]

    def acts(self) -> list[str]:
        """What the audit log heard."""
        with self._database.transaction() as session:
            return [event.action for event in published(session) if isinstance(event, OperatorActed)]

    def turn(self) -> bool:
        return self._parts.turn("templates")

    def wait(self) -> None:
        """Let the inspection and the interval of asking go by."""
        self._world.control("POST", "/clock/advance", {"seconds": 1})
        self._clock.set(self._clock.now() + timedelta(seconds=600))

    def calls(self) -> list[str]:
        """The calls to the provider's templates, oldest first."""
        items = self._world.control("GET", "/journal?provider=kapi&limit=100")["items"]
        return [item["route"].removeprefix("template_") for item in items]


@pytest.fixture
def desk(
    wired_settings: Settings,
    callers: Callers,
    parts: Parts,
    world: RunningSandbox,
    database: Database,
    fixed_clock: FixedClock,
) -> Desk:
    return Desk(create_api(wired_settings), callers, parts, world, database, fixed_clock)


@pytest.mark.rule("MSG-04")
def test_a_template_is_usable_only_once_the_provider_approved_it(desk: Desk) -> None:
    assert [desk.draft().json["state"] for _ in range(2)] == ["draft", "draft"]
    assert [desk.post("submit", version=1).json["state"] for _ in range(2)] == ["submitted", "submitted"]
    assert (desk.offered(), desk.told()) == ([], [])
    assert desk.turn()
    assert not desk.turn()
    assert desk.kept()["state"] == "submitted"
    desk.wait()
    desk.turn()
    assert (desk.kept()["state"], desk.offered(), desk.told()) == ("approved", [1], [(1, True)])
    assert desk.acts() == ["template.changed", "template.submitted"]
    assert sorted(desk.calls()) == ["add", "detail", "detail", "request"]


@pytest.mark.rule("MSG-04")
def test_the_provider_is_asked_every_600_seconds_until_it_has_decided(desk: Desk, fixed_clock: FixedClock) -> None:
    desk.draft()
    desk.post("submit", version=1)
    desk.turn()
    fixed_clock.set(fixed_clock.now() + timedelta(seconds=599))
    assert not desk.turn()
    fixed_clock.set(fixed_clock.now() + timedelta(seconds=1))
    assert desk.turn()


@pytest.mark.rule("MSG-04")
def test_a_rejection_shows_its_reason_and_a_new_text_starts_anew(desk: Desk) -> None:
    desk.draft(body="[반려] #{이름}님, 할인!")
    desk.post("submit", version=1)
    desk.turn()
    desk.wait()
    desk.turn()
    assert (desk.kept()["state"], desk.kept()["reason"]) == ("rejected", "광고성 내용이 있어 반려합니다.")
    assert (desk.offered(), desk.told()) == ([], [])
    assert desk.post("submit", version=1).json["code"] == "template_step_not_allowed"
    assert desk.draft().json["state"] == "draft"
    refusal = desk.post("submit", version=2)
    assert (refusal.status_code, refusal.json["code"]) == (409, "template_code_taken")
    assert desk.draft(provider_code="COUPON_2").json["version"] == 3
    assert desk.post("submit", version=3).json["state"] == "submitted"


@pytest.mark.rule("MSG-04")
def test_the_approved_version_goes_on_being_used_beside_a_new_draft(desk: Desk) -> None:
    desk.draft()
    desk.post("record-approval", version=1, provider_code="COUPON_1")
    drafted = desk.draft(**OTHER).json
    assert (drafted["version"], drafted["state"]) == (2, "draft")
    assert (desk.offered(), desk.told()) == ([1], [(1, True)])
    desk.post("submit", version=2)
    desk.turn()
    assert desk.offered() == [1]
    desk.wait()
    desk.turn()
    assert (desk.offered(), desk.told()) == ([2], [(1, True), (2, True)])


@pytest.mark.rule("MSG-04")
def test_what_the_provider_does_not_judge_keeps_its_judgement(desk: Desk) -> None:
    desk.draft()
    desk.post("record-approval", version=1, provider_code="COUPON_1")
    renamed = desk.draft(name="고마운 마음").json
    assert (renamed["version"], renamed["state"], desk.told()) == (2, "approved", [(1, True), (2, True)])


@pytest.mark.rule("MSG-04")
def test_an_approval_from_outside_is_recorded_once_with_its_code_and_audited(desk: Desk) -> None:
    desk.draft()
    for _ in range(2):
        recorded = desk.post("record-approval", version=1, provider_code="THEIRS_7").json
        assert (recorded["state"], recorded["provider_code"]) == ("approved", "THEIRS_7")
    assert (desk.told(), desk.acts()) == ([(1, True)], ["template.changed", "template.approval_recorded"])


@pytest.mark.rule("MSG-04")
def test_a_withdrawn_template_is_offered_no_more_and_can_be_drafted_again(desk: Desk) -> None:
    desk.draft()
    assert desk.post("withdraw").json["code"] == "template_step_not_allowed"
    desk.post("record-approval", version=1, provider_code="COUPON_1")
    assert [desk.post("withdraw").json["version"] for _ in range(2)] == [2, 2]
    assert (desk.offered(), desk.told()) == ([], [(1, True), (2, False)])
    assert (desk.draft().json["version"], desk.kept()["state"]) == (3, "draft")


def test_a_version_that_is_not_the_newest_and_a_template_that_is_not_there_are_refused(desk: Desk) -> None:
    assert desk.post("submit", version=1).status_code == 404
    desk.draft()
    desk.draft(**OTHER)
    for act, more in (("submit", {}), ("record-approval", {"provider_code": "X"})):
        refusal = desk.post(act, version=1, **more)
        assert (refusal.status_code, refusal.json["code"], refusal.json["version"]) == (409, "template_changed", 2)


@pytest.mark.rule("MSG-04")
@pytest.mark.parametrize("route", ["template_add", "template_request", "template_detail"])
@pytest.mark.parametrize("kind", ["5xx", "drop_before", "drop_after"])
def test_a_call_that_went_wrong_is_settled_by_asking_and_nothing_is_registered_twice(
    desk: Desk, world: RunningSandbox, route: str, kind: str
) -> None:
    world.fault("kapi", kind, route)
    desk.draft()
    desk.post("submit", version=1)
    for _ in range(3):
        desk.turn()
        desk.wait()
    desk.turn()
    assert (desk.kept()["state"], desk.told()) == ("approved", [(1, True)])


@pytest.mark.rule("MSG-04")
def test_a_code_that_has_another_text_at_the_provider_is_a_rejection(desk: Desk, world: RunningSandbox) -> None:
    taken = {"templateCode": "COUPON_1", "templateName": "other", "templateContent": "other", "categoryCode": "999999"}
    account = {"bizId": CREDENTIALS.message_account, "apiKey": CREDENTIALS.message_password, "senderKey": "s" * 40}
    assert world.ask("POST", "/kapi/v3/kakao/template/add", {**account, **taken})["code"] == "200"
    desk.draft()
    desk.post("submit", version=1)
    desk.turn()
    assert desk.kept()["state"] == "rejected"
    assert desk.told() == []


@pytest.mark.parametrize("body", [{"version": 0}, {"version": "x"}, {"version": 2**40}, {"version": 1, "more": 1}])
def test_a_bad_submission_is_a_problem(desk: Desk, body: dict[str, object]) -> None:
    desk.draft()
    assert desk.post("submit", **body).status_code in {400, 422}
