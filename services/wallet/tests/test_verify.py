"""`python -m wallet verify`: the proof as a command."""

import json
from collections.abc import Callable

import pytest
from pydantic import SecretStr
from wallet_builders import an_order_placed, issued

from wallet.main import COMMANDS
from wallet.settings import Settings


@pytest.fixture
def verify(wallet, settings: Settings) -> Callable[[], None]:
    url = wallet.database.engine.url.render_as_string(hide_password=False)
    running = settings.model_copy(update={"database_url": SecretStr(url)})
    return lambda: COMMANDS["verify"](running, [])


@pytest.mark.rule("WAL-17")
def test_the_command_prints_the_proof(wallet, verify, capsys: pytest.CaptureFixture[str]) -> None:
    wallet.credit(wallet.a_company(), 20_000)

    verify()

    assert json.loads(capsys.readouterr().out) == {"proven": True, "companies": 1, "postings": 1, "findings": []}


@pytest.mark.rule("WAL-12", "WAL-17")
@pytest.mark.parametrize(
    ("planted", "check"),
    [
        ("UPDATE charge_lots SET free_krw = free_krw - 1, spent_krw = spent_krw + 1", "lots"),
        ("UPDATE captures SET amount_krw = amount_krw - 1", "captures"),
    ],
)
def test_the_command_fails_on_a_broken_ledger(
    planted: str, check: str, wallet, verify, capsys: pytest.CaptureFixture[str]
) -> None:
    company_id = wallet.a_company()
    wallet.credit(company_id, 20_000)
    order = an_order_placed(company_id, 5_000)
    for said in (order, issued(order, 5_000)):
        wallet.hear(said)
    wallet.sql(planted)

    with pytest.raises(SystemExit) as ended:
        verify()

    assert ended.value.code == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert {finding["check"] for finding in findings} == {check}
