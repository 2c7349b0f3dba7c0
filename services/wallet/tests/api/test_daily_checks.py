"""The checks of every day: the ledger's own proof, and yesterday beside the provider's list (WAL-03, WAL-17)."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pydantic import SecretStr
from wallet_builders import SECRET_KEY, an_order_placed, issued
from wallet_sandbox import running_sandbox

from chassis.database import Database
from chassis.testing.callers import Callers
from contracts.audit import OperatorActed
from contracts.scheduler import DayOpened
from wallet.adapters.toss import authorization
from wallet.adapters.toss_list import TossList
from wallet.application.daily_checks import WorkOnChecks
from wallet.domain.month import SEOUL, seoul_date
from wallet.main import _checks, _confirm_charges, _provider_client, create_api
from wallet.settings import Settings

CHECKS = "/admin/ledger/checks"
DIFFERENCES = "/admin/payment-differences"


@pytest.fixture
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as client:
        yield client


class Month:
    """A prepaid company, the sandbox's provider, and the checks of tomorrow."""

    def __init__(self, wallet, settings: Settings, database: Database, callers: Callers, sandbox: httpx.Client) -> None:
        self.wallet, self.sandbox, self._callers = wallet, sandbox, callers
        self.company_id, self.master_id = wallet.a_company(), uuid4()
        app = create_api(settings)
        self.api, self.admin = app.api.test_client(), app.admin.test_client()
        self.findings: dict[str, int] = {}
        charges = _confirm_charges(settings, database, wallet.clock)
        self.checks: WorkOnChecks = _checks(settings, database, wallet.clock, charges)
        self.checks._report = lambda kind, found: self.findings.update({kind: found})

    @property
    def today(self) -> date:
        return seoul_date(datetime.now(UTC))

    def open_tomorrow(self) -> None:
        """09:00 of the next Seoul day: the calendar says so, twice, and the checks are done."""
        tomorrow = self.today + timedelta(days=1)
        opened_at = datetime(tomorrow.year, tomorrow.month, tomorrow.day, 9, tzinfo=SEOUL).astimezone(UTC)
        self.wallet.clock.set(opened_at)
        self.wallet.hear(DayOpened(day=tomorrow, opened_at=opened_at), times=2)
        while self.checks.step():
            pass

    def charge(self, amount_krw: int, *, confirmed: bool = True) -> str:
        """A charge that is paid in the window and, perhaps, confirmed here."""
        member = self._callers.member("master", subject_id=self.master_id, tenant_id=self.company_id)
        body = {"amount_krw": amount_krw, "method": "card"}
        charge = self.api.post("/v1/charges", json=body, headers=member | {"Idempotency-Key": uuid4().hex}).json
        charge_id, key = str(charge["charge_id"]), self.pay(charge["charge_id"], amount_krw)
        if confirmed:
            confirmation = {"payment_key": key, "amount_krw": amount_krw}
            answer = self.api.post(f"/v1/charges/{charge_id}/confirm", json=confirmation, headers=member)
            assert answer.json["state"] == "credited"
        else:
            self.confirm_behind_our_back(charge_id, key, amount_krw)
        return charge_id

    def pay(self, order_id: str, amount_krw: int) -> str:
        paid = {"orderId": order_id, "amount": amount_krw, "method": "카드"}
        return str(self.sandbox.post("/__sim/toss/authenticate", json=paid).json()["paymentKey"])

    def confirm_behind_our_back(self, order_id: str, key: str, amount_krw: int) -> None:
        self.toss("/payments/confirm", {"paymentKey": key, "orderId": order_id, "amount": amount_krw})

    def toss(self, path: str, body: dict[str, Any]) -> Any:
        answer = self.sandbox.post(
            f"/toss/v1{path}", json=body, auth=(SECRET_KEY, ""), headers={"Idempotency-Key": uuid4().hex}
        )
        assert answer.status_code == 200, answer.text
        return answer.json()

    def ask(self, method: str, path: str, role: str = "finance", **more: Any) -> Any:
        return self.admin.open(path, method=method, headers=self._callers.operator(role), **more)

    def differences(self) -> list[tuple[str, int, int]]:
        items = self.ask("GET", f"{DIFFERENCES}?resolved=false").json["items"]
        return sorted((item["kind"], item["our_krw"], item["provider_krw"]) for item in items)


