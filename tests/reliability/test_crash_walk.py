"""Killed at every named point of every service and started again: the job finishes, and nothing happens twice."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from pydantic import SecretStr
from reliability_parts.crash_points import CrashPoints
from reliability_parts.events import an
from reliability_parts.houses import declared_points
from reliability_parts.people import ENDED, PATIENCE_SECONDS, People

from chassis.broker import ConfirmedPublisher, Outgoing, connected
from chassis.crash import FOLDER_VARIABLE
from chassis.sealing import Keyring, Sealer
from chassis.testing.events import enveloped, eventually
from contracts.event import Event
from contracts.identity import CashLikeGranted, CreditContracted, DormancyNear, OpenAffairsAsked
from contracts.ordering.dispatches import SenderProfileUsed
from contracts.ordering.orders import ChoicesStopped
from contracts.ordering.plans import PlanDayNear, PlanStopped
from contracts.wallet import BalanceLow, ForecastShort, InvoiceIssued, LimitSet, RefundDecided
from launcher.audit import Journal, audit, database_url
from launcher.journey.rest import Refused, Rest
from launcher.services import RELAY, WITH_DATABASE, WORKER
from launcher.suite import Suite
from launcher.trial import Trial, trial_suite
from launcher.words import LauncherError

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(3_600)]

CODES_PHONE = "01000000066"
GOOD, BY_MMS, NOT_ISSUED = "01000001001", "01090011003", "01090111004"
IMPATIENT = {
    "IDENTITY_CODE_RESEND_SECONDS": "0",
    "MESSAGING_CHANNELS_TIMEOUT_SECONDS": "1",
    "MESSAGING_CHUNK_MESSAGES": "50",
    "MESSAGING_LEASE_SECONDS": "3",
    "MESSAGING_PROVIDER_FALLS_BACK": "false",
    "MESSAGING_PROVIDER_TIMEOUT_SECONDS": "2",
    "MESSAGING_REPORT_POLL_SECONDS": "0.5",
    "ORDERING_ASKINGS_MIN": "1",
    "ORDERING_ASKING_DELAYS_SECONDS": "[1]",
    "ORDERING_CHUNK_COUPONS_MAX": "3",
    "ORDERING_CHUNK_LINES_MAX": "1",
    "ORDERING_ISSUE_LEASE_SECONDS": "3",
    "ORDERING_RETRY_SECONDS": "1",
    "ORDERING_SETTLING_SECONDS": "1",
    "ORDERING_SUPPLIER_TIMEOUT_SECONDS": "2",
    "WALLET_CHARGE_VIRTUAL_ACCOUNT_ENABLED": "true",
    "WALLET_CONFIRM_LEASE_SECONDS": "3",
    "WALLET_CONFIRM_RETRY_DELAYS_SECONDS": "[1]",
    "WALLET_DEPOSIT_SWEEP_SECONDS": "2",
}
"""Leases and waits of seconds instead of minutes, a chunk a recipient, so that every loop has work, and the MMS in the
place of an alimtalk is ours to send."""

NOBODY_IS_TOLD = {"SANDBOX_BIZPPURIO_REPORT_URL": "", "SANDBOX_TOSS_WEBHOOK_URL": ""}
"""Providers push nothing: message reports and payments have to be asked for."""

DEPOSITED_KRW = 30_000
CHARGED_KRW = 400_000
"""Enough for as many orders as a slow machine may need until every process has died at every point."""

DAY_SECONDS = 24 * 3600
DOUBTS_AFTER_SECONDS = 60


@contextmanager
def suite_with_points(folder: Path) -> Iterator[tuple[Trial, CrashPoints, dict[str, tuple[str, ...]]]]:
    """A suite all of whose processes look into the folder at every point."""
    told = IMPATIENT | {FOLDER_VARIABLE: str(folder)}
    names = [f"{package}-{role}" for package in WITH_DATABASE for role in ("api", WORKER, RELAY)]
    with trial_suite(print, extra=dict.fromkeys(names, told) | {"sandbox": NOBODY_IS_TOLD}) as trial:
        declared = declared_points(trial.suite)
        yield trial, CrashPoints(folder, declared), declared


@pytest.mark.long
def test_killed_at_every_point_of_every_service_the_job_finishes_and_nothing_happens_twice(tmp_path: Path) -> None:
    began = time.monotonic()
    with suite_with_points(tmp_path) as (trial, points, declared):
        people = People(trial.places)
        walk_the_catalogue(people, points)
        walk_the_codes(people, points)
        walk_the_sign_up(people, points)
        walk_the_way_of_the_money(trial, people, points)
        walk_an_invitation(people, points)
        walk_a_forgotten_password(people, points)
        walk_a_logout(people, points)
        walk_a_cancellation(people, points)
        walk_a_revocation(people, points)
        invented = walk_a_permission(trial.suite, points)
        walk_a_warning(trial.suite, points)
        forget_the_invented(trial.suite, invented)
        assert points.missed == []
        see_nobody_died_of_anything_else(trial, points, declared)
        see_nothing_lost_or_doubled(trial, people)
    print(f"{len(points.walked)} of {len(points.declared)} crash points, in {time.monotonic() - began:.0f} s")


@pytest.mark.long
def test_killed_at_every_point_on_the_way_of_the_money_the_job_finishes_and_nothing_happens_twice(
    tmp_path: Path,
) -> None:
    began = time.monotonic()
    with suite_with_points(tmp_path) as (trial, points, _):
        people = People(trial.places)
        people.seed()
        people.sign_up()
        people.log_in()
        walk_the_way_of_the_money(trial, people, points)
        see_nothing_lost_or_doubled(trial, people)
    print(f"{len(points.walked)} of {len(points.declared)} crash points, in {time.monotonic() - began:.0f} s")


def see_nobody_died_of_anything_else(trial: Trial, points: CrashPoints, declared: Mapping[str, Sequence[str]]) -> None:
    """A payment's points are passed by the API as well, which is why there may be fewer deaths."""
    for name, of_process in declared.items():
        armings = sum(points.armings[point] for point in of_process)
        assert len(of_process) <= armings
        assert trial.running.restarts(name) <= armings, name


