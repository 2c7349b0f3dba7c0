"""What a recipient's page asks of ordering."""

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient


def ask_for_code(api: FlaskClient, link: str) -> Any:
    return api.post("/v1/recipient/codes", headers={"Link-Token": link})


def check(api: FlaskClient, link: str, code_id: str, code: str) -> Any:
    return api.post("/v1/recipient/codes/check", headers={"Link-Token": link}, json={"code_id": code_id, "code": code})


def proof(api: FlaskClient, link: str, sent_code: Callable[[], str]) -> str:
    asked = ask_for_code(api, link)
    assert asked.status_code == 201
    shown: str = check(api, link, asked.json["code_id"], sent_code()).json["proof"]
    return shown


def coupons(api: FlaskClient, link: str, shown: str) -> Any:
    return api.get("/v1/recipient/coupons", headers={"Link-Token": link, "Proof": shown})