@pytest.fixture
def month(wallet, settings: Settings, database: Database, callers: Callers, sandbox: httpx.Client) -> Month:
    running = settings.model_copy(
        update={
            "database_url": SecretStr(database.engine.url.render_as_string(hide_password=False)),
            "token_keys_url": callers.keys_url,
            "payment_url": f"{str(sandbox.base_url).rstrip('/')}/toss",
        }
    )
    return Month(wallet, running, database, callers, sandbox)


@pytest.mark.rule("WAL-03", "WAL-17")
def test_a_clean_day_is_proven_and_agrees_with_the_provider(month: Month) -> None:
    month.charge(50_000)

    month.open_tomorrow()

    reconciled, proven = sorted(month.ask("GET", CHECKS).json["items"], key=lambda check: check["day"])
    assert (proven["kind"], proven["found"]) == ("proof", 0)
    assert proven["result"] == {"companies": 1, "postings": 1, "findings": []}
    assert (reconciled["kind"], reconciled["day"]) == ("reconciliation", month.today.isoformat())
    assert reconciled["result"] == {"orders": 1, "collected_krw": 50_000, "sent_back_krw": 0}
    assert month.findings == {"proof": 0, "reconciliation": 0}
    assert month.differences() == []


@pytest.mark.rule("WAL-17")
def test_a_ledger_that_somebody_changed_is_found_by_the_next_day(month: Month, as_superuser: Callable[[], Any]) -> None:
    month.charge(50_000)
    with as_superuser() as connection:
        connection.exec_driver_sql("SET session_replication_role = replica")
        connection.exec_driver_sql("UPDATE entries SET amount_krw = amount_krw * 2, balance_after_krw = 100000")

    month.open_tomorrow()

    proof = month.ask("GET", f"{CHECKS}?kind=proof").json["items"][0]
    assert proof["found"] == len(proof["result"]["findings"]) > 0
    assert month.findings["proof"] == proof["found"]
    assert {finding["check"] for finding in proof["result"]["findings"]} >= {"chain", "balance"}


@pytest.mark.rule("WAL-12", "WAL-17")
def test_coupons_that_were_counted_for_another_month_than_they_were_issued_in_are_found_by_the_next_day(
    month: Month,
) -> None:
    month.charge(50_000)
    order = an_order_placed(month.company_id, 20_000)
    for said in (order, issued(order, 20_000)):
        month.wallet.hear(said)
    month.wallet.sql("UPDATE captures SET month = '2026-02'")

    month.open_tomorrow()

    proof = month.ask("GET", f"{CHECKS}?kind=proof").json["items"][0]
    assert [finding["check"] for finding in proof["result"]["findings"]] == ["captures"]
    assert month.findings["proof"] == proof["found"] == 1


@pytest.mark.rule("WAL-03")
def test_a_payment_whose_every_word_was_lost_is_credited_by_the_reconciliation(month: Month) -> None:
    charge_id = month.charge(50_000, confirmed=False)

    month.open_tomorrow()

    assert month.wallet.balances(month.company_id)["balance"] == 50_000
    assert month.wallet.sql("SELECT state FROM charges WHERE id = :id", id=charge_id)[0].state == "credited"
    assert month.differences() == []