def walk_the_way_of_the_money(trial: Trial, people: People, points: CrashPoints) -> None:
    """From the charge to the last report; orders that are sent, refused, withdrawn, and waited for too long."""
    walk_the_charge(people, points)
    walk_a_virtual_account(people, points)
    walk_an_order(people, points)
    walk_a_refusal(people, points)
    walk_a_scheduled_order(people, points)
    walk_a_withdrawal(trial, people, points)
    walk_long_waits(people, points)


def walk_the_catalogue(people: People, points: CrashPoints) -> None:
    """An operator fills the catalogue: offers, templates, and the audit log."""
    points.arm("catalog.relay.*", "messaging.relay.*", "identity.audit.*")
    points.arm("ordering.state.catalog.*", "ordering.state.messaging.*", "messaging.templates.*")
    people.seed()
    points.see_all_die()


def walk_the_codes(people: People, points: CrashPoints) -> None:
    """A code that is lost with its process, as a mail or an SMS, is asked for anew, and comes."""
    gateway = Rest(people.places.gateway_url)
    started = gateway.post("/v1/sign-ups")
    applying = Rest(people.places.gateway_url, headers={"Sign-Up-Token": started["sign_up_token"]})
    sign_up = f"/v1/sign-ups/{started['sign_up_id']}"

    def walk(path: str, named: dict[str, str], loop: str) -> None:
        def ask() -> None:
            applying.post(path, named)

        points.arm(f"{loop}.*")
        points.act_until_all_died(ask)

        def prove() -> bool:
            (target,) = named.values()
            code = people.outside.code_after(target, ask)
            try:
                applying.post(f"{path}/check", {"code": code})
            except Refused as refused:
                if refused.code != "code_wrong":
                    raise
                return False  # An earlier code came late.
            return True

        eventually(prove, PATIENCE_SECONDS)

    walk(f"{sign_up}/email-codes", {"email": f"codes-{people.applicant.email}"}, "messaging.code_mails")
    walk(f"{sign_up}/phone-codes", {"phone": CODES_PHONE}, "messaging.codes")


def walk_the_sign_up(people: People, points: CrashPoints) -> None:
    """A company's sign-up, its approval, and what others hear of it."""
    points.arm("identity.relay.*", "scheduler.timers.scheduler.set_timer.*")
    points.arm("messaging.mail.identity.application_*", "messaging.mails.*")
    points.arm("*.identity.company_changed.*", "*.identity.member_state_changed.*")
    people.sign_up()
    points.see_all_die()
    assert len({letter["subject"] for letter in people.outside.letters(people.applicant.email)}) >= 2
    people.log_in()


