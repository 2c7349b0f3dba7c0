"""The API as members and operators meet it: real tokens, a real database, a provider on the wire."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from chassis.database import Database
from chassis.testing.callers import Callers, serving_callers
from chassis.web import WsgiApp
from wallet.main import create_api
from wallet.settings import Settings


@pytest.fixture(scope="session")
def callers() -> Iterator[Callers]:
    with serving_callers() as callers:
        yield callers


@dataclass
class Office:
    """A prepaid company with a master, and the two applications."""

    app: WsgiApp
    callers: Callers
    company_id: UUID
    settings: Settings
    master_id: UUID = field(default_factory=uuid4)

    @property
    def api(self) -> FlaskClient:
        return self.app.api.test_client()

    @property
    def admin(self) -> FlaskClient:
        return self.app.admin.test_client()

    def master(self) -> dict[str, str]:
        return self.callers.member("master", subject_id=self.master_id, tenant_id=self.company_id)

    def sub(self, member_id: UUID | None = None) -> dict[str, str]:
        return self.callers.member("sub", subject_id=member_id or uuid4(), tenant_id=self.company_id)

    def charge(self, amount_krw: int = 100_000, key: str | None = None, **body: Any) -> Any:
        headers = self.master() | {"Idempotency-Key": key or uuid4().hex}
        return self.api.post("/v1/charges", json={"amount_krw": amount_krw, "method": "card", **body}, headers=headers)

    def confirm(self, charge_id: str, payment_key: str, amount_krw: int = 100_000) -> Any:
        return self.api.post(
            f"/v1/charges/{charge_id}/confirm",
            json={"payment_key": payment_key, "amount_krw": amount_krw},
            headers=self.master(),
        )


@pytest.fixture
def office(wallet, database: Database, settings: Settings, callers: Callers) -> Office:
    url = database.engine.url.render_as_string(hide_password=False)
    running = settings.model_copy(update={"database_url": SecretStr(url), "token_keys_url": callers.keys_url})
    return Office(create_api(running), callers, wallet.a_company(), running)