@pytest.mark.rule("WAL-03")
def test_what_the_provider_moved_without_us_is_told_to_operators_once(month: Month) -> None:
    stray = "another-shop-1"
    month.confirm_behind_our_back(stray, month.pay(stray, 7_000), 7_000)
    charge_id = month.charge(50_000)
    payment = month.sandbox.get(f"/toss/v1/payments/orders/{charge_id}", auth=(SECRET_KEY, "")).json()
    month.toss(f"/payments/{payment['paymentKey']}/cancel", {"cancelReason": "by hand"})

    month.open_tomorrow()
    assert month.differences() == [("sent_back", 0, 50_000), ("unknown_charge", 0, 7_000)]
    assert month.findings["reconciliation"] == 2

    month.wallet.sql("UPDATE daily_checks SET state = 'open', done_at = NULL, found = NULL")
    while month.checks.step():
        pass
    assert len(month.differences()) == 2


@pytest.mark.rule("WAL-03")
def test_a_credit_that_the_provider_knows_nothing_of_is_told_to_operators(month: Month) -> None:
    charge_id = month.charge(50_000)
    month.sandbox.post("/__sim/reset", json={"keep": ["clock"]})

    month.open_tomorrow()

    assert month.differences() == [("not_collected", 50_000, 0)]
    item = month.ask("GET", DIFFERENCES).json["items"][0]
    assert (item["charge_id"], item["company_id"]) == (charge_id, str(month.company_id))


@pytest.mark.rule("WAL-03")
def test_a_list_that_the_provider_does_not_give_is_asked_for_again(month: Month) -> None:
    month.sandbox.post("/__sim/faults", json={"provider": "toss", "route": "transactions", "kind": "5xx", "times": 1})
    month.charge(50_000)

    month.open_tomorrow()
    waiting = month.ask("GET", f"{CHECKS}?kind=reconciliation").json["items"][0]
    assert (waiting["found"], waiting["result"]) == (None, {"waits_for": "the provider does not say"})

    month.wallet.clock.advance(timedelta(minutes=10))
    while month.checks.step():
        pass
    assert month.ask("GET", f"{CHECKS}?kind=reconciliation").json["items"][0]["found"] == 0


def test_an_operator_resolves_a_difference_once_and_says_how(month: Month) -> None:
    month.confirm_behind_our_back("another-shop-1", month.pay("another-shop-1", 7_000), 7_000)
    month.open_tomorrow()
    path = f"{DIFFERENCES}/{month.ask('GET', DIFFERENCES).json['items'][0]['difference_id']}/resolve"

    assert month.ask("POST", path, json={"reason": "  "}).status_code == 422
    resolved = month.ask("POST", path, json={"reason": "다른 상점의 결제"})

    assert (resolved.status_code, resolved.json["reason"]) == (200, "다른 상점의 결제")
    assert month.ask("POST", path, json={"reason": "again"}).json["code"] == "difference_resolved"
    assert month.ask("POST", f"{DIFFERENCES}/{uuid4()}/resolve", json={"reason": "x"}).status_code == 404
    assert month.differences() == []
    acts = [said for said in month.wallet.said() if isinstance(said, OperatorActed)]
    assert [(act.action, act.reason) for act in acts] == [("resolve_payment_difference", "다른 상점의 결제")]


def test_members_and_other_operators_see_none_of_it(month: Month) -> None:
    for path in (CHECKS, DIFFERENCES):
        assert month.ask("GET", path, role="support").status_code == 403
        assert month.ask("GET", f"{path}?cursor=WyJ4IiwieSJd").status_code == 422


def test_a_long_list_is_read_page_by_page(month: Month, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setattr("wallet.adapters.toss_list.PAGE_ROWS", 2)
    charge_ids = [month.charge(amount_krw) for amount_krw in (1_000, 2_000, 3_000, 4_000, 5_000)]
    url = {"payment_url": f"{str(month.sandbox.base_url).rstrip('/')}/toss"}
    client = _provider_client(settings.model_copy(update=url))
    now = datetime.now(UTC)

    moves = TossList(client, authorization(SecretStr(SECRET_KEY))).moves_between(
        now - timedelta(days=1), now + timedelta(minutes=1)
    )

    assert [(move.provider_order_id, move.amount_krw) for move in moves or ()] == [
        (charge_id, 1_000 * no) for no, charge_id in enumerate(charge_ids, start=1)
    ]