def walk_the_charge(people: People, points: CrashPoints) -> None:
    """The process that confirms a payment dies after the provider was called: first the API, then the worker."""
    points.arm("wallet.confirm.*", "wallet.relay.*")
    charge = people.begin_charge(CHARGED_KRW)
    people.pay(charge)
    points.see_all_die()
    points.arm("wallet.confirm.*")
    points.see_all_die()
    people.see_credited(charge)
    assert people.master.wallet()["balance_krw"] == CHARGED_KRW


def walk_a_virtual_account(people: People, points: CrashPoints) -> None:
    """The process that has an account issued dies after the bank gave it, and so does the one that learns of its money.

    There is one account at the end, and one credit, though nobody knew of either when it was made.
    """
    points.arm("wallet.confirm.*")
    ask_again = people.begin_deposit(DEPOSITED_KRW)
    points.see_all_die()
    points.arm("wallet.confirm.*")
    points.see_all_die()
    eventually(lambda: ask_again()["state"] == "waiting", PATIENCE_SECONDS)
    charge = ask_again()
    accounts = Journal(Rest(people.places.sandbox_url)).all("payments")
    assert [row["orderId"] for row in accounts].count(charge["provider_order_id"]) == 1
    people.outside.deposit(charge["provider_order_id"])
    points.arm("wallet.confirm.*", "wallet.relay.*")
    points.see_all_die()
    people.see_credited(charge)
    assert people.master.wallet()["balance_krw"] == CHARGED_KRW + DEPOSITED_KRW


def walk_an_order(people: People, points: CrashPoints) -> None:
    """From the money's reservation to the last report: everything that moves money, coupons and messages."""
    points.arm("ordering.relay.*", "ordering.issuing*", "*.wallet.funds_reserved.*", "ordering.reports.*")
    points.arm("*.ordering.order_placed.*", "*.ordering.order_accepted.*")
    points.arm("*.ordering.coupons_issued.*", "*.ordering.coupons_failed.*")
    points.arm("messaging.bulk.*", "messaging.handover.after_call", "messaging.handover.after_record")
    points.arm("messaging.fallback.*")
    points.arm("messaging.notices.ordering.order_sent.*", "messaging.telling.*")
    points.arm("messaging.fetch.*", "messaging.reports.*", "scheduler.timers.scheduler.cancel_timer.*")
    points.act_until_all_died(lambda: people.order([GOOD, BY_MMS, NOT_ISSUED]))
    for order_id in people.order_ids:
        order = see_end_after_doubts(people, order_id)
        counts = order["counts"]
        assert (order["state"], counts["success"] + counts["failed"], counts["error"]) == ("sent", 2, 1)
        for line in people.master.lines(order_id)[:2]:
            assert len(line["coupons"]) == 1


def see_end_after_doubts(people: People, order_id: str) -> dict[str, Any]:
    """The order when it is over, though a message was in the hands of a process that died of another point.

    Nobody knows whether such a message was sent: its report settles it, or the end of the wait; the audit knows better.
    """
    try:
        eventually(lambda: people.state(order_id) in ENDED, DOUBTS_AFTER_SECONDS)
    except AssertionError:
        wait_for_reports_in_vain(people, order_id)
    return people.see_end(order_id)


