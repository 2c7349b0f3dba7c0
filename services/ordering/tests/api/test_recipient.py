"""The recipient's side: link, code, proof, coupons (ORD-26, ORD-27, IDN-05)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from ordering_probe.builders import an_order
from ordering_probe.recipients import ask_for_code, check, coupons, proof
from ordering_probe.suppliers import ScriptedSupplier
from sqlalchemy import text

from chassis.clock import FixedClock
from chassis.database import Database
from chassis.testing.plugin import published
from contracts.messaging import SendCode
from contracts.ordering.dispatches import DispatchRecipient, DispatchRequested
from ordering import main
from ordering.application.funds import accept_order
from ordering.application.placing import place_order
from ordering.settings import OrderRules, Settings
from ordering.storage.unit_of_work import Equipment, PostgresUnitOfWork

Unit = Callable[[], AbstractContextManager[PostgresUnitOfWork]]


@pytest.mark.rule("ORD-26")
def test_a_link_shows_the_masked_number_and_no_coupon(api: FlaskClient, links: list[str]) -> None:
    page = api.get("/v1/recipient/line", headers={"Link-Token": links[0]})
    assert page.json == {
        "state": "ready",
        "phone_masked": "010-****-0000",
        "send_title": "연말 감사",
        "order_type": "fixed",
        "coupons": 2,
        "is_proven": False,
        "card": "basic",
    }
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.rule("ORD-26")
def test_who_reads_the_code_sees_the_coupons(api: FlaskClient, links: list[str], sent_code: Callable[[], str]) -> None:
    shown = proof(api, links[0], sent_code)
    page = coupons(api, links[0], shown).json
    assert page["message"] == "안녕하세요 홍길동님"
    assert [coupon["product_name"] for coupon in page["coupons"]] == ["아이스 아메리카노", "엘팅초코바나나"]
    first = page["coupons"][0]
    assert first["number"] == first["barcode_value"] == "000000000001"
    assert first["expires_at"].startswith("2026-04-01T14:59:59")
    line = api.get("/v1/recipient/line", headers={"Link-Token": links[0], "Proof": shown})
    assert line.json["is_proven"] is True


@pytest.mark.rule("IDN-05")
@pytest.mark.rule("ORD-26")
def test_the_code_goes_to_the_very_number_the_coupon_was_sent_to(
    api: FlaskClient, links: list[str], database: Database, equipment: Equipment
) -> None:
    ask_for_code(api, links[1])
    with database.transaction() as session:
        sent = next(one for one in published(session) if isinstance(one, SendCode))
    assert equipment.sealer.open_text(sent.to) == "01000000001"
    assert len(equipment.sealer.open_text(sent.code)) == 6


@pytest.mark.rule("ORD-26")
def test_a_proof_holds_30_minutes_and_for_its_line_only(
    api: FlaskClient, links: list[str], sent_code: Callable[[], str], fixed_clock: FixedClock
) -> None:
    shown = proof(api, links[0], sent_code)
    fixed_clock.advance(timedelta(minutes=30, seconds=-1))
    assert coupons(api, links[0], shown).status_code == 200
    assert coupons(api, links[1], shown).status_code == 404
    fixed_clock.advance(timedelta(seconds=1))
    assert coupons(api, links[0], shown).status_code == 404


@pytest.mark.rule("ORD-26")
def test_unknown_foreign_and_missing_tokens_get_one_and_the_same_answer(api: FlaskClient, links: list[str]) -> None:
    answers = [
        api.get("/v1/recipient/line"),
        api.get("/v1/recipient/line", headers={"Link-Token": "x" * 24}),
        api.get("/v1/recipient/line", headers={"Link-Token": "x" * 4000}),
        ask_for_code(api, "nobody"),
        coupons(api, links[0], "no proof"),
        api.get("/v1/recipient/coupons", headers={"Link-Token": links[0]}),
    ]
    bodies = [{name: value for name, value in one.json.items() if name != "correlation_id"} for one in answers]
    assert {one.status_code for one in answers} == {404}
    assert all(body == bodies[0] for body in bodies)


@pytest.mark.rule("IDN-05")
def test_a_wrong_code_costs_one_of_five_tries(api: FlaskClient, links: list[str], sent_code: Callable[[], str]) -> None:
    code_id = ask_for_code(api, links[0]).json["code_id"]
    wrong = "000000" if sent_code() != "000000" else "000001"
    answers = [check(api, links[0], code_id, wrong) for _ in range(6)]
    assert [one.json.get("tries_left") for one in answers[:5]] == [4, 3, 2, 1, 0]
    assert (answers[5].status_code, answers[5].json["code"]) == (429, "code_limit_reached")
    assert check(api, links[0], code_id, sent_code()).status_code == 429


@pytest.mark.rule("IDN-05")
def test_a_code_lives_three_minutes_and_is_used_once(
    api: FlaskClient, links: list[str], sent_code: Callable[[], str], fixed_clock: FixedClock
) -> None:
    code_id = ask_for_code(api, links[0]).json["code_id"]
    assert check(api, links[0], code_id, sent_code()).status_code == 200
    assert check(api, links[0], code_id, sent_code()).json["code"] == "code_used"
    fixed_clock.advance(timedelta(seconds=60))
    code_id = ask_for_code(api, links[0]).json["code_id"]
    fixed_clock.advance(timedelta(seconds=180))
    late = check(api, links[0], code_id, sent_code())
    assert (late.status_code, late.json["code"]) == (410, "code_expired")


@pytest.mark.rule("IDN-05")
def test_the_next_code_comes_after_a_minute(api: FlaskClient, links: list[str], fixed_clock: FixedClock) -> None:
    assert ask_for_code(api, links[0]).json["resend_after_seconds"] == 60
    soon = ask_for_code(api, links[0])
    assert (soon.status_code, soon.json["code"], soon.headers["Retry-After"]) == (429, "code_too_soon", "60")
    fixed_clock.advance(timedelta(seconds=60))
    assert ask_for_code(api, links[0]).status_code == 201


@pytest.mark.rule("ORD-26")
def test_at_most_ten_codes_a_day_go_to_one_line(api: FlaskClient, links: list[str], fixed_clock: FixedClock) -> None:
    for _ in range(10):
        assert ask_for_code(api, links[0]).status_code == 201
        fixed_clock.advance(timedelta(seconds=61))
    refused = ask_for_code(api, links[0])
    assert (refused.status_code, refused.json["limit"]) == (429, "target")
    assert ask_for_code(api, links[1]).status_code == 201


def test_a_code_of_another_line_opens_nothing(api: FlaskClient, links: list[str], sent_code: Callable[[], str]) -> None:
    code_id = ask_for_code(api, links[0]).json["code_id"]
    assert check(api, links[1], code_id, sent_code()).json["code"] == "code_expired"


@pytest.mark.rule("ORD-27")
def test_of_a_revoked_coupon_no_number_is_shown_and_all_revoked_is_said_before_proving(
    api: FlaskClient, links: list[str], sent_code: Callable[[], str], database: Database
) -> None:
    shown = proof(api, links[0], sent_code)
    with database.transaction() as session:
        session.execute(text("UPDATE coupons SET state = 'revoked' WHERE item_no = 1"))
    some = coupons(api, links[0], shown).json
    assert [(one["state"], one["number"] is None) for one in some["coupons"]] == [
        ("revoked", True),
        ("issued", False),
    ]
    assert some["state"] == "ready"
    with database.transaction() as session:
        session.execute(text("UPDATE coupons SET state = 'revoked'"))
    assert api.get("/v1/recipient/line", headers={"Link-Token": links[0]}).json["state"] == "revoked"


def test_links_proofs_and_codes_are_stored_hashed(
    api: FlaskClient, links: list[str], sent_code: Callable[[], str], database: Database
) -> None:
    shown = proof(api, links[0], sent_code)
    with database.engine.connect() as connection:
        rows_of = [
            connection.execute(text(f"SELECT string_agg(t::text, '') FROM {table} t")).scalar_one()  # noqa: S608 - tables named by the test
            for table in ("order_lines", "recipient_proofs", "one_time_codes", "outbox")
        ]
    for secret in (links[0], shown):
        assert not any(secret in row for row in rows_of)


def test_bad_bodies_are_problems(api: FlaskClient, links: list[str]) -> None:
    for body in ({}, {"code_id": "x", "code": "1"}, {"code_id": links[0], "code": 123456}, []):
        answer = api.post("/v1/recipient/codes/check", headers={"Link-Token": links[0]}, json=body)
        assert (answer.status_code, answer.json["code"]) == (422, "invalid_request")


@pytest.mark.rule("ORD-14")
@pytest.mark.rule("ORD-37")
def test_the_page_shows_the_message_and_card_that_were_placed_with_the_recipients_values(
    api: FlaskClient,
    stocked: Unit,
    rules: OrderRules,
    settings: Settings,
    database: Database,
    fixed_clock: FixedClock,
    equipment: Equipment,
    sent_code: Callable[[], str],
) -> None:
    with stocked() as uow:
        command = an_order(
            coupon_card="birthday_party",
            coupon_message="#{이름}님의 #{기념일} <b>축하</b>",
            values={"기념일": "생일"},
        )
        accept_order(place_order(command, uow, rules.placing()), uow)
    main.wire_loops(settings, database, fixed_clock, {"giftishow": ScriptedSupplier()})[0].step()
    with database.transaction() as session:
        requested = next(one for one in published(session) if isinstance(one, DispatchRequested))
    recipient = equipment.sealer.open(requested.rows[0].recipient, DispatchRecipient)
    assert recipient.values == {"이름": "홍길동"}
    link = recipient.link.rsplit("/", 1)[1]
    assert api.get("/v1/recipient/line", headers={"Link-Token": link}).json["card"] == "birthday_party"
    shown = coupons(api, link, proof(api, link, sent_code)).json
    assert (shown["card"], shown["message"]) == ("birthday_party", "홍길동님의 생일 <b>축하</b>")
