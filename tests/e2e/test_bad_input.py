"""Rubbish at every route, through the gateway: a problem document with a 4xx, and never a failure of ours."""

from collections.abc import Iterator, Mapping

import httpx
import pytest
from bad_input import Call, Operation, operations, rubbish
from canaries import Sung

from launcher.demo import Places
from launcher.journey.people import Operator

AWAY = 503
"""What a service answers that cannot do its work at the moment."""


@pytest.fixture(scope="module")
def door(places: Places) -> Iterator[httpx.Client]:
    """The gateway, with nobody logged in."""
    with httpx.Client(base_url=places.gateway_url, timeout=60.0, trust_env=False) as client:
        yield client


@pytest.mark.rule("GWY-01")
@pytest.mark.parametrize("operation", operations("openapi.json"), ids=str)
def test_rubbish_from_members_and_strangers_is_refused(
    operation: Operation, door: httpx.Client, sung: Sung, foreign_ids: Mapping[str, str]
) -> None:
    assert wrong_answers(door, operation, rubbish(operation, foreign_ids), sung.master.access_token) == []


@pytest.mark.rule("GWY-01")
@pytest.mark.parametrize("operation", operations("admin-*.json"), ids=str)
def test_rubbish_from_operators_is_refused(operation: Operation, door: httpx.Client, operator: Operator) -> None:
    assert wrong_answers(door, operation, rubbish(operation, {}), operator.access_token) == []


@pytest.mark.rule("IDN-22")
@pytest.mark.parametrize("operation", operations("admin-*.json"), ids=str)
def test_a_member_reaches_nothing_of_the_operators(operation: Operation, door: httpx.Client, sung: Sung) -> None:
    call = Call("a member", operation.filled())
    if operation.needs_caller:
        assert answer_of(door, operation, call, sung.master.access_token).status_code == 403


def wrong_answers(door: httpx.Client, operation: Operation, calls: Iterator[Call], token: str) -> list[str]:
    """What was answered otherwise than it should be."""
    found = []
    for call in calls:
        answer = answer_of(door, operation, call, token)
        if wrong := what_is_wrong(call, answer):
            found.append(f"{call.why}: {wrong}")
    return found


def answer_of(door: httpx.Client, operation: Operation, call: Call, token: str) -> httpx.Response:
    bearer = token if call.token is None else call.token
    headers = {"Idempotency-Key": "bad-input-walk"}
    if bearer:
        headers["Authorization"] = f"Bearer {bearer}"
    if call.content is not None:
        headers["Content-Type"] = call.content_type
    return door.request(operation.method, call.address, content=call.content, headers=headers)


def what_is_wrong(call: Call, answer: httpx.Response) -> str | None:
    if answer.is_success and not call.refused:
        return None
    if not answer.is_client_error and answer.status_code != AWAY:
        return f"answered with {answer.status_code}"
    if not answer.headers.get("Content-Type", "").startswith("application/problem+json"):
        return f"{answer.status_code} without a problem document"
    problem = answer.json()
    if not (problem["code"] and problem["message"]["ko"] and problem["message"]["en"]):
        return f"{answer.status_code} without words"
    return None