def walk_a_refusal(people: People, points: CrashPoints) -> None:
    """An order that costs more than there is."""
    points.arm("*.wallet.funds_refused.*", "*.ordering.order_rejected.*")
    too_many = [f"010000{no:05}" for no in range(CHARGED_KRW // 40_000)]
    order_id = people.order(too_many, product="모바일상품권 50,000원")
    points.see_all_die()
    assert people.see_end(order_id)["state"] == "rejected"


def walk_a_scheduled_order(people: People, points: CrashPoints) -> None:
    """An order for a later day is cancelled: all of its money goes back, and nobody counts it."""
    later = (people.outside.now() + timedelta(days=3)).replace(minute=0, second=0, microsecond=0)
    order_id = people.order([GOOD], send_at=later.isoformat())
    eventually(lambda: people.state(order_id) == "scheduled", PATIENCE_SECONDS)
    points.arm("*.ordering.order_cancelled.*")
    people.master.rest.post(f"/v1/orders/{order_id}/cancel")
    points.see_all_die()
    assert people.see_end(order_id)["state"] == "cancelled"


def walk_a_withdrawal(trial: Trial, people: People, points: CrashPoints) -> None:
    """The wallet is away for too long: ordering gives up waiting, and the reservation goes back whole."""
    points.arm("scheduler.fire.*", "scheduler.relay.*", "ordering.funds.scheduler.timer_fired.*")
    with trial.held_down("wallet-worker"):
        order_id = people.order([GOOD])
        people.outside.control("POST", "/clock/advance", {"seconds": 121})
        points.see_all_die()
    points.arm("wallet.orders.ordering.reservation_withdrawn.*", "ordering.funds.wallet.reservation_released.*")
    points.see_all_die()
    assert people.see_end(order_id)["state"] == "rejected"
    assert people.master.wallet()["held_krw"] == 0


def walk_an_invitation(people: People, points: CrashPoints) -> None:
    """The master invites a sub-member, who gets a mail."""
    points.arm("messaging.mail.identity.member_invited.*")
    guest = f"guest-{people.applicant.email}"
    rows = [{"email": guest, "name": "이두리", "phone": "01000000077"}]
    assert people.master.rest.post("/v1/members/invitations", {"rows": rows})["invited"] == 1
    points.see_all_die()
    eventually(lambda: people.outside.letters(guest), PATIENCE_SECONDS)


def walk_a_logout(people: People, points: CrashPoints) -> None:
    """Every service hears that the master's sessions are over."""
    points.arm("*.control.*")
    people.master.rest.delete("/v1/sessions/current")
    points.see_all_die()
    people.log_in()


def walk_a_cancellation(people: People, points: CrashPoints) -> None:
    """The process that has a charge cancelled dies after the provider was called: first the API, then the worker."""
    charge = people.begin_charge(20_000)
    people.pay(charge)
    people.see_credited(charge)
    path = f"/v1/charges/{charge['charge_id']}"
    points.arm("wallet.cancel.*")
    with suppress(LauncherError):
        people.master.rest.post(f"{path}/cancel", {"payout_krw": 20_000})
    points.see_all_die()
    points.arm("wallet.cancel.*")
    points.see_all_die()
    eventually(lambda: people.master.rest.get(path)["state"] == "cancelled", PATIENCE_SECONDS)


def walk_a_revocation(people: People, points: CrashPoints) -> None:
    """An operator takes an order's coupons back; whoever cancels them dies before and after the supplier's answer."""
    order_id = people.order([GOOD])
    order = people.see_end(order_id)
    people.log_in_operator()
    points.arm("ordering.revoking.*", "*.ordering.coupons_revoked.*")
    revocation = people.operator.rest.post(
        "/admin/ordering/revocations",
        {"order_number": order["order_number"], "reason": "고객 요청", "repaid": True},
        key=order_id,
    )
    points.see_all_die()
    path = f"/admin/ordering/revocations/{revocation['revocation_id']}"
    eventually(lambda: people.operator.rest.get(path)["revoked"] == 1, PATIENCE_SECONDS)


def walk_a_forgotten_password(people: People, points: CrashPoints) -> None:
    """A link is mailed to who forgot the password."""
    points.arm("messaging.mail.identity.password_reset_made.*")
    Rest(people.places.gateway_url).post("/v1/password-resets", {"email": people.applicant.email})
    points.see_all_die()


def walk_a_permission(suite: Suite, points: CrashPoints) -> list[UUID]:
    """What the people of the walk bring nobody to say: a permission, a contract, a limit, a refund's end …

    The ids of what was said: it is about companies and members that there are not.
    """
    points.arm("wallet.state.identity.cash_like_granted.*", "wallet.state.identity.credit_contracted.*")
    points.arm("messaging.state.*", "messaging.mail.wallet.refund_decided.*")
    points.arm("ordering.state.identity.open_affairs_asked.*", "wallet.state.identity.open_affairs_asked.*")
    points.arm("identity.answers.*", "identity.limits.*")
    points.arm("wallet.orders.ordering.plan_day_near.*")
    points.arm("messaging.notices.ordering.plan_stopped.*", "messaging.notices.ordering.choices_stopped.*")
    points.arm("messaging.notices.wallet.*")
    nobodys = str(UUID(int=1))
    events = [
        an(CashLikeGranted, company_id=nobodys),
        an(CreditContracted, company_id=nobodys),
        *map(an, (ChoicesStopped, PlanStopped, BalanceLow, InvoiceIssued, ForecastShort, LimitSet)),
        an(RefundDecided, email=None),
        an(OpenAffairsAsked, company_id=nobodys, member_id=None, subject_version=None),
        an(PlanDayNear, company_id=nobodys),
        an(SenderProfileUsed, company_id=nobodys),
    ]
    said = [_say_for_its_publisher(suite, event) for event in events]
    points.see_all_die()
    return said


def forget_the_invented(suite: Suite, said: list[UUID]) -> None:
    """Facts about somebody unknown wait, rightly, for somebody who never comes; all else that waits is a fault."""
    for package in ("messaging", "wallet"):
        with psycopg.connect(database_url(suite.postgres_url, package)) as database:
            database.execute("DELETE FROM parked_events WHERE message_id = ANY(%s)", (said,))


def walk_a_warning(suite: Suite, points: CrashPoints) -> None:
    """A member is warned of dormancy, which takes most of a year; it is said for identity."""
    points.arm("messaging.mail.identity.dormancy_near.*")
    sealer = Sealer(Keyring.parse(SecretStr(suite.keys.keyring("sealing"))))
    _say_for_its_publisher(suite, an(DormancyNear, email=sealer.seal_text("warned@hanbit.example").model_dump()))
    points.see_all_die()


def _say_for_its_publisher(suite: Suite, event: Event) -> UUID:
    kind = type(event)
    envelope = enveloped(event)
    message = Outgoing(
        kind.exchange(), event.routing_key, envelope.model_dump_json().encode(), str(envelope.id), kind.type
    )
    with connected(suite.broker_url, name="reliability") as connection:
        assert ConfirmedPublisher(connection).publish([message]).confirmed == {0}
    return envelope.id


def walk_long_waits(people: People, points: CrashPoints) -> None:
    """Windows nobody comes back to, an anniversary, and a message whose process died before it was sent: not again."""
    points.arm("messaging.handover.after_claim")
    order_id = people.order([GOOD])
    points.see_all_die()
    points.arm("identity.timers.*", "wallet.timers.*", "ordering.calendar.*", "wallet.calendar.*", "wallet.checks.*")
    points.arm("ordering.plans.*", "ordering.standings.*")
    people.register_plan(GOOD)
    points.arm("wallet.orders.ordering.issuing_month_closed.*")
    Rest(people.places.gateway_url).post("/v1/sign-ups")
    people.begin_charge(10_000)
    people.outside.control("POST", "/clock/advance", {"seconds": 32 * DAY_SECONDS})
    points.see_all_die()
    people.log_in()
    people.see_the_plans_order()
    wait_for_reports_in_vain(people, order_id)
    order = people.see_end(order_id)
    assert (order["state"], order["counts"]["failed"]) == ("sent", 1)


def wait_for_reports_in_vain(people: People, order_id: str) -> None:
    """Let days go by until messaging no longer waits; that begins when it finds what the dead process left behind."""

    def days_later() -> bool:
        people.outside.control("POST", "/clock/advance", {"seconds": 4 * DAY_SECONDS})
        people.log_in()
        try:
            return eventually(lambda: people.state(order_id) == "sent", timeout_seconds=20)
        except AssertionError:
            return False

    eventually(days_later, PATIENCE_SECONDS)


def see_nothing_lost_or_doubled(trial: Trial, people: People) -> None:
    """The outside world's journals against our databases, once all is at rest; the ledger proves itself."""

    def look() -> bool:
        found = audit(trial.suite.postgres_url, trial.suite.sandbox_url)
        assert not found.wrong, found.wrong
        return True

    eventually(look, PATIENCE_SECONDS)
    wallet = people.master.wallet()
    confirmed = sum(people.see_end(order_id)["confirmed_amount_krw"] for order_id in people.order_ids)
    assert (wallet["held_krw"], wallet["balance_krw"]) == (0, CHARGED_KRW + DEPOSITED_KRW - confirmed)
    people.log_in_operator()
    assert people.operator.verify_ledger()["proven"]
