"""국세청's status service over its wire (IDN-02)."""

import json
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from identity_builders import NUMBER
from pydantic import SecretStr
from tax_office_wire import TaxOfficeWire

from chassis.http import HttpClient
from identity.adapters.tax_office import NtsTaxOffice
from identity.application.ports import Refused, Standing, Unavailable
from identity.domain.business_number import TaxStanding

pytestmark = pytest.mark.rule("IDN-02")


@pytest.fixture
def office(tax_office: tuple[TaxOfficeWire, str]) -> Iterator[NtsTaxOffice]:
    with HttpClient(f"{tax_office[1]}/nts", name="tax_office", read_timeout_seconds=0.3) as client:
        yield NtsTaxOffice(client, SecretStr("a+b/c=="))


@pytest.fixture
def wire(tax_office: tuple[TaxOfficeWire, str]) -> TaxOfficeWire:
    return tax_office[0]


@pytest.mark.parametrize(
    ("state", "standing"),
    [
        ("01", TaxStanding.ACTIVE),
        ("02", TaxStanding.SUSPENDED),
        ("03", TaxStanding.CLOSED),
        ("", TaxStanding.UNKNOWN),
    ],
)
def test_each_state_of_the_office_has_its_standing(
    office: NtsTaxOffice, wire: TaxOfficeWire, state: str, standing: TaxStanding
) -> None:
    wire.states[NUMBER.digits] = state
    assert office.standing_of(NUMBER) == Standing(standing)


def test_the_decoded_key_is_encoded_once(office: NtsTaxOffice, wire: TaxOfficeWire) -> None:
    office.standing_of(NUMBER)
    target = urlsplit(wire.targets[0])
    assert target.path == "/nts/api/nts-businessman/v1/status"
    assert parse_qs(target.query) == {"serviceKey": ["a+b/c=="]}
    assert "%25" not in target.query


@pytest.mark.parametrize(
    "body",
    [
        b"<html>maintenance</html>",
        b"{}",
        b'{"status_code":"OK","data":[]}',
        b'{"status_code":"OK","data":[{"b_no":"1168200276","b_stt_cd":"01"}]}',
        b'{"status_code":"OK","data":[{"b_no":"2208102810","b_stt_cd":"99"}]}',
        json.dumps({"status_code": "OK", "data": [{"b_no": NUMBER.digits}]}).encode(),
    ],
)
def test_an_answer_that_does_not_speak_of_our_number_proves_nothing(
    office: NtsTaxOffice, wire: TaxOfficeWire, body: bytes
) -> None:
    wire.body = body
    assert isinstance(office.standing_of(NUMBER), Unavailable)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_office_in_trouble_is_unavailable(office: NtsTaxOffice, wire: TaxOfficeWire, status: int) -> None:
    wire.status = status
    assert isinstance(office.standing_of(NUMBER), Unavailable)


def test_a_silent_office_is_unavailable(office: NtsTaxOffice, wire: TaxOfficeWire) -> None:
    wire.hangs = True
    assert isinstance(office.standing_of(NUMBER), Unavailable)


def test_a_refused_key_is_our_own_trouble(office: NtsTaxOffice, wire: TaxOfficeWire) -> None:
    wire.status, wire.body = 401, json.dumps({"code": -401, "msg": "유효하지 않은 인증키 입니다."}).encode()
    assert office.standing_of(NUMBER) == Refused("status 401")


def test_an_office_that_cannot_be_reached_is_unavailable() -> None:
    with HttpClient("http://127.0.0.1:1", name="tax_office", connect_timeout_seconds=0.2) as client:
        assert isinstance(NtsTaxOffice(client, SecretStr("k")).standing_of(NUMBER), Unavailable)
